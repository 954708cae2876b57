// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "hnsclient/model.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/common/ipam_conf.hpp"

// Which of the gateways that somebody names a pod can have.
namespace plugins {

/// True for an address of the prefix that a machine can have: neither the network's own nor the
/// broadcast address of an IPv4 network.
bool holds_host(const libcni::Cidr& prefix, const libcni::Address& address);

/// True for a gateway that the pod's address reaches: in the HNS network's subnet that holds it,
/// or that subnet's own gateway, which may be outside of it. Where the network has no such subnet,
/// the prefix that IPAM gave counts.
bool is_reached(const libcni::Address& gateway,
                const hnsclient::Network& network,
                const libcni::Cidr& address);

/// The first gateway of the author's that the address reaches and that is meant for it: neither
/// that of another range nor an address of another range's subnet.
std::optional<libcni::Address> find_gateway(std::span<const AuthorGateway> gateways,
                                            const IpamConf& ipam,
                                            const hnsclient::Network& network,
                                            const libcni::Cidr& address);

/// Those of the author's that pods on the network can reach whose addresses HNS picks: it takes
/// them from the network's subnets, where there are any.
std::vector<libcni::Address> gateways_on(std::span<const AuthorGateway> gateways,
                                         const hnsclient::Network& network);

/// Warns of each gateway in the conf's `ipam` that is meant for the endpoint and that none of its
/// routes has, with the reason; for a pod that is to have no default route, of one that HNS made.
void warn_of_unused_gateways(const EndpointConf& conf, const hnsclient::Endpoint& endpoint);

} // namespace plugins
