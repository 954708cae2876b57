// SPDX-License-Identifier: Apache-2.0
#include "plugins/flannel/stored_confs.hpp"

#include <algorithm>
#include <charconv>

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

constexpr std::string_view temporary_prefix = ".wincni-new-";
/// In no container ID, so that no ID and interface are another ID.
constexpr char separator = '@';
/// Runtimes call a container's first interface so: then the file is the Go plugin's, byte for byte.
constexpr std::string_view usual_interface = "eth0";
/// The Go plugin hands it on to the delegate, which does not read it.
constexpr const char* interface_key = "wincniInterface";

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

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// An interface name as part of a file name: Windows knows no case in them, and forbids some
/// characters.
std::string encoded(const std::string& interface_name) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : interface_name) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_plain(c))
            text += c;
        else
            text += {'%', digits[byte / 16U], digits[byte % 16U]};
    }
    return text;
}

/// "" for what encoded() does not write.
std::string decoded(const std::string& text) {
    std::string name;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            name += text[at];
            continue;
        }
        unsigned byte = 0;
        const char* const begin = text.data() + at + 1;
        const char* const end = std::min(begin + 2, text.data() + text.size());
        if (std::from_chars(begin, end, byte, 16).ptr != begin + 2) return {};
        name += static_cast<char>(byte);
        at += 2;
    }
    return encoded(name) == text ? name : std::string();
}

/// No value for a name that put() does not give.
std::optional<Owner> owner_of_file(const std::string& name) {
    const auto at = name.find(separator);
    Owner owner{.sandbox = name.substr(0, at), .interface_name = {}};
    if (at != std::string::npos) {
        owner.interface_name = decoded(name.substr(at + 1));
        if (owner.interface_name.empty()) return std::nullopt;
    }
    if (!libcni::is_identifier(owner.sandbox)) return std::nullopt;
    return owner;
}

fs::path temporary_of(const fs::path& file) {
    // No container ID begins with a dot.
    return file.parent_path()
           / libcni::path_of(std::string(temporary_prefix) + libcni::utf8_of(file.filename()));
}

/// True for what no waiting makes a conf: a folder, a device, a link in a circle, what is too long.
bool is_no_conf_file(const fs::path& file) {
    std::error_code error;
    const fs::file_type type = fs::status(file, error).type();
    if (error) return error == std::errc::too_many_symbolic_link_levels;
    if (type != fs::file_type::regular) return true;
    const auto size = fs::file_size(file, error);
    return !error && size > libcni::base::most_to_read;
}

std::optional<std::string> read_conf_file(const fs::path& file) {
    try {
        return libcni::read_file(file);
    } catch (const Error& error) {
        if (!is_no_conf_file(file)) throw;
        refuse_broken(file, error.msg());
    }
}

std::optional<StoredConf> read_stored(const fs::path& file) {
    auto text = read_conf_file(file);
    if (!text) return std::nullopt;
    try {
        return parse_stored(std::move(*text));
    } catch (const Error& error) {
        refuse_broken(file, error.msg());
    } catch (const libcni::BadShape& error) {
        refuse_broken(file, error.what());
    }
}

/// No value for a broken one, too.
std::optional<StoredConf> read_usable(const fs::path& file) {
    try {
        return read_stored(file);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::decoding_failure) throw;
        return std::nullopt;
    }
}

/// True where something is, be it a link that leads nowhere.
bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

/// An empty folder goes; a link itself, never what it leads to.
void clear(const fs::path& path) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() != fs::file_type::directory) {
        libcni::remove_file(path);
        return;
    }
    fs::remove(path, error);
    if (error)
        libcni::log::warning("the folder " + libcni::utf8_of(path)
                             + " is in the place of a stored conf, and cannot be removed ("
                             + error.message() + "): remove it");
}

void remove_both(const fs::path& file) {
    clear(temporary_of(file));
    clear(file);
}

std::string text_for(const std::string& interface_name, const std::string& conf) {
    nlohmann::json json = nlohmann::json::parse(conf);
    json[interface_key] = interface_name;
    return json.dump();
}

void require_callable(const StoredConf& conf) {
    if (conf.type.empty() || !libcni::is_identifier(conf.name))
        throw Error(ErrorCode::decoding_failure, "it names no plugin, or no network");
    const std::string version = JsonReader(*conf.json, "conf").text_or_empty("cniVersion");
    if (!libcni::parse_spec_version(version))
        throw Error(ErrorCode::decoding_failure, "cniVersion \"" + version + "\" is not supported");
}

} // namespace

