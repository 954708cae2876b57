// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "libcni/ip.hpp"

namespace hnsclient::emulator {

/// A subnet of a network.
struct Subnet {
    libcni::Cidr prefix;
    std::optional<libcni::Address> gateway;
};

/// The subnets of a network as the store keeps it. Throws Failure when one does not parse.
std::vector<Subnet> subnets_of(const nlohmann::json& network);

/// What the other endpoints of a network hold.
struct Taken {
    std::set<std::string> addresses;
    std::set<std::string> macs;
    /// What an address of theirs is refused with.
    Code code = Code::address_in_use;
};

/// The IpConfigurations of an endpoint: those that were asked for, checked and with their prefix
/// length; without any, the lowest free address of each subnet. Throws Failure for an address
/// outside the subnets, in use or reserved, and when a subnet is full.
nlohmann::json resolve_addresses(const nlohmann::json& wanted,
                                 const std::vector<Subnet>& subnets,
                                 const Taken& taken);

/// The same for an endpoint on another host: its addresses need not be of our subnets, and none is
/// chosen for it.
nlohmann::json resolve_remote_addresses(const nlohmann::json& wanted,
                                        const std::vector<Subnet>& subnets,
                                        const Taken& taken);

/// The Routes of an endpoint: those that name a next hop; without any, the default routes through
/// the gateways of the subnets that its addresses are of, and then the wanted destinations of the
/// same families.
nlohmann::json resolve_routes(const nlohmann::json& wanted,
                              const nlohmann::json& ip_configurations,
                              const std::vector<Subnet>& subnets);

/// Two hex digits six times, with dashes; checks the form only.
bool is_mac(const std::string& text);

/// The lowest free MAC of the pools, as the store keeps them. Throws Failure when there is none.
std::string free_mac(const nlohmann::json& mac_pools, const Taken& taken);

/// Pools for a network that came without: the lowest block of 4096 that no other network has.
nlohmann::json fresh_mac_pools(const std::vector<nlohmann::json>& networks);

} // namespace hnsclient::emulator
