// SPDX-License-Identifier: Apache-2.0
#include "plugins/flannel/stored_confs.hpp"

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/json_text.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"

namespace flannel {

namespace fs = std::filesystem;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

[[noreturn]] void refuse_broken(const fs::path& file, const std::string& reason) {
    throw Error(ErrorCode::decoding_failure,
                "the stored conf " + libcni::utf8_of(file) + " is broken: " + reason,
                "DEL removes the container by the conf of now, and then this file");
}

void refuse_name(std::string_view sandbox, std::string_view why) {
    throw Error(ErrorCode::invalid_environment,
                "container ID \"" + std::string(sandbox)
                    + "\" cannot name a file: " + std::string(why),
                "CNI_CONTAINERID, or what follows \"container:\" in CNI_NETNS, must be the ID of a "
                "container");
}

constexpr std::string_view temporary_prefix = ".wincni-new-";

} // namespace

StoredConf parse_stored(std::string text) {
    StoredConf conf;
    conf.json = libcni::parse_json(text, "the stored conf");
    conf.text = std::move(text);
    const JsonReader reader(*conf.json, "conf");
    conf.type = reader.require("type").text();
    conf.name = reader.require("name").text();
    return conf;
}

std::string sandbox_id_of(const libcni::Request& request) {
    std::string sandbox = libcni::shared_sandbox(request).value_or(request.container_id);
    if (!libcni::is_identifier(sandbox))
        refuse_name(sandbox, "it is not made of letters, digits, \"_\", \".\" and \"-\"");
    const auto fault = libcni::why_windows_misreads(sandbox);
    if (!fault.empty()) refuse_name(sandbox, fault);
    return sandbox;
}

fs::path StoredConfs::file_of(const std::string& sandbox) const {
    return folder_ / libcni::path_of(sandbox);
}

fs::path StoredConfs::temporary_of(const std::string& sandbox) const {
    // No container ID begins with a dot.
    return folder_ / libcni::path_of(std::string(temporary_prefix) + sandbox);
}

std::optional<StoredConf> StoredConfs::find(const std::string& sandbox) const {
    auto text = libcni::read_file(file_of(sandbox));
    if (!text) return std::nullopt;
    try {
        return parse_stored(std::move(*text));
    } catch (const Error& error) {
        refuse_broken(file_of(sandbox), error.msg());
    } catch (const libcni::BadShape& error) {
        refuse_broken(file_of(sandbox), error.what());
    }
}

void StoredConfs::put(const std::string& sandbox, const std::string& text) const {
    libcni::make_folders(folder_);
    libcni::write_file_durably(file_of(sandbox), temporary_of(sandbox), text);
}

void StoredConfs::remove(const std::string& sandbox) const {
    libcni::remove_file(temporary_of(sandbox));
    libcni::remove_file(file_of(sandbox));
}

StoredConfs::Listed StoredConfs::concerning(const std::string& network) const {
    Listed listed;
    std::error_code ignored;
    for (std::string& name : libcni::names_in(folder_).value_or(std::vector<std::string>())) {
        // What a killed put() has left is as good as a conf that does not read.
        const bool is_temporary = name.starts_with(temporary_prefix);
        if (is_temporary) name.erase(0, temporary_prefix.size());
        if (!libcni::is_identifier(name)) continue;
        const bool is_alone = is_temporary && !fs::exists(file_of(name), ignored);
        if (is_alone || may_be_of(name, network, listed))
            listed.sandboxes.push_back(std::move(name));
    }
    return listed;
}

bool StoredConfs::may_be_of(const std::string& sandbox,
                            const std::string& network,
                            Listed& listed) const {
    std::error_code ignored;
    if (!fs::is_regular_file(file_of(sandbox), ignored)) return false;
    try {
        const auto conf = find(sandbox);
        return conf && conf->name == network;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::decoding_failure) {
            listed.faults.push_back(one_line(error));
            return false;
        }
        libcni::log::warning(one_line(error));
        return true;
    }
}

} // namespace flannel
