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

/// The name servers of the host.
struct HostDns {
    std::string suffix;
    std::vector<std::string> servers;
};

/// The versions of HNS that releases of Windows begin with.
namespace windows {
/// Windows Server 2019, Windows 10 1809.
inline constexpr Version since_1809{9, 0};
inline constexpr Version since_1903{10, 0};
inline constexpr Version since_2004{11, 0};
/// Windows Server 2022, Windows 11.
inline constexpr Version since_2022{13, 0};
/// Windows 10 and Server from 1709 on.
inline constexpr Version since_1709{5, 0};
} // namespace windows

/// "<folder>/config.json", optional as a whole and in each part:
/// {"version": {"Major": 15, "Minor": 0}, "managementIP": "192.168.1.10", "logCalls": false,
///  "computeSystems": ["c1"], "attachedState": 5, "sharedAddresses": true, "foreignObjects": true,
///  "natNetworks": 1, "hostDns": {"Suffix": "example.net", "Servers": ["192.168.1.1"]}}
///
/// Where there is a list instead of a managementIP or an attachedState, the answers of HNS on an
/// object that is made tell one after the other, and the last for good: ["", "169.254.3.4",
/// "192.168.1.10"] is an address that comes late, [3, 3, 5] an endpoint that is degraded later.
struct Config {
    Version version;
    /// The host's address on the adapter that networks are made on.
    std::vector<std::string> management_ips = {"192.168.1.10"};
    /// A line in calls.jsonl for each call; that the file is there asks for it, too.
    bool log_calls = false;
    /// The State of endpoints that were put into a namespace; empty: what it is of good ones.
    std::vector<unsigned> attached_states;
    /// Several endpoints may have one address.
    bool shared_addresses = false;
    /// There is also what WSL, Hyper-V and the host itself have in HNS (foreign.hpp).
    bool foreign_objects = false;
    /// The most networks of type NAT; absent: any number.
    std::optional<unsigned> nat_networks;
    /// What HNS gives endpoints on NAT networks that ask for no name servers.
    HostDns host_dns{.suffix = "example.net", .servers = {"192.168.1.1"}};
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
