// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "hnsclient/client_v2.hpp"
#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/delegate.hpp"
#include "libcni/error.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/runtime/plugins.hpp"
#include "tools/wincni/doctor/facts.hpp"
#include "tools/wincni/doctor/node.hpp"
#include "tools/wincni/hns_session.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/run_parts.hpp"
#include "tools/wincni/system.hpp"

namespace wincni::doctor {

namespace fs = std::filesystem;

using libcni::path_of;
using libcni::utf8_of;
using libcni::base::FileError;

namespace {

constexpr bool is_windows = fs::path::preferred_separator == '\\';

/// Where containerd looks for confs and plugins.
std::string containerds_folder(const char* name, const char* on_linux) {
    if constexpr (!is_windows) return on_linux;
    const auto programs = libcni::environment_variable("ProgramFiles").value_or("");
    const auto above =
        programs.empty() ? path_of(libcni::system_drive() + "\\Program Files") : path_of(programs);
    return utf8_of(above / "containerd" / "cni" / name);
}

Places with_defaults(Places places) {
    if (places.conf_dir.empty()) places.conf_dir = containerds_folder("conf", "/etc/cni/net.d");
    if (places.bin_dirs.empty()) places.bin_dirs = {containerds_folder("bin", "/opt/cni/bin")};
    if (places.cache.empty()) places.cache = utf8_of(run::runtime_cache());
    return places;
}

std::int64_t age_of(const fs::path& file) {
    std::error_code error;
    const auto written = fs::last_write_time(file, error);
    if (error) return 0;
    const auto age = fs::file_time_type::clock::now() - written;
    return std::chrono::duration_cast<std::chrono::seconds>(age).count();
}

File read_one(const fs::path& path) {
    File file{.path = utf8_of(path)};
    file.age = age_of(path);
    try {
        file.text = libcni::base::read_file(path);
    } catch (const FileError& error) {
        file.fault = error.what();
    }
    return file;
}

/// The files of a folder by name; those in which `is_one` is true of the name. What vanishes
/// meanwhile is not in it.
Folder read_folder(const std::string& path, bool (*is_one)(const std::string& name)) {
    Folder folder{.path = path};
    if (path.empty()) return folder;
    std::optional<std::vector<std::string>> names;
    try {
        names = libcni::base::names_in(path_of(path));
    } catch (const FileError& error) {
        throw Refusal(error.what(), "run this as administrator, or name another folder");
    }
    folder.is_there = names.has_value();
    if (!names) return folder;
    std::erase_if(*names, [&](const std::string& name) { return !is_one(name); });
    std::ranges::sort(*names);
    for (const auto& name : *names) {
        File file = read_one(path_of(path) / path_of(name));
        std::error_code ignored;
        const bool is_folder = fs::is_directory(path_of(file.path), ignored);
        if (!is_folder && (file.text || !file.fault.empty()))
            folder.files.push_back(std::move(file));
    }
    return folder;
}

bool is_conf(const std::string& name) {
    return name.ends_with(".conf") || name.ends_with(".conflist") || name.ends_with(".json");
}

bool is_lease(const std::string& name) {
    return host_local::address_of_name(name).has_value();
}

/// libcni's and flannel's temporary files begin with a dot.
bool is_plain(const std::string& name) {
    return !name.starts_with('.');
}

ConfFacts facts_of(const ConfFile& conf) {
    const auto document = conf::read_document(name_of(conf.file), conf.file.text.value_or(""));
    return read_conf_facts(*document, conf.subnet_env.text);
}

std::vector<ConfFile> read_confs(Folder folder) {
    std::vector<ConfFile> confs;
    for (File& file : folder.files) {
        ConfFile conf{.file = std::move(file)};
        const auto facts = facts_of(conf);
        if (facts.is_flannel) conf.subnet_env = read_one(path_of(facts.subnet_file));
        confs.push_back(std::move(conf));
    }
    return confs;
}

/// What changes while pods come and go.
void read_state(Node& node, const Places& places) {
    for (ConfFile& conf : node.confs) {
        const auto facts = facts_of(conf);
        conf.leases = read_folder(facts.lease_folder, is_lease);
        conf.stored = read_folder(facts.stored_folder, is_plain);
    }
    const auto results = path_of(places.cache) / "results";
    node.cache = read_folder(utf8_of(results), is_plain);
}

std::string fingerprint_of(const Node& node) {
    std::string text;
    const auto take = [&text](const Folder& folder) {
        for (const File& file : folder.files)
            text.append(file.path).append("\n").append(file.text.value_or("")).append("\n");
    };
    for (const ConfFile& conf : node.confs) {
        take(conf.leases);
        take(conf.stored);
    }
    take(node.cache);
    return text;
}

/// HCN does not always tell the management address, HNS v1 does where it is there.
void complete(hnsclient::ClientV2& client, hnsclient::Network& network) {
    if (network.management_address) return;
    try {
        if (const auto whole = client.find_network_with_address(network.name))
            network.management_address = whole->management_address;
    } catch (const hnsclient::HnsError&) {
        network.management_address.reset();
    }
}

void ask_hns(Hns& hns) {
    (void)with_hns([&hns](hnsclient::ClientV2& client) {
        hns.version = client.version();
        hns.networks = client.list_networks();
        for (auto& network : hns.networks)
            complete(client, network);
        hns.endpoints = client.list_endpoints();
        hns.namespaces = client.list_namespaces();
        return std::string();
    });
}

Hns read_hns() {
    Hns hns;
    try {
        ask_hns(hns);
    } catch (const hnsclient::HnsError& error) {
        hns = {.fault = error.what(), .advice = std::string(advice_here(error))};
    }
    return hns;
}

std::vector<std::string> versions_in(const std::string& answer) {
    const auto json = nlohmann::json::parse(answer, nullptr, false);
    if (!json.is_object()) return {};
    try {
        return libcni::JsonReader(json, "answer").texts_or_none("supportedVersions");
    } catch (const libcni::BadShape&) {
        return {};
    }
}

Executable ask(const std::string& type, const std::vector<std::string>& folders) {
    constexpr std::chrono::seconds patience{10};
    Executable executable{.type = type};
    try {
        executable.path = utf8_of(libcni::find_plugin(type, folders));
    } catch (const libcni::Error&) {
        return executable;
    }
    try {
        libcni::runtime::ProcessPlugins plugins(folders);
        const auto ended = plugins.run({.command = libcni::Command::version,
                                        .type = type,
                                        .attached = {},
                                        .input = R"({"cniVersion":"1.0.0"})",
                                        .time_limit = patience});
        executable.versions = versions_in(ended.output);
        if (executable.versions.empty())
            executable.fault = "ended with exit code " + std::to_string(ended.exit_code)
                               + " and named no versions of the spec";
    } catch (const libcni::Error& error) {
        executable.fault = error.msg();
    }
    return executable;
}

void ask_executables(Node& node) {
    std::vector<std::string> asked;
    for (const ConfFile& conf : node.confs)
        for (const auto& type : facts_of(conf).types) {
            if (std::ranges::find(asked, type) != asked.end()) continue;
            asked.push_back(type);
            node.executables.push_back(ask(type, node.bin_dirs));
        }
}

} // namespace

Node read_node(const Places& wanted) {
    constexpr int most_readings = 3;
    require_hns();
    const Places places = with_defaults(wanted);
    Folder confs = read_folder(places.conf_dir, is_conf);
    Node node{.conf_dir = places.conf_dir, .has_conf_dir = confs.is_there};
    node.confs = read_confs(std::move(confs));
    node.bin_dirs = places.bin_dirs;
    ask_executables(node);
    read_state(node, places);
    for (int reading = 0; reading < most_readings; ++reading) {
        // An ADD or DEL between the two would look like something that was left.
        const auto before = fingerprint_of(node);
        node.hns = read_hns();
        read_state(node, places);
        if (!node.hns.fault.empty() || fingerprint_of(node) == before) break;
    }
    return node;
}

} // namespace wincni::doctor
