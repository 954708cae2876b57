// SPDX-License-Identifier: Apache-2.0
#include "plugins/flannel/flannel.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/delegate.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/log.hpp"
#include "libcni/status.hpp"
#include "libcni/undo.hpp"
#include "plugins/flannel/delegate_conf.hpp"
#include "plugins/flannel/stored_confs.hpp"

namespace flannel {

using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::NetworkConfig;
using libcni::Request;
using nlohmann::json;

namespace {

/// Who is called, and with what.
struct Delegation {
    std::string type;
    std::string conf;
    /// False for one that could not be started: it has taken nothing.
    bool has_begun = true;
};

Delegation delegation_with(const json& conf) {
    return {.type = conf.at("type").get<std::string>(), .conf = conf.dump()};
}

StoredConfs stored_confs(const Request& request) {
    return StoredConfs(read_data_dir(request.conf));
}

json conf_of_this_node(const NetworkConfig& conf) {
    return make_delegate_conf(conf, read_subnet_env(read_subnet_file(conf)));
}

/// Leases and endpoints can be collected before flanneld has started.
SubnetEnv subnet_env_or_none(const NetworkConfig& conf) {
    try {
        return read_subnet_env(read_subnet_file(conf));
    } catch (const Error& error) {
        libcni::log::info(one_line(error));
    } catch (const libcni::BadShape& error) {
        libcni::log::warning(error.what());
    }
    return {};
}

json conf_for_removal(const NetworkConfig& conf) {
    return make_conf_for_removal(conf, subnet_env_or_none(conf));
}

/// A broken one helps nobody: what the conf of now says about the container is all that is known.
template <class Find>
std::optional<StoredConf> usable(Find find) {
    try {
        return find();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::decoding_failure) throw;
        libcni::log::warning(one_line(error) + "; the conf of now takes its place");
        return std::nullopt;
    }
}

/// A fault of the conf, which no waiting cures.
bool is_of_conf(const Error& error) {
    return error.code() == ErrorCode::invalid_network_config
           || error.code() == ErrorCode::decoding_failure;
}

/// Overwritten, the other network's conf could not be used for a DEL any more.
void require_same_network(const StoredConf& before,
                          const std::filesystem::path& file,
                          const Request& request) {
    if (before.name == request.conf.name) return;
    throw Error(ErrorCode::invalid_network_config,
                libcni::utf8_of(file) + " is the conf of this container for network \""
                    + before.name + "\"",
                "give network \"" + request.conf.name
                    + "\" a dataDir of its own: a container has one file in each");
}

/// A delegate that was killed, or is not ours, may have left something: its DEL tells. One that
/// calls the conf itself wrong has taken nothing by it.
void give_back(const Request& request, const Delegation& delegation) {
    try {
        libcni::delegate(delegation.type, Command::del, request, delegation.conf);
    } catch (const Error& error) {
        if (!is_of_conf(error)) throw;
        libcni::log::info(one_line(error));
    }
}

libcni::Result ask_delegate(const Request& request, Delegation& delegation) {
    try {
        return libcni::delegate_add(delegation.type, request, delegation.conf);
    } catch (const libcni::NotBegun&) {
        delegation.has_begun = false;
        throw;
    }
}

/// Stores the conf before the delegate takes anything, so that a DEL finds it whatever happens.
/// True for the first of this interface.
bool store(const Request& request, const Delegation& delegation, libcni::Undo& undo) {
    const StoredConfs stored = stored_confs(request);
    const Owner owner = owner_of(request);
    const bool shares = libcni::shared_sandbox(request).has_value();
    const auto file = stored.place_of(owner);
    const auto before =
        usable([&] { return shares ? stored.find(owner) : stored.find_own(owner); });
    if (before) require_same_network(*before, file, request);
    if (before && (shares || before->text == delegation.conf)) return false;
    stored.put(owner, delegation.conf);
    if (before)
        undo.add("the conf " + libcni::utf8_of(file),
                 [stored, owner, text = before->text] { stored.put(owner, text); });
    else
        undo.add("what delegate \"" + delegation.type + "\" has taken, so " + libcni::utf8_of(file)
                     + " stays",
                 [&request, &delegation, stored, owner] {
                     if (delegation.has_begun) give_back(request, delegation);
                     stored.remove(owner);
                 });
    return !before;
}

void require_usable(const std::filesystem::path& data_dir) {
    const std::string reason = libcni::why_not_usable(data_dir);
    if (!reason.empty())
        throw Error(ErrorCode::plugin_not_available,
                    "the folder for the confs of containers, " + libcni::utf8_of(data_dir)
                        + ", cannot be used: " + reason,
                    "correct dataDir in the conf, or the permissions on that folder");
}

void set_log_keys(json& conf, const json& log_keys) {
    for (const auto& [key, value] : log_keys.items())
        set_key(conf, key, value);
}

/// The log goes where the node wants it now, which need not be where it went at ADD. The rest is
/// the stored conf, and byte for byte where nothing is said about the log.
std::string conf_for_del(const StoredConf& stored, const NetworkConfig& now) {
    const json log_keys = read_log_keys(now);
    if (log_keys.empty()) return stored.text;
    json conf = *stored.json;
    set_log_keys(conf, log_keys);
    return conf.dump();
}

/// The delegate must understand what the runtime says now, in the version in which it says it.
json conf_for_check(const StoredConf& stored, const NetworkConfig& now) {
    json conf = *stored.json;
    set_key(conf, "cniVersion", to_string(now.version));
    for (const char* key : {"prevResult", "runtimeConfig"})
        if (const auto value = now.reader().find(key)) set_key(conf, key, value->json());
    set_log_keys(conf, read_log_keys(now));
    return conf;
}

/// False where the delegate is only what flannel's default is.
bool names_its_delegate(const NetworkConfig& conf) {
    try {
        return read_delegate(conf).at("type") != "";
    } catch (const libcni::BadShape&) {
        return false;
    } catch (const Error&) {
        // Of other keys than the type.
        return true;
    }
}

/// By what the conf of now and subnet.env still tell of a container whose stored conf is lost. It
/// is not known that anything was taken, so a conf that is no good does not keep the container,
/// unless it does not tell whom to call; what HNS or IPAM refuse does.
void delete_by_conf_of_now(const Request& request) {
    const Delegation delegation = delegation_with(conf_for_removal(request.conf));
    try {
        libcni::delegate(delegation.type, Command::del, request, delegation.conf);
    } catch (const Error& error) {
        if (!is_of_conf(error) || !names_its_delegate(request.conf)) throw;
        libcni::log::warning(one_line(error));
    }
}

/// No value where the conf of now makes none.
std::optional<Delegation> delegation_of_now(const Request& request) {
    try {
        return delegation_with(conf_for_removal(request.conf));
    } catch (const libcni::BadShape& error) {
        libcni::log::warning(error.what());
        return std::nullopt;
    }
}

void delete_by_stored_conf(const StoredConf& stored, const Request& request) {
    try {
        libcni::delegate(stored.type, Command::del, request, conf_for_del(stored, request.conf));
    } catch (const Error& error) {
        const auto now = is_of_conf(error) ? delegation_of_now(request) : std::nullopt;
        if (!now) throw;
        libcni::log::warning(one_line(error) + "; trying the conf of now");
        libcni::delegate(now->type, Command::del, request, now->conf);
    }
}

/// Of a file that does not tell its interface any interface of the container is good enough.
bool is_valid(const Owner& owner, const std::vector<libcni::Attachment>& valid) {
    return std::ranges::any_of(valid, [&](const libcni::Attachment& attachment) {
        const bool is_interface = owner.interface_name.empty() || attachment.interface_name.empty()
                                  || owner.interface_name == attachment.interface_name;
        // Windows keeps one file for IDs that differ in case only.
        return is_interface && libcni::same_ignoring_case(attachment.container_id, owner.sandbox);
    });
}

void drop_stale(const Request& request, const std::vector<libcni::Attachment>& valid) {
    const StoredConfs stored = stored_confs(request);
    auto [files, faults] = stored.concerning(request.conf.name);
    for (const StoredConfs::File& file : files) {
        if (is_valid(file.owner, valid)) continue;
        try {
            stored.remove(file);
        } catch (const Error& error) {
            faults.push_back(one_line(error));
        }
    }
    if (!faults.empty())
        throw Error(ErrorCode::io_failure,
                    "not all stored confs of network \"" + request.conf.name
                        + "\" could be read and removed",
                    libcni::joined(faults, "; "));
}

} // namespace