Owner owner_of(const libcni::Request& request) {
    std::string sandbox = libcni::shared_sandbox(request).value_or(request.container_id);
    if (!libcni::is_identifier(sandbox))
        refuse_name(sandbox, "it is not made of letters, digits, \"_\", \".\" and \"-\"");
    const auto fault = libcni::why_windows_misreads(sandbox);
    if (!fault.empty()) refuse_name(sandbox, fault);
    return {.sandbox = std::move(sandbox), .interface_name = request.interface_name};
}

StoredConf parse_stored(std::string text) {
    StoredConf conf;
    nlohmann::json json = libcni::parse_json(text, "the stored conf");
    conf.text = std::move(text);
    if (const auto it = json.find(interface_key); it != json.end() && it->is_string()) {
        conf.interface_name = it->get<std::string>();
        json.erase(it);
        conf.text = json.dump();
    }
    conf.json = std::move(json);
    const JsonReader reader(*conf.json, "conf");
    conf.type = reader.require("type").text();
    conf.name = reader.require("name").text();
    require_callable(conf);
    return conf;
}

fs::path StoredConfs::file_of(const std::string& sandbox) const {
    return folder_ / libcni::path_of(sandbox);
}

fs::path StoredConfs::own_file_of(const Owner& owner) const {
    return folder_ / libcni::path_of(owner.sandbox + separator + encoded(owner.interface_name));
}

bool StoredConfs::is_containers_file_of(const Owner& owner) const {
    const auto there = read_usable(file_of(owner.sandbox));
    if (!there) return true;
    const std::string_view told = there->interface_name;
    return (told.empty() ? usual_interface : told) == owner.interface_name;
}

fs::path StoredConfs::place_of(const Owner& owner) const {
    fs::path own = own_file_of(owner);
    if (is_there(own)) return own;
    return is_containers_file_of(owner) ? file_of(owner.sandbox) : own;
}

std::optional<StoredConf> StoredConfs::find_own(const Owner& owner) const {
    return read_stored(place_of(owner));
}

std::optional<StoredConf> StoredConfs::find(const Owner& owner) const {
    if (auto own = find_own(owner)) return own;
    auto there = read_usable(file_of(owner.sandbox));
    const bool is_anothers = there && !there->interface_name.empty();
    return is_anothers ? std::nullopt : there;
}

void StoredConfs::put(const Owner& owner, const std::string& text) const {
    libcni::make_folders(folder_);
    const fs::path place = place_of(owner);
    const bool needs_no_name =
        place == own_file_of(owner) || owner.interface_name == usual_interface;
    libcni::write_file_durably(
        place, temporary_of(place), needs_no_name ? text : text_for(owner.interface_name, text));
}

void StoredConfs::remove(const Owner& owner) const {
    const fs::path place = place_of(owner);
    remove_both(place);
    clear(temporary_of(own_file_of(owner)));
    clear(temporary_of(file_of(owner.sandbox)));
}

void StoredConfs::remove(const File& file) const {
    remove_both(folder_ / libcni::path_of(file.name));
}

StoredConfs::Listed StoredConfs::concerning(const std::string& network) const {
    Listed listed;
    for (std::string& name : libcni::names_in(folder_).value_or(std::vector<std::string>())) {
        // What a killed put() has left is as good as a conf that does not read.
        const bool is_temporary = name.starts_with(temporary_prefix);
        if (is_temporary) name.erase(0, temporary_prefix.size());
        const auto owner = owner_of_file(name);
        if (!owner) continue;
        File file{.name = std::move(name), .owner = *owner};
        const bool is_alone = is_temporary && !is_there(folder_ / libcni::path_of(file.name));
        if (is_alone || (!is_temporary && may_be_of(file, network, listed)))
            listed.files.push_back(std::move(file));
    }
    return listed;
}

bool StoredConfs::may_be_of(File& file, const std::string& network, Listed& listed) const {
    const fs::path path = folder_ / libcni::path_of(file.name);
    try {
        const auto conf = read_stored(path);
        // A link that leads nowhere.
        if (!conf) return true;
        if (file.owner.interface_name.empty()) file.owner.interface_name = conf->interface_name;
        return conf->name == network;
    } catch (const Error& error) {
        const bool is_broken = error.code() == ErrorCode::decoding_failure;
        if (!is_broken || is_no_conf_file(path))
            listed.faults.push_back(one_line(error));
        else
            libcni::log::warning(one_line(error));
        return is_broken;
    }
}

} // namespace flannel
