// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/json_reader.hpp"
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

} // namespace plugins
