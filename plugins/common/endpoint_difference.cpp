// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_difference.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/json_reader.hpp"
#include "plugins/common/endpoint_plan.hpp"

namespace plugins {

using hnsclient::Endpoint;
using libcni::JsonReader;
using libcni::same_ignoring_case;
using nlohmann::json;

namespace {

using Sentences = std::vector<std::string>;

std::string listed(const std::vector<std::string>& texts) {
    return texts.empty() ? "none" : libcni::joined(texts, ", ");
}

void compare(Sentences& sentences,
             const std::string& what,
             const std::string& expected,
             const std::string& found) {
    if (!same_ignoring_case(expected, found))
        sentences.push_back(what + ": expected " + expected + ", found " + found);
}

/// The order of addresses and routes means nothing.
void compare_sets(Sentences& sentences,
                  const std::string& what,
                  std::vector<std::string> expected,
                  std::vector<std::string> found) {
    std::ranges::sort(expected);
    std::ranges::sort(found);
    compare(sentences, what, listed(expected), listed(found));
}

std::vector<std::string> shown(const std::vector<hnsclient::EndpointAddress>& addresses) {
    std::vector<std::string> texts;
    texts.reserve(addresses.size());
    for (const auto& address : addresses)
        texts.push_back(address.address.to_string());
    return texts;
}

std::vector<std::string> shown(const std::vector<hnsclient::EndpointRoute>& routes) {
    std::vector<std::string> texts;
    texts.reserve(routes.size());
    for (const auto& route : routes)
        texts.push_back(route.destination.to_string()
                        + (route.next_hop ? " via " + route.next_hop->to_string() : ""));
    return texts;
}

bool has_route_to(const std::vector<hnsclient::EndpointRoute>& routes, const libcni::Cidr& to) {
    return std::ranges::find(routes, to, &hnsclient::EndpointRoute::destination) != routes.end();
}

std::string expected_text(const hnsclient::EndpointRoute& route) {
    if (hnsclient::leads_nowhere(route)) return "none to " + route.destination.to_string();
    return listed(shown(std::vector{route}));
}

/// HNS may add routes of its own.
void compare_routes(Sentences& sentences,
                    const std::vector<hnsclient::EndpointRoute>& expected,
                    const std::vector<hnsclient::EndpointRoute>& found) {
    for (const auto& route : expected)
        if (hnsclient::leads_nowhere(route) ? has_route_to(found, route.destination)
                                            : std::ranges::find(found, route) == found.end())
            sentences.push_back("route: expected " + expected_text(route) + ", found "
                                + listed(shown(found)));
}

bool holds(const json& found, const json& expected);

/// Each element of `some` is among `all`, by what `same` says of the two.
template <typename Same>
bool are_among(const json& all, const json& some, Same same) {
    return std::ranges::all_of(some, [&](const json& element) {
        return std::ranges::any_of(all, [&](const json& other) { return same(other, element); });
    });
}

/// HNS adds settings of its own, but no elements to lists: an exception more is somebody's doing.
bool adds_list(const json& found, const json& expected) {
    return std::ranges::any_of(JsonReader(found, "").members(), [&](const auto& member) {
        const json& value = member.second.json();
        return value.is_array() && !value.empty() && !JsonReader(expected, "").find(member.first);
    });
}

bool holds_members(const json& found, const json& expected) {
    if (!found.is_object() || adds_list(found, expected)) return false;
    return std::ranges::all_of(JsonReader(expected, "").members(), [&](const auto& member) {
        const auto value = JsonReader(found, "").find(member.first);
        // HNS may leave out what is empty.
        if (!value) return member.second.json().empty() || member.second.json() == "";
        return holds(value->json(), member.second.json());
    });
}

/// True when `found` has all that `expected` asks for, and lists are the same in any order.
bool holds(const json& found, const json& expected) {
    if (expected.is_object()) return holds_members(found, expected);
    if (expected.is_array() && found.is_array())
        return are_among(found, expected, holds)
               && are_among(expected, found, [](const json& asked, const json& given) {
                      return holds(given, asked);
                  });
    if (expected.is_string() && found.is_string())
        return same_ignoring_case(expected.get<std::string>(), found.get<std::string>());
    return expected == found;
}

/// In one shape, whichever way the author or HNS wrote it.
json shape_of(const hnsclient::Policy& policy) {
    const bool is_other = std::holds_alternative<hnsclient::OtherPolicy>(policy);
    return is_other ? hnsclient::v1::encode(policy) : hnsclient::v2::encode(policy);
}

/// The mapping as the Go plugins make it, and as ours did: without the flag of a local one.
json without_local_flag(json expected) {
    auto flags = expected.find("Settings");
    if (flags == expected.end() || !flags->contains("Flags")) return expected;
    (*flags)["Flags"] = flags->at("Flags").get<std::uint32_t>() & ~local_routed_vip;
    if ((*flags)["Flags"] == 0) flags->erase("Flags");
    return expected;
}

bool is_mapping(const hnsclient::Policy& policy) {
    return std::holds_alternative<hnsclient::PortMapping>(policy);
}

/// A policy that HNS holds, and what explains it.
struct Held {
    json shape;
    bool is_explained = false;
};

bool is_of_type(const json& shape, std::string_view type) {
    const auto own = JsonReader(shape, "").find("Type");
    return own && own->is_string() && same_ignoring_case(own->text(), type);
}

/// How many routes HNS may have made by itself: one for each mapping that the host answers, too.
std::ptrdiff_t routes_of_hns(const Endpoint& found) {
    return std::ranges::count_if(found.policies, [](const auto& policy) {
        const auto* mapping = std::get_if<hnsclient::PortMapping>(&policy);
        return mapping && (mapping->flags & local_routed_vip) != 0;
    });
}

std::vector<Held> held_in(const Endpoint& found) {
    std::vector<Held> held;
    for (const auto& policy : found.policies) {
        json shape = shape_of(policy);
        // HNS makes the switch's driver a policy of each endpoint.
        const bool is_explained = is_of_type(shape, "L2Driver");
        held.push_back({std::move(shape), is_explained});
    }
    return held;
}

/// True when one of them is what is expected. The one with the fewest settings of HNS's own is it,
/// and so is what is there twice, which does no more than once; a wider one is another policy.
bool explains(const json& expected, std::vector<Held>& held) {
    const Held* nearest = nullptr;
    for (const Held& policy : held)
        if (holds(policy.shape, expected)
            && (!nearest || policy.shape.dump().size() < nearest->shape.dump().size()))
            nearest = &policy;
    if (!nearest) return false;
    const json shape = nearest->shape;
    for (Held& policy : held)
        if (policy.shape == shape) policy.is_explained = true;
    return true;
}

bool is_there(const hnsclient::Policy& policy, const json& expected, std::vector<Held>& held) {
    if (explains(expected, held)) return true;
    return is_mapping(policy) && explains(without_local_flag(expected), held);
}

/// The one of that type that nothing explains yet: most likely what has become of it.
std::string what_became_of(const json& expected, std::vector<Held>& held) {
    const std::string type = JsonReader(expected, "").text_or_empty("Type");
    for (Held& policy : held) {
        if (policy.is_explained || !is_of_type(policy.shape, type)) continue;
        policy.is_explained = true;
        return ", found " + policy.shape.dump();
    }
    return "";
}

/// The routes among what nothing explains, as far as HNS can have made them.
void leave_to_hns(std::vector<Held>& held, std::ptrdiff_t routes) {
    for (Held& policy : held)
        if (routes > 0 && !policy.is_explained && is_of_type(policy.shape, "SDNRoute")) {
            policy.is_explained = true;
            --routes;
        }
}

void compare_policies(Sentences& sentences, const Endpoint& plan, const Endpoint& found) {
    std::vector<Held> held = held_in(found);
    std::vector<json> missing;
    for (const auto& policy : plan.policies) {
        json expected = shape_of(policy);
        if (!is_there(policy, expected, held)) missing.push_back(std::move(expected));
    }
    for (const json& expected : missing)
        sentences.push_back("policy missing or changed: expected " + expected.dump()
                            + what_became_of(expected, held));
    leave_to_hns(held, routes_of_hns(found));
    for (const Held& policy : held)
        if (!policy.is_explained)
            sentences.push_back("policy that ADD would not make: " + policy.shape.dump());
}

void compare_dns(Sentences& sentences,
                 const hnsclient::Dns& expected,
                 const hnsclient::Dns& found) {
    // HNS gives NAT endpoints the host's where nobody asks for others.
    if (!expected.servers.empty())
        compare(sentences, "DNS servers", listed(expected.servers), listed(found.servers));
    if (!expected.search.empty())
        compare(sentences, "DNS search list", listed(expected.search), listed(found.search));
    if (!expected.domain.empty()) compare(sentences, "DNS domain", expected.domain, found.domain);
}

} // namespace

std::vector<std::string> differences(const Endpoint& plan, const Endpoint& found) {
    Sentences sentences;
    if (!hnsclient::same_guid(plan.network_id, found.network_id))
        sentences.push_back("network: expected " + plan.network_id + ", found " + found.network_id);
    if (!plan.addresses.empty())
        compare_sets(sentences, "addresses", shown(plan.addresses), shown(found.addresses));
    compare_routes(sentences, plan.routes, found.routes);
    if (plan.mac && plan.mac != found.mac)
        sentences.push_back("MAC address: expected " + plan.mac->to_string() + ", found "
                            + (found.mac ? found.mac->to_string() : "none"));
    compare_dns(sentences, plan.dns, found.dns);
    compare_policies(sentences, plan, found);
    if (const std::string fault = hnsclient::fault_of(found); !fault.empty())
        sentences.push_back("HNS reports the endpoint as " + fault);
    return sentences;
}

} // namespace plugins
