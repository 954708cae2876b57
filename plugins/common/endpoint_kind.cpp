// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_kind.hpp"

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
        for (const auto& gateway : gateways_of_author())
            add_default_route(endpoint, gateway);
    add_other_routes(endpoint, addresses.routes);
    add_port_mappings(endpoint, conf.port_mappings, addresses, mapping_style());
    if (conf.loopback_dsr)
        for (const auto& ip : addresses.ips)
            hnsclient::add_nat_destination(endpoint.policies, ip.address.address().to_string());
    return endpoint;
}

std::optional<Address> EndpointKind::gateway_of(const EndpointConf& conf,
                                                const Network& network,
                                                const IpConfig& ip) const {
    for (const auto& gateway : gateways_of_author())
        if (gateway.is_v4() == ip.address.is_v4()) return gateway;
    switch (conf.gateway_from) {
    case GatewayFrom::ipam:
        return ip.gateway;
    case GatewayFrom::network:
        return network_gateway(network, ip);
    case GatewayFrom::plugin:
        break;
    }
    return gateway_by_rule(network, ip);
}

} // namespace plugins
