// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_kind.hpp"

#include <algorithm>
#include <iterator>

#include "plugins/common/gateways.hpp"
#include "plugins/common/pod_subnets.hpp"

namespace plugins {

using hnsclient::Endpoint;
using hnsclient::Network;
using libcni::Address;
using libcni::IpConfig;
using libcni::Result;

Endpoint EndpointKind::plan(const Pod& pod,
                            const EndpointConf& conf,
                            const Network& network,
                            const Result& addresses) const {
    Endpoint endpoint = bare_endpoint(pod, conf, network, addresses);
    for (const auto& ip : addresses.ips) {
        endpoint.addresses.push_back({ip.address.address()});
        add_default_route(endpoint, gateway_of(conf, network, ip));
    }
    // HNS makes default routes of its own to addresses of its own; the author may know better.
    if (addresses.ips.empty())
        for (const auto& gateway : gateways_on(gateways_of_author(conf), network))
            add_default_route(endpoint, gateway);
    add_other_routes(endpoint, addresses.routes);
    if (!conf.is_default_gateway) withhold_default_routes(endpoint, network);
    add_port_mappings(endpoint, conf.port_mappings, addresses, mapping_style(network));
    if (conf.loopback_dsr)
        for (const auto& ip : addresses.ips)
            hnsclient::add_nat_destination(endpoint.policies, ip.address.address().to_string());
    return endpoint;
}

bool EndpointKind::is_reserved(const Network& network, const IpConfig& ip) const {
    const Address& address = ip.address.address();
    return std::ranges::find(network.subnets, address, &hnsclient::Subnet::gateway)
               != network.subnets.end()
           || gateway_of(conf(), network, ip) == address;
}

std::optional<Address> EndpointKind::gateway_of(const EndpointConf& conf,
                                                const Network& network,
                                                const IpConfig& ip) const {
    if (auto own = find_gateway(gateways_of_author(conf), conf.ipam, network, ip.address))
        return own;
    switch (conf.gateway_from) {
    case GatewayFrom::ipam:
        if (!ip.gateway || is_reached(*ip.gateway, network, ip.address)) return ip.gateway;
        return network_gateway(network, ip);
    case GatewayFrom::network:
        return network_gateway(network, ip);
    case GatewayFrom::plugin:
        break;
    }
    return gateway_by_rule(network, ip);
}

std::vector<AuthorGateway> EndpointKind::gateways_of_author(const EndpointConf& conf) const {
    if (conf.gateway_from != GatewayFrom::ipam) return {};
    std::vector<AuthorGateway> gateways = conf.ipam.gateways;
    std::ranges::copy(conf.network_gateways, std::back_inserter(gateways));
    return gateways;
}

void EndpointKind::require_fit(const Network& network) const {
    require_own_fit(network);
    require_families(conf_, families_on(conf_, network));
}

void EndpointKind::require_fit(const Network& network, const Result& addresses) const {
    require_own_fit(network, addresses);
    require_families(conf_,
                     addresses.ips.empty() ? families_on(conf_, network) : families_of(addresses));
}

} // namespace plugins
