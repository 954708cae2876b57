// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hnsclient/abilities.hpp"
#include "hnsclient/model.hpp"
#include "libcni/request.hpp"
#include "plugins/common/endpoint_kind.hpp"

namespace plugins {

/// Reads `createNetwork: {type, adapter, subnet, gateway, subnets, vni, vxlanPort}`: the HNS
/// network to make when there is none of the conf's name. No value without the key. The type stays
/// empty when the conf leaves it to the plugin. A gateway that is not given is the subnet's first
/// address. Throws libcni::Error (code 7) that names the key at fault, or BadShape.
std::optional<hnsclient::Network> read_new_network(const libcni::Request& request);

/// The network that Microsoft's plugins make of `master` and of `ipam.subnet`, with the first
/// gateway of its family in `ipam.routes`, when `createNetwork` says nothing; no value without a
/// subnet.
std::optional<hnsclient::Network> network_of_ipam(const libcni::Request& request);

/// The gateways ("GW" or "gateway") of the default routes in a list, in their order; a route
/// without a destination is one. Throws libcni::Error (code 7) for text that is not an address.
std::vector<libcni::Address> gateways_in(const libcni::JsonReader& routes);

/// Throws libcni::Error (code 7) when the conf's `createNetwork` asks for what this plugin or this
/// API cannot make; asks HNS for nothing.
void require_makeable(const EndpointKind& kind, const hnsclient::Abilities& abilities);

/// Throws libcni::Error (code 7) for a network of the conf's `ipam` that HNS could not make. A conf
/// that names other gateways is not a fault while the network exists.
void require_gateways_inside(const hnsclient::Network& wanted);

/// The type of the network to make, in HNS's own spelling: the wanted one, else the plugin's first.
std::string type_to_make(const EndpointKind& kind, const hnsclient::Network& wanted);

/// True for a type of network that the plugin works on, in any case.
bool works_on(const EndpointKind& kind, std::string_view type);

/// "win-bridge works on networks of type L2Bridge, L2Tunnel".
std::string sentence_on_types(const EndpointKind& kind);

} // namespace plugins
