// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/attachment.hpp"

/// Pods on HNS networks of type L2Bridge and L2Tunnel.
namespace win_bridge {

/// The bridge's own address, subnet base + 2: the gateway of its pods.
std::optional<libcni::Address> bridge_address(const plugins::PlanInput&,
                                              const libcni::IpConfig& ip);

/// What ADD makes: the gateway is the bridge's own address, unless the conf's "gatewayFrom" says
/// otherwise.
hnsclient::Endpoint plan(const plugins::PlanInput& input);

/// The first address that IPAM gives on a fresh node is the bridge's own: a pod would be its own
/// gateway.
bool is_reserved(const plugins::PlanInput& input, const libcni::IpConfig& ip);

extern const plugins::Driver driver;

} // namespace win_bridge
