// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hnsclient/model.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/common/pod.hpp"

// The parts of a plan: what HNS must hold for a pod, as a value. Nothing here touches HNS, files or
// the clock.
namespace plugins {

/// What an endpoint is before it has addresses: its name and network, DNS (the conf's, else
/// IPAM's), the policies of the conf, the MAC address that is asked for, and its ID where that is
/// ours to choose.
hnsclient::Endpoint bare_endpoint(const Pod& pod,
                                  const EndpointConf& conf,
                                  const hnsclient::Network& network,
                                  const libcni::Result& addresses);

/// Adds the default route through `gateway` unless its family has one.
void add_default_route(hnsclient::Endpoint& endpoint,
                       const std::optional<libcni::Address>& gateway);

/// Takes the default routes away again, and keeps HNS from making its own, as it does where an
/// endpoint names none: hnsclient::leads_nowhere().
void withhold_default_routes(hnsclient::Endpoint& endpoint, const hnsclient::Network& network);

/// Adds IPAM's routes beside the default ones; one without a gateway takes that of its family.
void add_other_routes(hnsclient::Endpoint& endpoint, const std::vector<libcni::Route>& routes);

/// The flag of a port mapping whose traffic the host takes itself.
inline constexpr std::uint32_t local_routed_vip = 1;

/// How port mappings are made.
struct MappingStyle {
    /// Set besides the flag of the family.
    std::uint32_t flags = 0;
    /// The pod's port is opened, too, by an ACL policy.
    bool opens_ports = false;
};

/// Adds a mapping for each family that the pod has; HNS's choice of addresses counts as IPv4.
void add_port_mappings(hnsclient::Endpoint& endpoint,
                       const std::vector<PortMapping>& mappings,
                       const libcni::Result& addresses,
                       const MappingStyle& style);

/// The gateway of the network's subnet that holds the address.
std::optional<libcni::Address> network_gateway(const hnsclient::Network& network,
                                               const libcni::IpConfig& ip);

/// The next hop of the endpoint's default route of that family.
std::optional<libcni::Address> default_gateway(const hnsclient::Endpoint& endpoint, bool v4);

} // namespace plugins
