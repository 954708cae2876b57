// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "plugins/common/endpoint_kind.hpp"
#include "tests/unit/values.hpp"

// Pods as plugins get them, with what IPAM gave and HNS holds, and what is planned for them.

/// A route, to the default gateway of its family unless it has its own.
inline libcni::Route route(const char* destination, const char* gateway = nullptr) {
    libcni::Route made{.destination = cidr(destination)};
    if (gateway != nullptr) made.gateway = ip(gateway);
    return made;
}

/// An IPAM's answer with these addresses; the gateway is the subnet's first address.
inline libcni::Result ipam(const std::vector<std::string>& addresses) {
    libcni::Result result;
    for (const std::string& address : addresses)
        result.ips.push_back({.address = cidr(address),
                              .gateway = libcni::plus(cidr(address).network().address(), 1)});
    return result;
}

/// What a plan is made from.
struct PlanInput {
    plugins::Pod pod;
    plugins::EndpointConf conf;
    hnsclient::Network network;
    libcni::Result ipam;
};

/// Pod c1 on a dual-stack network of type L2Bridge; IPAM gave these addresses.
inline PlanInput pod(const std::vector<std::string>& addresses) {
    PlanInput input;
    input.pod.endpoint_name = "c1_cbr0";
    input.network.id = "C0000001-FA4E-4000-A000-0000000C6B00";
    input.network.name = "cbr0";
    input.network.type = "L2Bridge";
    input.network.subnets = {{.prefix = cidr("10.244.0.0/16"), .gateway = ip("10.244.0.1")},
                             {.prefix = cidr("fd00:244::/56"), .gateway = ip("fd00:244::1")}};
    input.ipam = ipam(addresses);
    return input;
}

/// What this kind of endpoint plans.
inline hnsclient::Endpoint planned(const plugins::EndpointKind& kind, const PlanInput& input) {
    return kind.plan(input.pod, input.conf, input.network, input.ipam);
}

/// The same with the conf that the kind was made of.
inline hnsclient::Endpoint planned_by(const plugins::EndpointKind& kind, PlanInput input) {
    input.conf = kind.conf();
    return planned(kind, input);
}

/// The MAC address as HNS is told it, or an empty text.
inline std::string mac_text(const hnsclient::Endpoint& endpoint) {
    return endpoint.mac ? endpoint.mac->to_string() : std::string();
}

/// An OutBoundNAT policy.
inline hnsclient::Policy nat_policy(std::vector<std::string> exceptions,
                                    std::vector<std::string> destinations = {}) {
    return hnsclient::OutboundNat{.exceptions = std::move(exceptions),
                                  .destinations = std::move(destinations)};
}

/// What lets traffic to a mapped port in.
inline hnsclient::Policy allow_in(const char* protocol, const char* port) {
    return hnsclient::SharedPolicy{.type = "ACL",
                                   .settings = nlohmann::json{{"Protocols", protocol},
                                                              {"Action", "Allow"},
                                                              {"Direction", "In"},
                                                              {"LocalPorts", port},
                                                              {"Priority", 1000}}};
}