libcni::Result Flannel::add(const Request& request) const {
    const auto type = read_delegate(request.conf).at("type").get<std::string>();
    libcni::find_delegate(type, request.plugin_path);
    Delegation delegation = delegation_with(conf_of_this_node(request.conf));
    return libcni::transaction([&](libcni::Undo& undo) {
        const auto ask = [&] { return ask_delegate(request, delegation); };
        // What a container has already is known by the conf of before.
        const bool is_first = store(request, delegation, undo);
        auto result = is_first ? libcni::keeping_what_may_come(undo, ask) : ask();
        result.was_there = !is_first;
        return result;
    });
}

void Flannel::del(const Request& request) const {
    const StoredConfs confs = stored_confs(request);
    const Owner owner = owner_of(request);
    if (const auto stored = usable([&] { return confs.find(owner); }))
        delete_by_stored_conf(*stored, request);
    else
        delete_by_conf_of_now(request);
    if (!libcni::shared_sandbox(request)) confs.remove(owner);
}

void Flannel::check(const Request& request) const {
    auto stored = stored_confs(request).find(owner_of(request));
    // The Go plugin's DEL of another interface of the container took it along.
    if (!stored) stored = parse_stored(conf_of_this_node(request.conf).dump());
    libcni::delegate(
        stored->type, Command::check, request, conf_for_check(*stored, request.conf).dump());
}

void Flannel::status(const Request& request) const {
    // What no waiting cures keeps its own code.
    (void)read_delegate(request.conf);
    libcni::as_not_available([&] {
        const Delegation delegation = delegation_with(conf_of_this_node(request.conf));
        require_usable(read_data_dir(request.conf));
        libcni::delegate(delegation.type, Command::status, request, delegation.conf);
    });
}

void Flannel::gc(const Request& request) const {
    const auto valid = libcni::require_valid_attachments(request.conf);
    json conf = conf_for_removal(request.conf);
    const char* const key = "cni.dev/valid-attachments";
    set_key(conf, key, request.conf.reader().require(key).json());
    const Delegation delegation = delegation_with(conf);
    libcni::delegate(delegation.type, Command::gc, request, delegation.conf);
    // Last: they are what a DEL needs for all that GC has not given back.
    drop_stale(request, valid);
}

} // namespace flannel
