// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/expectation.hpp"

#include <algorithm>

#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "plugins/common/endpoint_difference.hpp"
#include "plugins/common/endpoint_result.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using hnsclient::MacAddress;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Result;

namespace {

[[noreturn]] void fail(const Pod& pod, const std::vector<std::string>& sentences) {
    throw Error(ErrorCode::check_failed,
                "endpoint " + pod.endpoint_name + " is not as ADD made it",
                libcni::joined(sentences, "; "));
}

void expect_addresses(Endpoint& plan, const Result& addresses) {
    plan.mac.reset();
    plan.addresses.clear();
    // That the pod is to have no default route is not HNS's choice.
    std::erase_if(plan.routes, [](const auto& route) { return !hnsclient::leads_nowhere(route); });
    for (const auto& ip : addresses.ips) {
        plan.addresses.push_back({ip.address.address()});
        if (ip.gateway) plan.routes.push_back({libcni::default_route_of(*ip.gateway), ip.gateway});
    }
}

/// ADD told the pod its gateways; computing them again from a prefix length, which may be IPAM's or
/// HNS's, could give others.
void expect_gateways(Endpoint& plan, const Result& previous) {
    for (const auto& ip : previous.ips) {
        if (!ip.gateway) continue;
        const auto destination = libcni::default_route_of(*ip.gateway);
        const auto route =
            std::ranges::find(plan.routes, destination, &hnsclient::EndpointRoute::destination);
        if (route != plan.routes.end()) route->next_hop = ip.gateway;
    }
}

/// The endpoint's among the interfaces: named like it, else the first, since chains append.
std::size_t own_interface(const Result& previous, const Endpoint& endpoint) {
    const auto own = std::ranges::find_if(previous.interfaces, [&](const auto& interface) {
        return libcni::same_ignoring_case(interface.name, endpoint.name);
    });
    if (own == previous.interfaces.end()) return 0;
    return static_cast<std::size_t>(own - previous.interfaces.begin());
}

/// One that names no interface is the endpoint's, unless it can only be another one's.
bool is_own(const libcni::IpConfig& ip,
            const Result& previous,
            std::size_t own,
            const hnsclient::Network& network) {
    if (ip.interface_index) return *ip.interface_index == own;
    return previous.interfaces.size() < 2 || network.subnets.empty()
           || hnsclient::subnet_of(network, ip.address.address()) != nullptr;
}

/// Where the conf's "ipam" wants routes to.
std::vector<libcni::Cidr> destinations_in(const std::optional<libcni::JsonReader>& ipam) {
    std::vector<libcni::Cidr> destinations;
    const auto routes = ipam ? ipam->find("routes") : std::nullopt;
    if (!routes || !routes->is_array()) return destinations;
    for (const auto& route : routes->elements()) {
        const auto key = route.is_object() ? route.find("dst") : std::nullopt;
        if (!key || !key->is_string()) continue;
        if (const auto prefix = libcni::Cidr::parse(key->text()))
            destinations.push_back(prefix->network());
    }
    return destinations;
}

bool asks_for_dns(const std::optional<libcni::JsonReader>& ipam) {
    return ipam && !ipam->text_or_empty("resolvConf").empty();
}

} // namespace

Result own_part(Result previous,
                const libcni::NetworkConfig& conf,
                const Endpoint& endpoint,
                const hnsclient::Network& network) {
    const std::size_t own = own_interface(previous, endpoint);
    std::erase_if(previous.ips,
                  [&](const auto& ip) { return !is_own(ip, previous, own, network); });
    if (own < previous.interfaces.size()) previous.interfaces = {previous.interfaces[own]};
    const auto ipam = conf.reader().find("ipam");
    const auto wanted = destinations_in(ipam);
    std::erase_if(previous.routes, [&](const auto& route) {
        return std::ranges::find(wanted, route.destination.network()) == wanted.end();
    });
    if (!asks_for_dns(ipam)) previous.dns = {};
    return previous;
}

Endpoint require_endpoint(Client& hns,
                          const Pod& pod,
                          const Ownership& owner,
                          const hnsclient::Network& network) {
    for (auto& endpoint : owner.ours_among(hns, endpoints_named_for(hns, pod)))
        if (hnsclient::same_guid(endpoint.network_id, network.id)) return std::move(endpoint);
    fail(pod, {"HNS has no such endpoint on network \"" + network.name + "\""});
}

Result addresses_of(const Endpoint& endpoint, const hnsclient::Network& network) {
    return result_for(endpoint, network, {}, {}, {});
}

void expect_what_hns_chose(Endpoint& plan,
                           const libcni::NetworkConfig& conf,
                           const std::optional<Result>& previous,
                           const Result& addresses) {
    if (libcni::ipam_type_of(conf).empty()) expect_addresses(plan, addresses);
    if (previous) expect_gateways(plan, *previous);
    if (!previous || previous->interfaces.empty()) return;
    const std::string& mac = previous->interfaces.front().mac;
    const auto told = MacAddress::parse(mac);
    // What is not a MAC address tells nothing.
    if (told || mac.empty()) plan.mac = told;
}

void require_no_difference(const Pod& pod, const Endpoint& plan, const Endpoint& found) {
    auto sentences = differences(plan, found);
    const auto& sandbox = sandbox_of(pod);
    if (!sandbox.holds(found))
        sentences.push_back(std::string(sandbox.kind_name()) + ": expected " + sandbox.id()
                            + ", found " + sandbox.found_in(found));
    if (!sentences.empty()) fail(pod, sentences);
}

} // namespace plugins
