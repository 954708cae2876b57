// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_result.hpp"

#include <algorithm>

#include "plugins/common/endpoint_plan.hpp"

namespace plugins {

using hnsclient::Endpoint;
using hnsclient::EndpointAddress;
using hnsclient::Network;
using libcni::IpConfig;
using libcni::Result;

namespace {

/// What is on the link is for HNS to say: IPAM may hand out a part of the network's subnet.
unsigned prefix_length_of(const EndpointAddress& own, const Network& network, const Result& ipam) {
    if (const auto* const subnet = hnsclient::subnet_of(network, own.address))
        return subnet->prefix.prefix_length();
    const auto given = std::ranges::find(
        ipam.ips, own.address, [](const IpConfig& ip) { return ip.address.address(); });
    if (given != ipam.ips.end()) return given->address.prefix_length();
    return own.prefix_length.value_or(libcni::address_bits(own.address));
}

/// Of a route without a gateway HNS tells it, as an endpoint without a default route has none.
std::optional<libcni::Address> gateway_on(const Endpoint& endpoint, const libcni::Cidr& to) {
    const auto route =
        std::ranges::find(endpoint.routes, to, &hnsclient::EndpointRoute::destination);
    if (route != endpoint.routes.end() && route->next_hop) return route->next_hop;
    return default_gateway(endpoint, to.is_v4());
}

/// The gateway by which the endpoint sends from this address: with two subnets of one family, that
/// of one of them is not the other's.
std::optional<libcni::Address>
gateway_for(const EndpointAddress& own, const Endpoint& endpoint, const Network& network) {
    const auto gateway = default_gateway(endpoint, own.address.is_v4());
    const auto* const subnet = hnsclient::subnet_of(network, own.address);
    const auto* const of_gateway = gateway ? hnsclient::subnet_of(network, *gateway) : nullptr;
    const bool is_of_another = subnet != nullptr && of_gateway != nullptr && subnet != of_gateway
                               && subnet->gateway != gateway;
    return is_of_another ? std::nullopt : gateway;
}

} // namespace

Result result_for(const Endpoint& endpoint,
                  const Network& network,
                  const Result& addresses,
                  const libcni::Dns& dns,
                  const std::string& netns) {
    Result result;
    result.interfaces.push_back({.name = endpoint.name,
                                 .mac = endpoint.mac ? endpoint.mac->to_string() : std::string(),
                                 .sandbox = netns});
    for (const auto& own : endpoint.addresses)
        result.ips.push_back(
            {.address = libcni::Cidr(own.address, prefix_length_of(own, network, addresses)),
             .gateway = gateway_for(own, endpoint, network)});
    for (auto route : addresses.routes) {
        if (route.destination.prefix_length() == 0) continue;
        if (!route.gateway) route.gateway = gateway_on(endpoint, route.destination);
        result.routes.push_back(std::move(route));
    }
    result.dns = dns.empty() ? addresses.dns : dns;
    // Endpoints on NAT networks get the host's from HNS, where nobody asks for others.
    if (result.dns.nameservers.empty()) result.dns.nameservers = endpoint.dns.servers;
    if (result.dns.search.empty()) result.dns.search = endpoint.dns.search;
    return result;
}

Result remembered(const Endpoint& endpoint) {
    Result ipam;
    for (const auto& route : endpoint.routes)
        ipam.routes.push_back({.destination = route.destination, .gateway = route.next_hop});
    ipam.dns = {.nameservers = endpoint.dns.servers,
                .domain = endpoint.dns.domain,
                .search = endpoint.dns.search,
                .options = endpoint.dns.options};
    return ipam;
}

} // namespace plugins
