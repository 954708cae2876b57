// SPDX-License-Identifier: Apache-2.0
#include "libcni/config.hpp"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/json_text.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"

namespace libcni {

namespace {

SpecVersion read_version(const JsonReader& conf) {
    const std::string text = conf.text_or_empty("cniVersion");
    if (const auto version = parse_spec_version(text)) return *version;
    throw Error(ErrorCode::incompatible_version,
                "cniVersion \"" + text + "\" is not supported",
                "this plugin supports " + joined(spec_version_names, ", "));
}

std::string read_name(const JsonReader& conf) {
    std::string name = conf.text_or_empty("name");
    if (name.empty())
        throw Error(ErrorCode::invalid_network_config,
                    "conf.name is missing",
                    "a network configuration needs the name of its network");
    if (!is_identifier(name))
        throw Error(ErrorCode::invalid_network_config,
                    "conf.name \"" + name + "\" is not a network name",
                    "it must begin with a letter or digit and hold only letters, digits, \"_\", "
                    "\".\" and \"-\"");
    return name;
}

std::chrono::seconds read_timeout(const JsonReader& conf) {
    constexpr std::int64_t longest = 3600;
    const auto key = conf.find("timeoutSeconds");
    if (!key) return NetworkConfig().timeout;
    const bool is_whole = key->json().is_number_integer();
    const auto seconds = is_whole ? key->json().get<std::int64_t>() : 0;
    if (seconds < 1 || seconds > longest) key->mismatch("a whole number from 1 to 3600");
    return std::chrono::seconds(seconds);
}

/// For what a person has written by hand and means; what is in it is read by who uses it.
void require_object(const JsonReader& conf, std::string_view key) {
    const auto found = conf.find(key);
    if (found && !found->is_object()) found->mismatch("an object");
}

/// A runtime takes a list apart; of a whole one nothing but the name would be read. A removal is
/// kept from it only by what looks like one: without the keys in it, the address would stay leased
/// for ever. Refused, it has touched nothing, and the runtime calls again.
bool is_list(const JsonReader& plugins, Command command) {
    if (!facts_of(command).removes) return true;
    return plugins.is_array() && !plugins.json().empty();
}

void refuse_list(const JsonReader& conf, Command command) {
    const auto plugins = conf.find("plugins");
    if (!plugins || !is_list(*plugins, command)) return;
    throw Error(
        ErrorCode::invalid_network_config,
        "conf.plugins: this is a list of plugins (a .conflist), and a plugin takes one of them",
        "a runtime does so with lists; by hand, give the plugin its element of \"plugins\" with "
        "the list's \"cniVersion\" and \"name\" in it");
}

/// What `read` returns; where that makes no sense and the command can do without it, a warning and
/// `otherwise`.
template <class Value, class Read>
Value read_or(Command command, Value otherwise, Read read) {
    if (!facts_of(command).removes) return read();
    try {
        return read();
    } catch (const BadShape& error) {
        log::warning(std::string(error.what()) + ": " + std::string(to_string(command))
                     + " goes on without it");
        return otherwise;
    }
}

void read_keys(NetworkConfig& config, Command command) {
    const JsonReader conf = config.reader();
    config.version = read_version(conf);
    config.name = read_name(conf);
    refuse_list(conf, command);
    config.type = read_or(command, config.type, [&] { return conf.text_or_empty("type"); });
    if (!facts_of(command).removes) require_object(conf, "prevResult");
    config.timeout = read_or(command, config.timeout, [&] { return read_timeout(conf); });
}

} // namespace

NetworkConfig parse_config(std::string text, Command command) {
    NetworkConfig config;
    config.json = parse_json(text, "the network configuration on stdin");
    config.bytes = std::move(text);
    try {
        read_keys(config, command);
    } catch (const BadShape& error) {
        throw Error(ErrorCode::decoding_failure,
                    error.what(),
                    "correct this key in the network configuration");
    }
    return config;
}

std::string ipam_type_of(const NetworkConfig& conf) {
    const auto ipam = conf.reader().find("ipam");
    return ipam ? ipam->text_or_empty("type") : std::string();
}

std::optional<Result> read_prev_result(const NetworkConfig& conf) {
    const auto previous = conf.reader().find("prevResult");
    if (!previous) return std::nullopt;
    return decode_result(*previous, conf.version);
}

std::vector<Attachment> require_valid_attachments(const NetworkConfig& conf) {
    const auto list = conf.reader().find("cni.dev/valid-attachments");
    if (!list)
        throw Error(ErrorCode::invalid_network_config,
                    "conf.cni.dev/valid-attachments is missing",
                    "GC removes everything that is not in this list, so the runtime must send "
                    "it, even an empty one");
    std::vector<Attachment> attachments;
    for (const auto& element : list->elements())
        attachments.push_back({.container_id = element.require("containerID").text(),
                               .interface_name = element.text_or_empty("ifname")});
    return attachments;
}

std::optional<SpecVersion> version_asked_for(std::string_view text) noexcept try {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    return parse_spec_version(JsonReader(json, "conf").text_or_empty("cniVersion"));

} catch (const std::exception&) {

    return std::nullopt;
}

std::filesystem::path conf_path(std::string_view text, std::string_view key) {
    const auto refuse = [&](const char* why, const char* cure) {
        throw Error(ErrorCode::invalid_network_config, std::string(key) + " " + why, cure);
    };
    if (text.empty()) refuse("is empty", "give a path");
    if (std::any_of(text.begin(), text.end(), is_control_character))
        refuse("holds control characters",
               "a backslash in a JSON string must be doubled (\"C:\\\\run\"): after a single "
               "one r, n, b, f or t stands for a control character; or write \"/\" instead");
    std::string resolved(text);
    const bool rooted = resolved.front() == '/' || resolved.front() == '\\';
    const bool network_share = resolved.starts_with("\\\\") || resolved.starts_with("//");
    if (rooted && !network_share) resolved.insert(0, system_drive());
    return path_of(resolved);
}

std::filesystem::path conf_path(const JsonReader& value) {
    return conf_path(value.text(), value.path());
}

} // namespace libcni
