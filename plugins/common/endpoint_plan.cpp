// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_plan.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

namespace plugins {

using hnsclient::Endpoint;
using hnsclient::Network;
using libcni::Address;
using libcni::IpConfig;
using libcni::Result;

namespace {

constexpr std::uint32_t ipv6_mapping_flag = 2;

hnsclient::Dns to_hns(const libcni::Dns& dns) {
    return {.domain = dns.domain,
            .search = dns.search,
            .servers = dns.nameservers,
            .options = dns.options};
}

hnsclient::PortMapping to_hns(const PortMapping& mapping, bool v4, std::uint32_t flags) {
    return {.protocol = mapping.protocol,
            .internal_port = mapping.container_port,
            .external_port = mapping.host_port,
            .virtual_ip = mapping.host_address ? mapping.host_address->to_string() : std::string(),
            .flags = flags | (v4 ? 0 : ipv6_mapping_flag)};
}

/// What lets the traffic of a mapping in, as Microsoft's plugins write it.
hnsclient::SharedPolicy allow_in(const PortMapping& mapping) {
    constexpr unsigned priority = 1000;
    return {.type = "ACL",
            .settings = nlohmann::json{{"Protocols", std::to_string(mapping.protocol.number)},
                                       {"Action", "Allow"},
                                       {"Direction", "In"},
                                       {"LocalPorts", std::to_string(mapping.container_port)},
                                       {"Priority", priority}}};
}

void add_port_mapping(Endpoint& endpoint,
                      const PortMapping& mapping,
                      bool v4,
                      const MappingStyle& style) {
    auto& policies = endpoint.policies;
    const auto add_once = [&](const hnsclient::Policy& policy) {
        if (std::ranges::find(policies, policy) == policies.end()) policies.push_back(policy);
    };
    // The author may have written the same as a policy.
    add_once(to_hns(mapping, v4, style.flags));
    // Several host ports, and both families, may lead to one port of the pod.
    if (style.opens_ports) add_once(allow_in(mapping));
}

/// The families of the pod's addresses; where HNS picks them, those of the network.
bool has_family(const Endpoint& endpoint, const Network& network, bool v4) {
    if (endpoint.addresses.empty())
        return std::ranges::any_of(network.subnets, [&](const hnsclient::Subnet& subnet) {
            return subnet.prefix.is_v4() == v4;
        });
    return std::ranges::any_of(endpoint.addresses,
                               [&](const auto& own) { return own.address.is_v4() == v4; });
}

hnsclient::EndpointRoute route_to_nowhere(bool v4) {
    const Address nowhere = *libcni::parse_address(v4 ? "0.0.0.0" : "::");
    return {libcni::default_route_of(nowhere), nowhere};
}

bool has_family(const Result& addresses, bool v4) {
    if (addresses.ips.empty()) return v4;
    return std::ranges::any_of(addresses.ips,
                               [&](const IpConfig& ip) { return ip.address.is_v4() == v4; });
}

} // namespace

Endpoint bare_endpoint(const Pod& pod,
                       const EndpointConf& conf,
                       const Network& network,
                       const Result& addresses) {
    Endpoint endpoint;
    endpoint.id = pod.endpoint_id;
    endpoint.name = pod.endpoint_name;
    endpoint.network_id = network.id;
    endpoint.dns = to_hns(conf.dns.empty() ? addresses.dns : conf.dns);
    endpoint.mac = conf.mac;
    endpoint.policies = conf.policies;
    for (const auto& exempt : conf.ip_masq_networks)
        hnsclient::add_nat_exception(endpoint.policies, exempt.to_string());
    return endpoint;
}

void add_default_route(Endpoint& endpoint, const std::optional<Address>& gateway) {
    if (!gateway) return;
    const hnsclient::EndpointRoute route{libcni::default_route_of(*gateway), gateway};
    if (std::ranges::find(
            endpoint.routes, route.destination, &hnsclient::EndpointRoute::destination)
        == endpoint.routes.end())
        endpoint.routes.push_back(route);
}

void withhold_default_routes(Endpoint& endpoint, const Network& network) {
    std::erase_if(endpoint.routes,
                  [](const auto& route) { return route.destination.prefix_length() == 0; });
    for (const bool v4 : {true, false})
        if (has_family(endpoint, network, v4)) endpoint.routes.push_back(route_to_nowhere(v4));
}

void add_other_routes(Endpoint& endpoint, const std::vector<libcni::Route>& routes) {
    for (const auto& route : routes) {
        if (route.destination.prefix_length() == 0) continue;
        const auto next_hop =
            route.gateway ? route.gateway : default_gateway(endpoint, route.destination.is_v4());
        endpoint.routes.push_back({route.destination, next_hop});
    }
}

void add_port_mappings(Endpoint& endpoint,
                       const std::vector<PortMapping>& mappings,
                       const Result& addresses,
                       const MappingStyle& style) {
    for (const bool v4 : {true, false}) {
        if (!has_family(addresses, v4)) continue;
        for (const auto& mapping : mappings)
            if (!mapping.host_address || mapping.host_address->is_v4() == v4)
                add_port_mapping(endpoint, mapping, v4, style);
    }
}

std::optional<Address> network_gateway(const Network& network, const IpConfig& ip) {
    const auto* const subnet = hnsclient::subnet_of(network, ip.address.address());
    return subnet == nullptr ? std::nullopt : subnet->gateway;
}

std::optional<Address> default_gateway(const Endpoint& endpoint, bool v4) {
    for (const auto& route : endpoint.routes)
        if (route.destination.prefix_length() == 0 && route.destination.is_v4() == v4)
            return route.next_hop;
    return std::nullopt;
}

} // namespace plugins
