// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "hnsclient/abilities.hpp"
#include "hnsclient/model.hpp"
#include "hnsclient/network_type.hpp"
#include "plugins/common/endpoint_kind.hpp"

// Which networks a plugin works on, and whether the one that its conf asks for can be made.
namespace plugins {

/// Throws libcni::Error (code 7) when the conf's `createNetwork` asks for what this plugin or this
/// API cannot make; asks HNS for nothing.
void require_makeable(const EndpointKind& kind, const hnsclient::Abilities& abilities);

/// True for a type whose subnet comes from outside, or is HNS's choice as the addresses are.
bool may_lack_subnet(const EndpointKind& kind, const hnsclient::NetworkType& type);

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
