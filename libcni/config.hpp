// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "libcni/json_reader.hpp"
#include "libcni/result.hpp"
#include "libcni/version.hpp"

namespace libcni {

/// One entry of `cni.dev/valid-attachments`.
struct Attachment {
    std::string container_id;
    std::string interface_name;

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// The network configuration that a runtime hands to a plugin: the keys that every plugin knows,
/// and the whole JSON for those that only one does. CNI spec 1.1.0, section 1.
struct NetworkConfig {
    /// As it came, without a byte-order mark: what a delegate gets.
    std::string bytes;
    nlohmann::json json = nlohmann::json::object();
    SpecVersion version = SpecVersion::v0_1_0;
    std::string name;
    std::string type;
    /// Empty when the conf names no IPAM plugin.
    std::string ipam_type;
    std::optional<Result> prev_result;
    /// Absent when the conf has no such key, which a GC must not take for "none is valid".
    std::optional<std::vector<Attachment>> valid_attachments;
    /// How long one HNS call, delegate or lock may take ("timeoutSeconds").
    std::chrono::seconds timeout{120};

    [[nodiscard]] JsonReader reader() const { return {json, "conf"}; }
};

/// The attachments that a GC must keep. Throws Error(invalid_network_config) when the conf has no
/// such list: taking that for an empty one would cut off every pod.
const std::vector<Attachment>& require_valid_attachments(const NetworkConfig& conf);

/// Parses JSON text as people write it: a UTF-8 byte-order mark is taken away from `text`. Throws
/// Error(decoding_failure) with line, column and, where we can tell, the cause and the cure.
/// `what` names the text in messages ("network configuration"). Nesting of more than 1000 levels
/// is refused, too: later steps would exhaust the stack.
nlohmann::json parse_json(std::string& text, std::string_view what);

/// Reads the keys that every plugin knows. Throws Error: code 6 for what is no JSON object or has
/// wrong types, 1 for a version that we do not speak, 7 for what makes no network configuration.
NetworkConfig parse_config(std::string text);

/// The version that the text asks for, even when nothing else of it can be used: errors are written
/// in that version. Absent when it names none that we speak.
std::optional<SpecVersion> version_asked_for(std::string_view text) noexcept;

/// A path out of a conf, with `/` or `\`. A rooted path without a drive means the system drive on
/// Windows. Throws Error(invalid_network_config) that names the key: control characters (they come
/// from unescaped backslashes), an empty path.
std::filesystem::path conf_path(const JsonReader& value);
std::filesystem::path conf_path(std::string_view text, std::string_view key);

} // namespace libcni
