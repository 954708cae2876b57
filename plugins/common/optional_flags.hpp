// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/conf.hpp"

namespace plugins {

/// Puts what Microsoft's sdnbridge and sdnoverlay read besides into a conf: `optionalFlags`
/// (localRoutedPortMapping, allowAclPortMapping, loopbackDSR, forceBridgeGateway,
/// gatewayFromAdditionalRoutes; enableDualStack needs no asking here), the gateways of the default
/// routes in `additionalRoutes`, and those in `ipam.routes`. Unknown flags are named in a warning.
/// Throws libcni::BadShape, or libcni::Error (code 7) for an address that is none.
void read_optional_flags(const libcni::Request& request, EndpointConf& conf);

} // namespace plugins
