// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/optional_flags.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "plugins/common/new_network.hpp"

namespace plugins {

using libcni::JsonReader;

namespace {

constexpr std::uint32_t local_routed_vip = 1;

constexpr std::array<std::string_view, 6> known_flags{"localRoutedPortMapping",
                                                      "allowAclPortMapping",
                                                      "forceBridgeGateway",
                                                      "enableDualStack",
                                                      "loopbackDSR",
                                                      "gatewayFromAdditionalRoutes"};

void warn_of_unknown(const JsonReader& flags) {
    for (const auto& [name, value] : flags.members()) {
        const auto is_it = [&key = name](std::string_view known) {
            return libcni::same_ignoring_case(known, key);
        };
        if (std::ranges::none_of(known_flags, is_it))
            libcni::log::warning(value.path() + " is not known and does nothing");
    }
}

/// The conf's optionalFlags, all off where it has none.
struct Flags {
    explicit Flags(const JsonReader& conf) : object(conf.find("optionalFlags")) {
        if (object) warn_of_unknown(*object);
    }

    [[nodiscard]] bool has(const char* name) const {
        const auto flag = object ? object->find(name) : std::nullopt;
        return flag && flag->boolean();
    }

    std::optional<JsonReader> object;
};

/// host-local names a gateway of its own making when the conf has none.
bool names_gateway(const JsonReader& ipam) {
    if (!ipam.text_or_empty("gateway").empty()) return true;
    const auto ranges = ipam.find("ranges");
    if (!ranges || !ranges->is_array()) return false;
    for (const auto& set : ranges->elements())
        if (set.is_array())
            for (const auto& range : set.elements())
                if (range.is_object() && !range.text_or_empty("gateway").empty()) return true;
    return false;
}

/// The gateways that the author wrote down: those in `ipam.routes` where HNS gives the addresses,
/// then, if a flag says so, those of the additional routes.
std::vector<libcni::Address> own_gateways(const libcni::Request& request, const Flags& flags) {
    const JsonReader conf = request.conf.reader();
    std::vector<libcni::Address> gateways;
    const auto ipam = conf.find("ipam");
    const auto routes = ipam ? ipam->find("routes") : std::nullopt;
    if (routes && request.conf.ipam_type.empty()) gateways = gateways_in(*routes);
    const auto additional = conf.find("additionalRoutes");
    if (!additional) return gateways;
    if (flags.has("gatewayFromAdditionalRoutes"))
        std::ranges::copy(gateways_in(*additional), std::back_inserter(gateways));
    else
        libcni::log::warning("conf.additionalRoutes does nothing without "
                             "optionalFlags.gatewayFromAdditionalRoutes");
    return gateways;
}

} // namespace

void read_optional_flags(const libcni::Request& request, EndpointConf& conf) {
    const JsonReader reader = request.conf.reader();
    const Flags flags(reader);
    if (flags.has("localRoutedPortMapping")) conf.port_mapping_flags |= local_routed_vip;
    conf.allow_mapped_ports = flags.has("allowAclPortMapping");
    conf.loopback_dsr = conf.loopback_dsr || flags.has("loopbackDSR");
    // The bridge is forced upon the addresses of an IPAM plugin; HNS's own know their gateway.
    const bool has_plugin = !request.conf.ipam_type.empty();
    if (flags.has("forceBridgeGateway") && has_plugin) return;
    const auto ipam = reader.find("ipam");
    const bool ipam_knows =
        has_plugin && (names_gateway(*ipam) || request.conf.ipam_type != "host-local");
    if (!ipam_knows)
        conf.gateways = own_gateways(request, flags);
    else if (conf.gateway_from == GatewayFrom::plugin)
        conf.gateway_from = GatewayFrom::ipam;
}

} // namespace plugins
