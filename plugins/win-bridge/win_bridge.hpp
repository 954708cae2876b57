// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/plugin_main.hpp"
#include "plugins/common/endpoint_plan.hpp"

/// Pods on HNS networks of type L2Bridge and L2Tunnel.
namespace win_bridge {

/// What ADD makes: the gateway is the bridge's own address, subnet base + 2, unless the conf's
/// "gatewayFrom" says otherwise.
hnsclient::Endpoint plan(const plugins::PlanInput& input);

/// The first address that IPAM gives on a fresh node is the bridge's own: a pod would be its own
/// gateway.
bool is_reserved(const plugins::PlanInput& input, const libcni::IpConfig& ip);

libcni::Result add(const libcni::Request& request);
void del(const libcni::Request& request);
void check(const libcni::Request& request);
void status(const libcni::Request& request);
void gc(const libcni::Request& request);

} // namespace win_bridge
