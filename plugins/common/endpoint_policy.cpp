// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/endpoint_policy.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "plugins/common/policy_spelling.hpp"
#include "plugins/common/values.hpp"

namespace plugins {

using hnsclient::Policy;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;
using nlohmann::json;

namespace {

bool is_v6(const std::string& text) {
    return text.find(':') != std::string::npos;
}

std::vector<std::string> of_family(const std::vector<std::string>& texts, bool v6) {
    std::vector<std::string> own;
    for (const auto& text : texts)
        if (is_v6(text) == v6) own.push_back(text);
    return own;
}

/// A network where the author wrote one, an address where they wrote an address: HNS takes both.
std::string parse_destination(const std::string& place, std::string_view text) {
    if (text.find('/') != std::string_view::npos) return parse_prefix(place, text).to_string();
    return parse_address_at(place, text).to_string();
}

/// Reads an address beside other settings; nothing stands for nothing.
void check_address(const JsonReader& settings, const char* key, std::string& address) {
    if (address.empty()) return;
    const auto found = settings.find(key);
    address = parse_address_at(found ? found->path() : settings.path(), address).to_string();
}

void check_port(const JsonReader& settings, const char* key, std::uint16_t port) {
    if (port == 0)
        throw Error(ErrorCode::invalid_network_config,
                    settings.path() + "." + key + " is 0",
                    "a port is a number from 1 to 65535");
}

enum class Value { addresses, ports };

struct ValueKey {
    std::string_view name;
    Value value;
};

/// The settings of ACLs and proxies that hold addresses or ports, at any depth.
constexpr std::array value_keys{ValueKey{"LocalAddresses", Value::addresses},
                                ValueKey{"RemoteAddresses", Value::addresses},
                                ValueKey{"IpAddressExceptions", Value::addresses},
                                ValueKey{"ExceptionList", Value::addresses},
                                ValueKey{"IP", Value::addresses},
                                ValueKey{"Destination", Value::addresses},
                                ValueKey{"LocalPorts", Value::ports},
                                ValueKey{"RemotePorts", Value::ports},
                                ValueKey{"LocalPort", Value::ports},
                                ValueKey{"RemotePort", Value::ports},
                                ValueKey{"InternalPort", Value::ports},
                                ValueKey{"PortExceptions", Value::ports},
                                ValueKey{"InboundProxyPort", Value::ports},
                                ValueKey{"OutboundProxyPort", Value::ports}};

/// The parts of a text that HNS wants separated by commas.
std::string checked_list(const std::string& place, const std::string& text, Value value) {
    std::vector<std::string> parts;
    for (const auto part : libcni::split(text, ',')) {
        if (part.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
        auto checked =
            value == Value::ports ? parse_ports(place, part) : parse_destination(place, part);
        if (std::ranges::find(parts, checked) == parts.end()) parts.push_back(std::move(checked));
    }
    return libcni::joined(parts, ",");
}

json checked_value(const JsonReader& setting, Value value) {
    if (setting.is_string()) return checked_list(setting.path(), setting.text(), value);
    if (setting.is_array()) {
        json list = json::array();
        for (const auto& element : setting.elements()) {
            require_not_empty(element);
            list.push_back(checked_value(element, value));
        }
        return list;
    }
    if (value == Value::ports && !setting.json().is_null()) (void)setting.number<std::uint16_t>();
    return setting.json();
}

json checked_settings(const JsonReader& settings) {
    if (!settings.is_object()) return settings.json();
    json checked = json::object();
    for (const auto& [name, setting] : settings.members()) {
        const auto is_it = [&key = name](const ValueKey& known) {
            return libcni::same_ignoring_case(known.name, key);
        };
        const auto* const known = std::ranges::find_if(value_keys, is_it);
        checked[name] = known == value_keys.end() ? checked_settings(setting)
                                                  : checked_value(setting, known->value);
    }
    return checked;
}

/// A filter's list is one text in HNS; people write lists and single numbers.
void join_list(json& acl, const char* key) {
    const auto found = acl.find(key);
    if (found == acl.end() || found->is_string() || found->is_null()) return;
    std::vector<std::string> parts;
    for (const auto& part : found->is_array() ? *found : json::array({*found}))
        parts.push_back(part.is_string() ? part.get<std::string>() : part.dump());
    *found = libcni::joined(parts, ",");
}

std::string of_family(const std::string& list, bool v6) {
    std::vector<std::string> texts;
    for (const auto text : libcni::split(list, ','))
        if (!text.empty()) texts.emplace_back(text);
    return libcni::joined(of_family(texts, v6), ",");
}

/// The rule's part for one family; false when a filter of the rule has no address of it.
bool narrow(json& acl, bool v6) {
    for (const char* key : {"LocalAddresses", "RemoteAddresses"}) {
        const auto found = acl.find(key);
        if (found == acl.end() || !found->is_string() || found->get<std::string>().empty())
            continue;
        std::string own = of_family(found->get<std::string>(), v6);
        if (own.empty()) return false;
        *found = std::move(own);
    }
    return true;
}

bool filters_addresses(const json& acl) {
    return std::ranges::any_of(
        std::array{"LocalAddresses", "RemoteAddresses"}, [&](const char* key) {
            const auto found = acl.find(key);
            return found != acl.end() && found->is_string() && !found->get<std::string>().empty();
        });
}

std::vector<Policy> split_acl(const JsonReader& value, json acl) {
    for (const char* key : {"LocalAddresses", "RemoteAddresses", "LocalPorts", "RemotePorts"})
        join_list(acl, key);
    if (!filters_addresses(acl)) return {hnsclient::SharedPolicy{"ACL", acl}};
    std::vector<Policy> rules;
    for (const bool v6 : {false, true})
        if (json own = acl; narrow(own, v6))
            rules.emplace_back(hnsclient::SharedPolicy{"ACL", std::move(own)});
    if (rules.empty())
        throw Error(ErrorCode::invalid_network_config,
                    value.path() + " filters addresses of one family by those of the other",
                    "LocalAddresses and RemoteAddresses of a rule must have a family in common");
    return rules;
}

/// Checks a policy that was decoded from `value` with these settings.
struct Checker {
    const JsonReader& value;
    const JsonReader& settings;

    std::vector<Policy> operator()(hnsclient::OutboundNat nat) const {
        nat.exceptions.clear();
        for (const char* key : {"Exceptions", "ExceptionList"})
            if (const auto list = settings.find(key))
                for (const auto& element : texts_in(*list))
                    nat.exceptions.push_back(read_prefix(element).to_string());
        nat.destinations.clear();
        if (const auto list = settings.find("Destinations"))
            for (const auto& element : texts_in(*list))
                nat.destinations.push_back(parse_destination(element.path(), element.text()));
        check_address(settings, "VirtualIP", nat.virtual_ip);
        return split(nat);
    }

    std::vector<Policy> operator()(hnsclient::SdnRoute route) const {
        const auto destination = read_prefix(settings.require("DestinationPrefix"));
        route.destination = destination.to_string();
        check_address(settings, "NextHop", route.next_hop);
        if (!route.next_hop.empty() && is_v6(route.next_hop) != is_v6(route.destination))
            throw Error(ErrorCode::invalid_network_config,
                        settings.path() + ".NextHop \"" + route.next_hop
                            + "\" is not of the family of " + route.destination,
                        "name a next hop of the destination's family");
        return {route};
    }

    std::vector<Policy> operator()(hnsclient::PortMapping mapping) const {
        check_address(settings, "VIP", mapping.virtual_ip);
        check_port(settings, "InternalPort", mapping.internal_port);
        check_port(settings, "ExternalPort", mapping.external_port);
        return {mapping};
    }

    std::vector<Policy> operator()(hnsclient::ProviderAddress provider) const {
        check_address(settings, settings.find("PA") ? "PA" : "ProviderAddress", provider.address);
        return {provider};
    }

    std::vector<Policy> operator()(const hnsclient::SharedPolicy& shared) const {
        const JsonReader own(*shared.settings, settings.path());
        json checked = checked_settings(own);
        if (shared.type == "ACL") return split_acl(value, std::move(checked));
        return {hnsclient::SharedPolicy{shared.type, std::move(checked)}};
    }

    std::vector<Policy> operator()(const hnsclient::OtherPolicy& other) const { return {other}; }

private:
    static std::vector<Policy> split(const hnsclient::OutboundNat& nat) {
        std::vector<Policy> policies;
        for (const bool v6 : {false, true}) {
            hnsclient::OutboundNat own = nat;
            own.exceptions = hnsclient::widest_prefixes(of_family(nat.exceptions, v6));
            own.destinations = hnsclient::widest_prefixes(of_family(nat.destinations, v6));
            const bool is_empty = own.exceptions.empty() && own.destinations.empty();
            // Without its destinations a policy would translate everything.
            if (is_empty || (own.destinations.empty() && !nat.destinations.empty())) continue;
            if (is_v6(own.virtual_ip) != v6) own.virtual_ip.clear();
            policies.emplace_back(std::move(own));
        }
        return policies.empty() ? std::vector<Policy>{nat} : policies;
    }
};

/// True where Microsoft's own scripts leave a key empty that stands for all addresses, and for
/// policies that are HNS's to understand.
bool may_be_empty(const Policy& policy) {
    return std::holds_alternative<hnsclient::PortMapping>(policy)
           || std::holds_alternative<hnsclient::OtherPolicy>(policy);
}

void warn_of_empty_settings(const JsonReader& settings) {
    for (const char* key : {"VIP", "VirtualIP", "NextHop", "PA", "ProviderAddress"})
        if (const auto value = settings.find(key)) warn_of_empty(*value);
}

Policy decode(const JsonReader& value) {
    try {
        return hnsclient::decode_policy(value);
    } catch (const libcni::BadShape& error) {
        throw Error(
            ErrorCode::invalid_network_config,
            std::string("a policy cannot be understood: ") + error.what(),
            "a policy is {\"Type\": \"...\", \"Settings\": {...}}; see docs/configuration.md");
    }
}

} // namespace

std::vector<Policy> read_endpoint_policy(const JsonReader& value) {
    require_filled_in(value);
    warn_of_misspellings(value);
    Policy policy = decode(value);
    const JsonReader settings = value.find("Settings").value_or(value);
    if (!may_be_empty(policy)) warn_of_empty_settings(settings);
    return std::visit(Checker{value, settings}, std::move(policy));
}

void add_new(std::vector<Policy>& policies, std::vector<Policy> more) {
    for (auto& policy : more)
        if (std::ranges::find(policies, policy) == policies.end())
            policies.push_back(std::move(policy));
}

} // namespace plugins
