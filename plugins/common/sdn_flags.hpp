// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "libcni/request.hpp"
#include "plugins/common/endpoint_plan.hpp"

// What Microsoft's sdnbridge and sdnoverlay read besides the shared keys.
namespace plugins {

/// The conf's `optionalFlags`; all off where it has none.
struct SdnFlags {
    bool local_routed_port_mapping = false;
    bool allow_acl_port_mapping = false;
    bool loopback_dsr = false;
    bool force_bridge_gateway = false;
    bool gateway_from_additional_routes = false;
};

/// Reads `optionalFlags` (enableDualStack is accepted and ignored: dual-stack is always on).
/// Unknown flags are named in a warning. Throws libcni::BadShape.
SdnFlags read_sdn_flags(const libcni::JsonReader& conf);

/// How port mappings are made with these flags.
MappingStyle mapping_style_of(const SdnFlags& flags);

/// The gateways that the author wrote down: those in `ipam.routes` where HNS gives the addresses,
/// then, if a flag says so, those of the default routes in `additionalRoutes`. Throws
/// libcni::BadShape, or libcni::Error (code 7) for text that is not an address.
std::vector<libcni::Address> read_gateways_of_author(const libcni::Request& request,
                                                     const SdnFlags& flags);

} // namespace plugins
