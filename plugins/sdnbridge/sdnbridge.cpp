// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnbridge/sdnbridge.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "plugins/common/new_network.hpp"

namespace sdnbridge {

using libcni::JsonReader;
using plugins::AuthorGateway;
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

/// Those of the default routes in `additionalRoutes`, if a flag says so.
std::vector<AuthorGateway> read_additional_gateways(const JsonReader& conf,
                                                    const plugins::SdnFlags& flags) {
    const auto routes = conf.find("additionalRoutes");
    if (!routes) return {};
    if (flags.gateway_from_additional_routes) return plugins::gateways_in(*routes);
    libcni::log::warning("conf.additionalRoutes has no effect without "
                         "optionalFlags.gatewayFromAdditionalRoutes");
    return {};
}

/// The same is told of default routes in `ipam.routes` of every plugin.
void warn_of_default_routes(const std::vector<AuthorGateway>& gateways) {
    for (const auto& gateway : gateways)
        libcni::log::warning(gateway.key
                             + " is that of a default route, which the pod does not get: "
                               "conf.isDefaultGateway is false");
}

/// host-local names a gateway of its own making when the conf has none.
bool ipam_knows_gateway(const plugins::IpamConf& ipam) {
    const auto is_of_ipam = [](const AuthorGateway& gateway) {
        return gateway.key.find(".routes[") == std::string::npos;
    };
    return !ipam.type.empty()
           && (!libcni::means_plugin(ipam.type, "host-local")
               || std::ranges::any_of(ipam.gateways, is_of_ipam));
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
    auto& conf = own_conf();
    const auto additional = read_additional_gateways(request.conf.reader(), flags_);
    if (!conf.is_default_gateway) warn_of_default_routes(additional);
    // The bridge is forced upon the addresses of an IPAM plugin; HNS's own know their gateway.
    if (flags_.force_bridge_gateway && !conf.ipam.type.empty()) {
        conf.ipam.gateways.clear();
        return;
    }
    const bool by_network = conf.gateway_from == GatewayFrom::network && !conf.ipam.type.empty();
    if (!by_network) gateways_ = conf.ipam.gateways;
    if (!ipam_knows_gateway(conf.ipam))
        std::ranges::copy(additional, std::back_inserter(gateways_));
    if (!by_network) std::ranges::copy(conf.network_gateways, std::back_inserter(gateways_));
    if (conf.gateway_from == GatewayFrom::plugin && ipam_knows_gateway(conf.ipam))
        conf.gateway_from = GatewayFrom::ipam;
}

plugins::MappingStyle SdnBridgeEndpoint::mapping_style(const hnsclient::Network& network) const {
    auto style = plugins::mapping_style_of(flags_);
    style.flags |= BridgeEndpoint::mapping_style(network).flags;
    return style;
}

std::optional<libcni::Address>
SdnBridgeEndpoint::gateway_by_rule(const hnsclient::Network& network,
                                   const libcni::IpConfig& ip) const {
    if (!libcni::same_ignoring_case(network.type, "Transparent"))
        return BridgeEndpoint::gateway_by_rule(network, ip);
    const auto gateway = plugins::network_gateway(network, ip);
    return gateway ? gateway : ip.gateway;
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
