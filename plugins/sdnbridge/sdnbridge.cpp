// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnbridge/sdnbridge.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "plugins/common/new_network.hpp"

namespace sdnbridge {

using libcni::JsonReader;
using plugins::GatewayFrom;

namespace {

constexpr std::array<std::string_view, 3> types{"L2Bridge", "L2Tunnel", "Transparent"};

/// Confs of Microsoft's first plugin, wincni, ask for a type of network by its name. Empty for any
/// other name.
std::string type_in_name(const std::string& name) {
    for (const auto type : types)
        if (libcni::same_ignoring_case(type, name)) return std::string(type);
    return {};
}

bool names_gateway(const JsonReader& object) {
    return object.is_object() && !object.text_or_empty("gateway").empty();
}

/// host-local names a gateway of its own making when the conf has none. Ranges of odd shapes are
/// host-local's to refuse.
bool ipam_names_gateway(const JsonReader& ipam) {
    if (names_gateway(ipam)) return true;
    const auto ranges = ipam.find("ranges");
    if (!ranges || !ranges->is_array()) return false;
    return std::ranges::any_of(ranges->elements(), [](const JsonReader& set) {
        return set.is_array() && std::ranges::any_of(set.elements(), names_gateway);
    });
}

/// The gateways that the author wrote down: those in `ipam.routes` where HNS gives the addresses,
/// then, if a flag says so, those of the default routes in `additionalRoutes`.
std::vector<libcni::Address> read_gateways_of_author(const libcni::Request& request,
                                                     const plugins::SdnFlags& flags) {
    const JsonReader conf = request.conf.reader();
    std::vector<libcni::Address> gateways;
    const auto ipam = conf.find("ipam");
    const auto routes = ipam ? ipam->find("routes") : std::nullopt;
    if (routes && libcni::ipam_type_of(request.conf).empty())
        gateways = plugins::gateways_in(*routes);
    const auto additional = conf.find("additionalRoutes");
    if (!additional) return gateways;
    if (flags.gateway_from_additional_routes)
        std::ranges::copy(plugins::gateways_in(*additional), std::back_inserter(gateways));
    else
        libcni::log::warning("conf.additionalRoutes has no effect without "
                             "optionalFlags.gatewayFromAdditionalRoutes");
    return gateways;
}

} // namespace

SdnBridgeEndpoint::SdnBridgeEndpoint(const libcni::Request& request)
    : BridgeEndpoint(request), flags_(plugins::read_sdn_flags(request.conf.reader())) {
    auto& conf = own_conf();
    conf.loopback_dsr = conf.loopback_dsr || flags_.loopback_dsr;
    read_gateways(request);
    if (conf.new_network) return;
    conf.new_network = plugins::network_of_ipam(request);
    if (conf.new_network) conf.new_network->type = type_in_name(request.conf.name);
}

std::span<const std::string_view> SdnBridgeEndpoint::network_types() const {
    return types;
}

void SdnBridgeEndpoint::read_gateways(const libcni::Request& request) {
    const std::string ipam_type = libcni::ipam_type_of(request.conf);
    // The bridge is forced upon the addresses of an IPAM plugin; HNS's own know their gateway.
    if (flags_.force_bridge_gateway && !ipam_type.empty()) return;
    const bool ipam_knows =
        !ipam_type.empty()
        && (ipam_names_gateway(request.conf.reader().require("ipam")) || ipam_type != "host-local");
    auto& gateway_from = own_conf().gateway_from;
    if (!ipam_knows)
        gateways_ = read_gateways_of_author(request, flags_);
    else if (gateway_from == GatewayFrom::plugin)
        gateway_from = GatewayFrom::ipam;
}

std::string_view SdnBridge::about() const {
    return "CNI plugin that attaches Windows pods to an HNS network of type L2Bridge, L2Tunnel or "
           "Transparent, for confs of Microsoft's sdnbridge.";
}

std::unique_ptr<const plugins::EndpointKind>
SdnBridge::kind_of(const libcni::Request& request) const {
    return std::make_unique<SdnBridgeEndpoint>(request);
}

} // namespace sdnbridge
