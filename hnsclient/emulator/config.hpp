// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hnsclient::emulator {

/// A version of HNS, which tells a release of Windows.
struct Version {
    int major = 15;
    int minor = 0;
    auto operator<=>(const Version&) const = default;
};

/// "<folder>/config.json", optional as a whole and in each part:
/// {"version": {"Major": 15, "Minor": 0}, "managementIP": "192.168.1.10", "logCalls": false,
///  "computeSystems": ["c1"], "attachedState": 5}
struct Config {
    Version version;
    /// The host's address on the adapter that networks are made on.
    std::string management_ip = "192.168.1.10";
    /// A line in calls.jsonl for each call; that the file is there asks for it, too.
    bool log_calls = false;
    /// The State of endpoints that were put into a namespace; absent: what it is of good ones.
    std::optional<unsigned> attached_state;
    /// The IDs of the containers that run, to HCS. Absent: every ID is one.
    std::optional<std::vector<std::string>> compute_systems;

    [[nodiscard]] bool has_compute_system(const std::string& id) const;

    /// Throws Failure, and says so on stderr, when the file does not parse or has a key that is
    /// not known.
    static Config read(const std::filesystem::path& folder);
};

/// Writes to stderr and throws the same as a Failure: a test that is set up wrongly shall not pass.
[[noreturn]] void refuse_setup(const std::filesystem::path& file, const std::string& reason);

} // namespace hnsclient::emulator
