// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/command.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/json_value.hpp"
#include "libcni/result.hpp"
#include "libcni/version.hpp"

namespace libcni {

/// One entry of `cni.dev/valid-attachments`.
struct Attachment {
    std::string container_id;
    std::string interface_name = {};

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// The network configuration that a runtime hands to a plugin: the keys that every command needs,
/// and the whole JSON for what some do. CNI spec 1.1.0, section 1.
struct NetworkConfig {
    /// As it came, without a byte-order mark: what a delegate gets.
    std::string bytes;
    JsonValue json;
    SpecVersion version = SpecVersion::v0_1_0;
    std::string name;
    std::string type;
    /// How long one HNS call, delegate or lock may take ("timeoutSeconds").
    std::chrono::seconds timeout{120};

    [[nodiscard]] JsonReader reader() const { return {*json, "conf"}; }
};

/// Reads what every command needs. Throws Error: code 6 for what is not a JSON object or has wrong
/// types (a prevResult that is not an object included, but nothing in it is read), 1 for a version
/// that we do not speak, 7 for what makes no network configuration, a list of plugins among it.
/// Commands that take things away
/// need no more than version and name: what makes no sense in the other keys is a warning, and the
/// default.
NetworkConfig parse_config(std::string text, Command command = Command::add);

/// "ipam.type"; empty when the conf names no IPAM plugin. Throws BadShape.
std::string ipam_type_of(const NetworkConfig& conf);

/// What ADD once answered, for CHECK; in the spelling of its own cniVersion, else of the conf's. No
/// value when the conf has none. Throws BadShape.
std::optional<Result> read_prev_result(const NetworkConfig& conf);

/// The attachments that a GC must keep. Throws BadShape, and Error(invalid_network_config) when the
/// conf has no such list: taking that for an empty one would cut off every pod.
std::vector<Attachment> require_valid_attachments(const NetworkConfig& conf);

/// The version that the text asks for, even when nothing else of it can be used: errors are written
/// in that version. Absent when it names none that we speak.
std::optional<SpecVersion> version_asked_for(std::string_view text) noexcept;

/// A path out of a conf, with `/` or `\`. A rooted path without a drive means the system drive on
/// Windows. Throws Error(invalid_network_config) that names the key: control characters (they come
/// from unescaped backslashes), an empty path.
std::filesystem::path conf_path(const JsonReader& value);
std::filesystem::path conf_path(std::string_view text, std::string_view key);

} // namespace libcni
