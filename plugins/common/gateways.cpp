// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/gateways.hpp"

#include <algorithm>
#include <string>

#include "libcni/base/text.hpp"
#include "libcni/log.hpp"

namespace plugins {

using hnsclient::Endpoint;
using hnsclient::Network;
using libcni::Address;
using libcni::Cidr;

namespace {

bool is_for(const AuthorGateway& gateway, const Address& address) {
    return !gateway.subnet || gateway.subnet->contains(address);
}

/// A machine of another range's subnet is not on the way of this address.
bool is_of_another_range(const Address& gateway, const IpamConf& ipam, const Cidr& address) {
    if (address.contains(gateway)) return false;
    return std::ranges::any_of(ipam.sets, [&](const auto& set) {
        return std::ranges::any_of(set, [&](const PodRange& range) {
            return range.subnet.contains(gateway) && !range.subnet.contains(address.address());
        });
    });
}

bool is_used(const Endpoint& endpoint, const Address& gateway) {
    return std::ranges::any_of(endpoint.routes, [&](const auto& route) {
        return route.destination.prefix_length() == 0 && route.next_hop == gateway;
    });
}

bool is_for_one_of(const AuthorGateway& gateway, const Endpoint& endpoint) {
    return std::ranges::any_of(endpoint.addresses,
                               [&](const auto& own) { return is_for(gateway, own.address); });
}

std::string gateways_of(const Endpoint& endpoint) {
    std::vector<std::string> texts;
    for (const auto& route : endpoint.routes)
        if (route.destination.prefix_length() == 0 && route.next_hop)
            texts.push_back(route.next_hop->to_string());
    return texts.empty() ? "HNS's own choice" : libcni::joined(texts, ", ");
}

void warn_of_own_default_routes(const Endpoint& endpoint) {
    for (const auto& route : endpoint.routes)
        if (route.destination.prefix_length() == 0)
            libcni::log::warning(
                "HNS made a default route of its own, "
                + (route.next_hop ? "through " + route.next_hop->to_string() + "," : std::string())
                + " for endpoint " + endpoint.name + ", although conf.isDefaultGateway is false");
}

} // namespace

bool is_reached(const Address& gateway, const Network& network, const Cidr& address) {
    const auto* const subnet = hnsclient::subnet_of(network, address.address());
    // IPAM may hand out a part of the network's subnet, or of a wider one.
    if (subnet == nullptr) return holds_host(address, gateway);
    return holds_host(subnet->prefix, gateway) || subnet->gateway == gateway;
}

bool holds_host(const Cidr& prefix, const Address& address) {
    if (!prefix.contains(address)) return false;
    // Shorter ones have neither a network's address nor one for all.
    constexpr unsigned longest = 30;
    if (!prefix.is_v4() || prefix.prefix_length() > longest) return true;
    return address != prefix.network().address() && address != prefix.last();
}

std::optional<Address> find_gateway(std::span<const AuthorGateway> gateways,
                                    const IpamConf& ipam,
                                    const Network& network,
                                    const Cidr& address) {
    const auto found = std::ranges::find_if(gateways, [&](const AuthorGateway& gateway) {
        return is_for(gateway, address.address()) && is_reached(gateway.address, network, address)
               && !is_of_another_range(gateway.address, ipam, address);
    });
    if (found == gateways.end()) return std::nullopt;
    return found->address;
}

std::vector<Address> gateways_on(std::span<const AuthorGateway> gateways, const Network& network) {
    std::vector<Address> reached;
    for (const auto& gateway : gateways) {
        const auto reaches = [&](const hnsclient::Subnet& subnet) {
            return holds_host(subnet.prefix, gateway.address) || subnet.gateway == gateway.address;
        };
        if (network.subnets.empty() || std::ranges::any_of(network.subnets, reaches))
            reached.push_back(gateway.address);
    }
    return reached;
}

void warn_of_unused_gateways(const EndpointConf& conf, const Endpoint& endpoint) {
    if (!conf.is_default_gateway) return warn_of_own_default_routes(endpoint);
    // Who says where the gateway comes from has decided about the others.
    if (conf.gateway_from == GatewayFrom::network) return;
    for (const auto& gateway : conf.ipam.gateways)
        if (is_for_one_of(gateway, endpoint) && !is_used(endpoint, gateway.address))
            libcni::log::warning(gateway.key + " " + gateway.address.to_string()
                                 + " is not the pod's gateway, which is " + gateways_of(endpoint)
                                 + ": see \"Gateways\" in docs/configuration.md; \"gatewayFrom\": "
                                   "\"ipam\" takes the conf's where the pod can reach it");
}

} // namespace plugins
