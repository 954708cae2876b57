// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/sdn_flags.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "libcni/base/text.hpp"
#include "libcni/log.hpp"

namespace plugins {

using libcni::JsonReader;

namespace {

struct Flag {
    std::string_view name;
    /// Null for a flag that means nothing here.
    bool SdnFlags::*value;
};

constexpr std::array known_flags{
    Flag{"localRoutedPortMapping", &SdnFlags::local_routed_port_mapping},
    Flag{"allowAclPortMapping", &SdnFlags::allow_acl_port_mapping},
    Flag{"forceBridgeGateway", &SdnFlags::force_bridge_gateway},
    Flag{"enableDualStack", nullptr},
    Flag{"loopbackDSR", &SdnFlags::loopback_dsr},
    Flag{"gatewayFromAdditionalRoutes", &SdnFlags::gateway_from_additional_routes}};

void warn_of_unknown(const JsonReader& flags) {
    for (const auto& [name, value] : flags.members()) {
        const auto is_it = [&key = name](const Flag& known) {
            return libcni::same_ignoring_case(known.name, key);
        };
        if (std::ranges::none_of(known_flags, is_it))
            libcni::log::warning(value.path() + " is unknown and ignored");
    }
}

} // namespace

SdnFlags read_sdn_flags(const JsonReader& conf) {
    SdnFlags flags;
    const auto object = conf.find("optionalFlags");
    if (!object) return flags;
    warn_of_unknown(*object);
    for (const auto& [name, value] : known_flags)
        if (const auto key = object->find(name); key && value != nullptr)
            flags.*value = key->boolean();
    return flags;
}

MappingStyle mapping_style_of(const SdnFlags& flags) {
    return {.flags = flags.local_routed_port_mapping ? local_routed_vip : 0,
            .opens_ports = flags.allow_acl_port_mapping};
}

} // namespace plugins
