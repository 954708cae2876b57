// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/attachment.hpp"

/// Pods on an HNS network of type NAT, as Microsoft's plugin of this name does it.
/// https://github.com/microsoft/windows-container-networking
namespace nat {

/// Reads the shared keys; without `createNetwork` a missing network is made of `master` and
/// `ipam.subnet`.
plugins::EndpointConf read_conf(const libcni::Request& request);

/// What ADD makes: the gateway is the network's.
hnsclient::Endpoint plan(const plugins::PlanInput& input);

extern const plugins::Driver driver;

} // namespace nat
