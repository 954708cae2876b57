// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "plugins/common/attachment.hpp"

/// Pods on HNS networks of type Overlay (VXLAN). IPv4 only.
namespace win_overlay {

inline constexpr std::array<std::string_view, 1> network_types{"Overlay"};

/// Reads `ipMasq` and `endpointMacPrefix` besides the shared keys. Throws libcni::Error (code 7)
/// for a prefix that is not two hex bytes "xx-xx".
plugins::EndpointConf read_conf(const libcni::Request& request);

/// What ADD makes: the gateway of the network, a MAC address of the prefix and the four bytes of
/// the address, a ProviderAddress policy with the network's management address unless the author
/// wrote one.
hnsclient::Endpoint plan(const plugins::PlanInput& input);

/// Throws libcni::Error: code 11 for a network without subnet, or without management address where
/// the author wrote none, code 7 for an IPv6 address.
void require(const plugins::PlanInput& input);

extern const plugins::Driver driver;

} // namespace win_overlay
