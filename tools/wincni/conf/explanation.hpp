// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hnsclient/client.hpp"
#include "hnsclient/model.hpp"
#include "ipam/host-local/ranges.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/flannel/subnet_env.hpp"
#include "tools/wincni/conf/document.hpp"

// What a conf would do, as the plugins' own code says: their readers, flannel's delegate and
// EndpointKind::plan(). Nothing is made.
namespace wincni::conf {

/// The node that is asked. Without an HNS the network is made up of the conf's subnets.
struct Site {
    /// Null where nothing is asked; borrowed.
    hnsclient::Client* hns = nullptr;
    /// Where plugins are looked for.
    std::vector<std::string> folders = {};
};

/// Stands in policies for the node's own address where that is not known.
inline constexpr const char* of_the_node = "<node>";

/// How the HNS network of a conf stands.
enum class NetworkState {
    /// HNS was not asked.
    not_asked,
    /// HNS was not asked; the conf makes the network where it is missing.
    would_be_made,
    found,
    /// HNS has none, and the conf makes it.
    to_be_made,
    /// HNS has none: an ADD fails.
    missing
};

/// "notAsked"
const char* to_string(NetworkState state) noexcept;

/// What flannel works with.
struct FlannelFacts {
    std::string file;
    /// Made up where the file is not there.
    flannel::SubnetEnv env;
    bool is_there = false;
};

/// A plugin that a conf calls.
struct Executable {
    std::string name;
    /// Empty where it was not looked for, or is in none of the folders.
    std::string file;
};

/// One of host-local's range sets: a pod gets one address of each.
struct Pool {
    host_local::RangeSet set;
    /// Addresses in the ranges that no pod gets, and why: "10.244.4.2, the bridge's".
    std::vector<std::string> reserved;
    /// How many addresses pods may have; UINT64_MAX stands for that many and more.
    std::uint64_t capacity = 0;
    /// As the leases and HNS say; no value where nobody was asked.
    std::optional<std::uint64_t> free;
};

/// A gateway, and who says so.
struct Gateway {
    libcni::Address address;
    std::string rule;
};

/// What a pod gets by one of the APIs; "<container>", "<namespace>" (of Kubernetes), "<node>" and
/// "<address>" stand in it for what is another for each.
struct Variant {
    hnsclient::ApiVersion api = hnsclient::ApiVersion::v2;
    hnsclient::Endpoint endpoint;
    std::vector<Gateway> gateways;
    /// What the plugin would write into its log.
    std::vector<std::string> warnings;
    /// Why the plugin refuses the conf with this API, which is not the first one; else empty.
    std::string refusal;
};

/// What one plugin of a conf does.
struct Explanation {
    /// As its author wrote it.
    std::string type;
    /// The one of ours that makes endpoints; empty for another's plugin, whose work is not known,
    /// and for host-local called by itself.
    std::string plugin = {};
    std::optional<FlannelFacts> flannel = {};
    std::vector<Executable> executables = {};
    NetworkState network_state = NetworkState::not_asked;
    /// The types on which the plugin works.
    std::vector<std::string> network_types = {};
    /// The one that is there, or will be made, or is made up.
    hnsclient::Network network = {};
    /// Empty where HNS picks the addresses.
    std::string ipam = {};
    std::vector<Pool> pools = {};
    bool wants_port_mappings = false;
    /// One for each API that was asked for.
    std::vector<Variant> variants = {};

    /// The network's values, its management address among them, are made up.
    [[nodiscard]] bool has_made_up_network() const noexcept {
        return network_state != NetworkState::found;
    }
};

/// What this part of a conf does, flannel's delegate included, by the API of the conf, and by
/// others where `apis` says so. Throws as the plugins do: libcni::Error or BadShape for what they
/// refuse with the first API, HnsError.
Explanation
explanation_of(const Part& part, const std::vector<hnsclient::ApiVersion>& apis, const Site& site);

} // namespace wincni::conf
