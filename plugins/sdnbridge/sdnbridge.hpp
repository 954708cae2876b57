// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/attachment.hpp"

/// win-bridge for confs of Microsoft's sdnbridge.
/// https://github.com/microsoft/windows-container-networking
namespace sdnbridge {

/// Reads `optionalFlags` and `additionalRoutes` besides the shared keys; without `createNetwork` a
/// missing network is made of `master` and `ipam.subnet`.
plugins::EndpointConf read_conf(const libcni::Request& request);

extern const plugins::Driver driver;

} // namespace sdnbridge
