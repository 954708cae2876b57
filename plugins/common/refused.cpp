// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/refused.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/features.hpp"
#include "hnsclient/protocol.hpp"
#include "libcni/base/text.hpp"
#include "plugins/common/hns_to_cni.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using hnsclient::ErrorKind;
using hnsclient::Feature;
using hnsclient::HnsError;
using hnsclient::Network;
using libcni::Error;
using nlohmann::json;

namespace {

/// "OutBoundNAT {"Exceptions":["10.244.0.0/16"]}", in the spelling of the API that it was sent by.
std::string shown(const hnsclient::Policy& policy, bool is_hcn) {
    constexpr std::size_t longest = 200;
    json object = is_hcn ? hnsclient::v2::encode(policy) : hnsclient::v1::encode(policy);
    const std::string type = object.is_object() ? object.value("Type", "?") : "?";
    json settings = is_hcn && object.contains("Settings") ? object["Settings"] : object;
    if (settings.is_object()) settings.erase("Type");
    std::string text = settings.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > longest) text = text.substr(0, longest) + "...";
    return type + " " + text;
}

std::string addresses_of(const Endpoint& plan) {
    return libcni::joined(
        plan.addresses, ", ", [](const auto& own) { return own.address.to_string(); });
}

/// What HNS was sent, as far as an author has a say in it.
std::string what_was_sent(const Endpoint& plan, bool is_hcn) {
    std::vector<std::string> parts;
    if (!plan.addresses.empty()) parts.push_back("address " + addresses_of(plan));
    for (const auto& route : plan.routes)
        parts.push_back("route " + route.destination.to_string()
                        + (route.next_hop ? " via " + route.next_hop->to_string() : ""));
    if (plan.mac) parts.push_back("MAC address " + plan.mac->to_string());
    for (const auto& policy : plan.policies)
        parts.push_back("policy " + shown(policy, is_hcn));
    return parts.empty() ? "" : "sent were: " + libcni::joined(parts, ", ");
}

/// The host ports of the policies.
std::string ports_in(const std::vector<hnsclient::Policy>& policies) {
    std::vector<std::string> ports;
    for (const auto& policy : policies)
        if (const auto* const mapping = std::get_if<hnsclient::PortMapping>(&policy))
            ports.push_back(std::to_string(mapping->external_port));
    return libcni::joined(ports, ", ");
}

bool is_about_ports(const HnsError& error) noexcept {
    return error.code() == hnsclient::port_already_exists
           || error.code() == hnsclient::sharing_violation
           || error.code() == hnsclient::mapping_not_supported;
}

/// True for refusals that are about what was sent, or may be.
bool is_about_contents(const HnsError& error) noexcept {
    switch (error.kind()) {
    case ErrorKind::unavailable:
    case ErrorKind::access_denied:
        return false;
    default:
        return !is_about_ports(error);
    }
}

bool is_dual_stack(const Endpoint& endpoint) {
    const auto is_v4 = [](const auto& address) { return address.address.is_v4(); };
    return std::ranges::any_of(endpoint.addresses, is_v4)
           && !std::ranges::all_of(endpoint.addresses, is_v4);
}

/// An HNS that is too old says only that it does not like what it was given. Its version is asked
/// for only now, because that costs a round trip.
bool lacks_dual_stack(Client& hns, const HnsError& error, const Endpoint& plan) {
    const bool may_be_version =
        error.kind() == ErrorKind::invalid || error.kind() == ErrorKind::unsupported;
    return may_be_version && is_dual_stack(plan)
           && !hnsclient::supports(hns.version(), Feature::ipv6_dual_stack);
}

/// Mappings from the runtime are local where they have to be; those in policies are as written.
bool maps_others_than_local(const Endpoint& plan) {
    constexpr std::uint32_t local = 1;
    return std::ranges::any_of(plan.policies, [](const auto& policy) {
        const auto* const mapping = std::get_if<hnsclient::PortMapping>(&policy);
        return mapping != nullptr && (mapping->flags & local) == 0;
    });
}

} // namespace

bool says_taken(const HnsError& error) noexcept {
    return error.code() == hnsclient::object_already_exists
           || error.code() == hnsclient::address_reserved;
}

std::string host_ports(const Endpoint& plan, const EndpointConf& conf) {
    if (!conf.port_mappings.empty()) return libcni::joined(conf.port_mappings, ", ", host_side);
    return ports_in(plan.policies);
}

Error refused_endpoint(Client& hns,
                       const HnsError& error,
                       const Endpoint& plan,
                       const EndpointConf& conf,
                       const Network& network) {
    Error cni = to_cni_error(error);
    cni.within("endpoint " + plan.name);
    if (error.code() == hnsclient::address_outside_subnets)
        cni.add_detail(sentence_on_subnets(network));
    const std::string ports = host_ports(plan, conf);
    const bool may_be_port = is_about_ports(error) || says_taken(error);
    if (may_be_port && !ports.empty()) cni.add_detail("one of these host ports is taken: " + ports);
    if (is_about_ports(error) && network.type == "L2Bridge" && maps_others_than_local(plan))
        cni.add_detail(
            "on l2bridge networks Windows 10 2004 to 21H2 maps ports only as local ones: "
            "\"Flags\": 1 in the policy");
    if (error.code() == hnsclient::e_unexpected && !ports.empty())
        cni.add_detail("Windows Server 2016 has no better word for a host port that is taken: "
                       + ports);
    if (is_about_contents(error)) cni.add_detail(what_was_sent(plan, hns.abilities().namespaces));
    if (lacks_dual_stack(hns, error, plan))
        cni.add_detail("this HNS does not support "
                       + std::string(hnsclient::name_of(Feature::ipv6_dual_stack)) + " (versions "
                       + std::string(hnsclient::versions_of(Feature::ipv6_dual_stack)) + " do)");
    return cni;
}

Error refused_attachment(const HnsError& error,
                         const Endpoint& endpoint,
                         const hnsclient::Sandbox& sandbox) {
    Error cni = to_cni_error(error);
    cni.within("endpoint " + endpoint.name + " (" + endpoint.id + ") could not be put into "
               + sandbox.to_string());
    const std::string ports = ports_in(endpoint.policies);
    if (is_about_ports(error) && !ports.empty())
        cni.add_detail("one of these host ports is taken: " + ports);
    return cni;
}

std::string sentence_on_subnets(const Network& network) {
    const std::string subnets = libcni::joined(
        network.subnets, ", ", [](const auto& subnet) { return subnet.prefix.to_string(); });
    return "the subnets of network \"" + network.name
           + "\" are: " + (subnets.empty() ? "none" : subnets);
}

} // namespace plugins
