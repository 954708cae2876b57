// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_plan.hpp"

#include <algorithm>
#include <iterator>

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

void add_default_route(Endpoint& endpoint, const std::optional<Address>& gateway) {
    if (!gateway) return;
    const hnsclient::EndpointRoute route{libcni::default_route_of(*gateway), gateway};
    if (std::ranges::find(
            endpoint.routes, route.destination, &hnsclient::EndpointRoute::destination)
        == endpoint.routes.end())
        endpoint.routes.push_back(route);
}

std::optional<Address> default_gateway(const Endpoint& endpoint, bool v4) {
    for (const auto& route : endpoint.routes)
        if (route.destination.prefix_length() == 0 && route.destination.is_v4() == v4)
            return route.next_hop;
    return std::nullopt;
}

/// Routes beside the default one, which the gateway rule decides.
void add_other_routes(Endpoint& endpoint, const std::vector<libcni::Route>& routes) {
    for (const auto& route : routes) {
        if (route.destination.prefix_length() == 0) continue;
        const auto next_hop =
            route.gateway ? route.gateway : default_gateway(endpoint, route.destination.is_v4());
        endpoint.routes.push_back({route.destination, next_hop});
    }
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
            .settings = {{"Protocols", std::to_string(mapping.protocol)},
                         {"Action", "Allow"},
                         {"Direction", "In"},
                         {"LocalPorts", std::to_string(mapping.container_port)},
                         {"Priority", priority}}};
}

void add_port_mapping(Endpoint& endpoint,
                      const EndpointConf& conf,
                      const PortMapping& mapping,
                      bool v4) {
    auto& policies = endpoint.policies;
    policies.emplace_back(to_hns(mapping, v4, conf.port_mapping_flags));
    if (!conf.allow_mapped_ports) return;
    // Several host ports, and both families, may lead to one port of the pod.
    const hnsclient::Policy rule = allow_in(mapping);
    if (std::ranges::find(policies, rule) == policies.end()) policies.push_back(rule);
}

/// One mapping for each family that the pod has; HNS's choice of addresses counts as IPv4.
void add_port_mappings(Endpoint& endpoint, const PlanInput& input) {
    for (const bool v4 : {true, false}) {
        const auto is_family = [&](const IpConfig& ip) { return ip.address.is_v4() == v4; };
        const bool has_family =
            input.ipam.ips.empty() ? v4 : std::ranges::any_of(input.ipam.ips, is_family);
        if (!has_family) continue;
        for (const auto& mapping : input.conf.port_mappings)
            if (!mapping.host_address || mapping.host_address->is_v4() == v4)
                add_port_mapping(endpoint, input.conf, mapping, v4);
    }
}

void add_policies(Endpoint& endpoint, const PlanInput& input) {
    endpoint.policies = input.conf.policies;
    for (const auto& network : input.conf.ip_masq_networks)
        hnsclient::add_nat_exception(endpoint.policies, network.to_string());
    add_port_mappings(endpoint, input);
    if (!input.conf.loopback_dsr) return;
    for (const auto& ip : input.ipam.ips)
        hnsclient::add_nat_destination(endpoint.policies, ip.address.address().to_string());
}

} // namespace

std::optional<Address> network_gateway(const PlanInput& input, const IpConfig& ip) {
    const auto* const subnet = hnsclient::subnet_of(input.network, ip.address.address());
    return subnet == nullptr ? std::nullopt : subnet->gateway;
}

std::optional<Address>
gateway_for(const PlanInput& input, const IpConfig& ip, GatewayRule plugin_rule) {
    for (const auto& gateway : input.conf.gateways)
        if (gateway.is_v4() == ip.address.is_v4()) return gateway;
    switch (input.conf.gateway_from) {
    case GatewayFrom::ipam:
        return ip.gateway;
    case GatewayFrom::network:
        return network_gateway(input, ip);
    case GatewayFrom::plugin:
        break;
    }
    return plugin_rule(input, ip);
}

Endpoint plan_endpoint(const PlanInput& input, GatewayRule gateway_of) {
    Endpoint endpoint;
    endpoint.name = input.endpoint_name;
    endpoint.network_id = input.network.id;
    for (const auto& ip : input.ipam.ips) {
        endpoint.addresses.push_back({ip.address.address(), std::nullopt});
        add_default_route(endpoint, gateway_for(input, ip, gateway_of));
    }
    // HNS makes default routes of its own to addresses of its own; the author may know better.
    if (input.ipam.ips.empty())
        for (const auto& gateway : input.conf.gateways)
            add_default_route(endpoint, gateway);
    add_other_routes(endpoint, input.ipam.routes);
    endpoint.dns = to_hns(input.conf.dns.empty() ? input.ipam.dns : input.conf.dns);
    add_policies(endpoint, input);
    return endpoint;
}

Result result_for(const Endpoint& endpoint,
                  const Network& network,
                  const Result& ipam,
                  const libcni::Dns& dns,
                  const std::string& sandbox) {
    Result result;
    result.interfaces.push_back({.name = endpoint.name,
                                 .mac = endpoint.mac,
                                 .sandbox = sandbox,
                                 .mtu = {},
                                 .socket_path = {},
                                 .pci_id = {}});
    for (const auto& [address, own_prefix] : endpoint.addresses) {
        unsigned bits = own_prefix.value_or(libcni::address_bits(address));
        if (const auto* const subnet = hnsclient::subnet_of(network, address))
            bits = subnet->prefix.prefix_length();
        const auto given = std::ranges::find(
            ipam.ips, address, [](const IpConfig& ip) { return ip.address.address(); });
        if (given != ipam.ips.end()) bits = given->address.prefix_length();
        result.ips.push_back({.address = libcni::Cidr(address, bits),
                              .gateway = default_gateway(endpoint, address.is_v4()),
                              .interface_index = std::nullopt});
    }
    for (auto route : ipam.routes) {
        if (route.destination.prefix_length() == 0) continue;
        if (!route.gateway) route.gateway = default_gateway(endpoint, route.destination.is_v4());
        result.routes.push_back(std::move(route));
    }
    result.dns = dns.empty() ? ipam.dns : dns;
    return result;
}

} // namespace plugins
