// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/policy.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/ip.hpp"

namespace hnsclient {

using libcni::JsonReader;
using libcni::same_ignoring_case;

namespace {

/// The members that none of `known` names.
nlohmann::json other_members(const JsonReader& settings,
                             std::initializer_list<std::string_view> known) {
    nlohmann::json others = nlohmann::json::object();
    for (const auto& [key, value] : settings.members()) {
        const auto is_it = [&key = key](std::string_view name) {
            return same_ignoring_case(name, key);
        };
        if (std::none_of(known.begin(), known.end(), is_it)) others[key] = value.json();
    }
    return others;
}

template <class T>
T number_or(const JsonReader& settings, std::string_view key, T otherwise) {
    const auto found = settings.find(key);
    return found ? found->number<T>() : otherwise;
}

bool boolean_or_false(const JsonReader& settings, std::string_view key) {
    const auto found = settings.find(key);
    return found && found->boolean();
}

std::vector<std::string> exceptions_of(const JsonReader& settings) {
    auto exceptions = settings.texts_or_none("Exceptions");
    std::ranges::move(settings.texts_or_none("ExceptionList"), std::back_inserter(exceptions));
    return exceptions;
}

Policy decode_outbound_nat(const JsonReader& settings) {
    OutboundNat nat;
    nat.exceptions = widest_prefixes(exceptions_of(settings));
    nat.destinations = settings.texts_or_none("Destinations");
    nat.virtual_ip = settings.text_or_empty("VirtualIP");
    if (nat.virtual_ip.empty()) nat.virtual_ip = settings.text_or_empty("VIP");
    nat.others = other_members(
        settings, {"Type", "Exceptions", "ExceptionList", "Destinations", "VirtualIP", "VIP"});
    return nat;
}

Policy decode_route(const JsonReader& settings) {
    const JsonReader destination = settings.require("DestinationPrefix");
    // What a script leaves when its variable was not set.
    if (destination.text().empty()) destination.mismatch("a network like 10.96.0.0/12");
    return SdnRoute{
        .destination = destination.text(),
        .next_hop = settings.text_or_empty("NextHop"),
        .need_encap = boolean_or_false(settings, "NeedEncap"),
        .others = other_members(settings, {"Type", "DestinationPrefix", "NextHop", "NeedEncap"})};
}

/// HNS v1 writes "TCP", HCN writes 6.
Protocol decode_protocol(const JsonReader& settings) {
    const auto key = settings.require("Protocol");
    if (!key.is_string()) return {key.number<std::uint32_t>()};
    if (const auto protocol = Protocol::parse(key.text())) return *protocol;
    key.mismatch("TCP (6) or UDP (17)");
}

Policy decode_port_mapping(const JsonReader& settings) {
    std::string virtual_ip = settings.text_or_empty("VIP");
    if (virtual_ip.empty()) virtual_ip = settings.text_or_empty("ExternalIP");
    return PortMapping{
        .protocol = decode_protocol(settings),
        .internal_port = settings.require("InternalPort").number<std::uint16_t>(),
        .external_port = settings.require("ExternalPort").number<std::uint16_t>(),
        .virtual_ip = std::move(virtual_ip),
        .flags = number_or<std::uint32_t>(settings, "Flags", 0),
        .others = other_members(
            settings,
            {"Type", "Protocol", "InternalPort", "ExternalPort", "VIP", "ExternalIP", "Flags"})};
}

Policy decode_provider_address(const JsonReader& settings) {
    const auto address = settings.find("ProviderAddress");
    return ProviderAddress{(address ? *address : settings.require("PA")).text()};
}

using Names = std::span<const std::string_view>;

// The settings of these types, of which decode_...() models most, in the spellings of both APIs.
constexpr auto nat_settings = std::to_array<std::string_view>({"Destinations",
                                                               "ExceptionList",
                                                               "Exceptions",
                                                               "Flags",
                                                               "MaxPortPoolUsage",
                                                               "VIP",
                                                               "VirtualIP"});
constexpr auto route_settings = std::to_array<std::string_view>(
    {"AutomaticSetup", "DestinationPrefix", "NeedEncap", "NextHop"});
constexpr auto mapping_settings = std::to_array<std::string_view>({"ExternalIP",
                                                                   "ExternalPort",
                                                                   "ExternalPortReserved",
                                                                   "Flags",
                                                                   "InternalPort",
                                                                   "Protocol",
                                                                   "VIP"});
constexpr auto provider_settings = std::to_array<std::string_view>({"PA", "ProviderAddress"});

struct Reader {
    std::string_view type;
    Policy (*decode)(const JsonReader& settings);
    Names settings;
};

// Both spellings of each type name.
constexpr std::array readers{Reader{"OutBoundNAT", decode_outbound_nat, nat_settings},
                             Reader{"SDNRoute", decode_route, route_settings},
                             Reader{"ROUTE", decode_route, route_settings},
                             Reader{"PortMapping", decode_port_mapping, mapping_settings},
                             Reader{"NAT", decode_port_mapping, mapping_settings},
                             Reader{"ProviderAddress", decode_provider_address, provider_settings},
                             Reader{"PA", decode_provider_address, provider_settings}};

// Policies whose settings have the same names in both APIs, as HNS spells their types.
constexpr std::array<std::string_view, 10> shared_types{"ACL",
                                                        "EncapOverhead",
                                                        "InterfaceConstraint",
                                                        "Iov",
                                                        "L2Driver",
                                                        "L4Proxy",
                                                        "L4WFPPROXY",
                                                        "PortName",
                                                        "QOS",
                                                        "TierAcl"};

// The settings of shared types, with those inside of them, as both APIs spell them.
constexpr auto shared_settings = std::to_array<std::string_view>({"Action",
                                                                  "Destination",
                                                                  "Direction",
                                                                  "ExceptionList",
                                                                  "FilterTuple",
                                                                  "FiveTuple",
                                                                  "Id",
                                                                  "InboundExceptions",
                                                                  "InboundProxyPort",
                                                                  "InterfaceAlias",
                                                                  "InterfaceDescription",
                                                                  "InterfaceGuid",
                                                                  "InterfaceIndex",
                                                                  "InterfaceLuid",
                                                                  "InterfaceMediaType",
                                                                  "InternalPort",
                                                                  "InterruptModeration",
                                                                  "IovOffloadWeight",
                                                                  "IP",
                                                                  "IpAddressExceptions",
                                                                  "LocalAddresses",
                                                                  "LocalPort",
                                                                  "LocalPorts",
                                                                  "MaximumOutgoingBandwidthInBytes",
                                                                  "Name",
                                                                  "Order",
                                                                  "OutboundExceptions",
                                                                  "OutboundNAT",
                                                                  "OutboundProxyPort",
                                                                  "Overhead",
                                                                  "Port",
                                                                  "PortExceptions",
                                                                  "Priority",
                                                                  "Protocol",
                                                                  "Protocols",
                                                                  "QueuePairsRequested",
                                                                  "RemoteAddresses",
                                                                  "RemotePort",
                                                                  "RemotePorts",
                                                                  "RuleType",
                                                                  "Scope",
                                                                  "ServiceName",
                                                                  "TierAclRuleAction",
                                                                  "TierAclRules",
                                                                  "UserSID"});

constexpr auto types = [] {
    std::array<std::string_view, readers.size() + shared_types.size()> names{};
    const auto next = std::ranges::transform(readers, names.begin(), &Reader::type).out;
    std::ranges::copy(shared_types, next);
    return names;
}();

std::string spelled_by_hns(const std::string& key) {
    const auto is_it = [&](std::string_view known) { return same_ignoring_case(known, key); };
    const auto known = std::ranges::find_if(shared_settings, is_it);
    return known == shared_settings.end() ? key : std::string(*known);
}

/// The same settings with the keys as HNS spells them: HCN overlooks the others.
nlohmann::json in_spelling_of_hns(const nlohmann::json& settings) {
    if (settings.is_array()) {
        nlohmann::json list = nlohmann::json::array();
        for (const auto& element : settings)
            list.push_back(in_spelling_of_hns(element));
        return list;
    }
    if (!settings.is_object()) return settings;
    nlohmann::json spelled = nlohmann::json::object();
    for (const auto& [key, value] : settings.items()) {
        const std::string name = spelled_by_hns(key);
        // Of two spellings HNS's own counts.
        if (name == key || !settings.contains(name)) spelled[name] = in_spelling_of_hns(value);
    }
    return spelled;
}

bool is_v6(const std::string& text) {
    return text.find(':') != std::string::npos;
}

/// The author's policy that may take an exception of this family.
OutboundNat* find_nat_for(std::vector<Policy>& policies, const std::string& prefix) {
    for (auto& policy : policies) {
        auto* const nat = std::get_if<OutboundNat>(&policy);
        if (nat == nullptr || !nat->destinations.empty()) continue;
        if (nat->exceptions.empty() || is_v6(nat->exceptions.front()) == is_v6(prefix)) return nat;
    }
    return nullptr;
}

} // namespace

Names policy_types() noexcept {
    return types;
}

Names settings_of_type(std::string_view type) noexcept {
    const auto is_it = [&](std::string_view known) { return same_ignoring_case(known, type); };
    const auto* const reader = std::ranges::find_if(readers, is_it, &Reader::type);
    if (reader != readers.end()) return reader->settings;
    return std::ranges::any_of(shared_types, is_it) ? Names(shared_settings) : Names();
}

Policy decode_policy(const JsonReader& json) {
    if (!json.is_object()) json.mismatch("an object with a \"Type\"");
    const std::string type = json.require("Type").text();
    const auto is_it = [&](std::string_view known) { return same_ignoring_case(known, type); };
    const JsonReader settings = json.find("Settings").value_or(json);
    const auto reader = std::ranges::find_if(readers, is_it, &Reader::type);
    if (reader != readers.end()) return reader->decode(settings);
    const auto shared = std::ranges::find_if(shared_types, is_it);
    if (shared != shared_types.end())
        return SharedPolicy{.type = std::string(*shared),
                            .settings = in_spelling_of_hns(other_members(settings, {"Type"}))};
    return OtherPolicy{json.json()};
}

std::vector<std::string> widest_prefixes(const std::vector<std::string>& prefixes) {
    std::vector<std::string> widest;
    const auto hides = [](const std::string& wide, const std::string& narrow) {
        const auto a = libcni::Cidr::parse(wide);
        const auto b = libcni::Cidr::parse(narrow);
        if (!a || !b) return wide == narrow;
        return a->network().address() == b->network().address()
               && a->prefix_length() <= b->prefix_length();
    };
    for (const auto& prefix : prefixes) {
        if (std::ranges::any_of(widest, [&](const auto& kept) { return hides(kept, prefix); }))
            continue;
        const auto narrower =
            std::ranges::find_if(widest, [&](const auto& kept) { return hides(prefix, kept); });
        if (narrower == widest.end())
            widest.push_back(prefix);
        else
            *narrower = prefix;
    }
    return widest;
}

void add_nat_exception(std::vector<Policy>& policies, const std::string& prefix) {
    if (OutboundNat* const nat = find_nat_for(policies, prefix)) {
        nat->exceptions.push_back(prefix);
        nat->exceptions = widest_prefixes(nat->exceptions);
        return;
    }
    OutboundNat nat;
    nat.exceptions = {prefix};
    policies.emplace_back(std::move(nat));
}

void add_nat_destination(std::vector<Policy>& policies, const std::string& destination) {
    for (auto& policy : policies) {
        auto* const nat = std::get_if<OutboundNat>(&policy);
        if (nat == nullptr || nat->destinations.empty()) continue;
        if (std::ranges::find(nat->destinations, destination) != nat->destinations.end()) return;
    }
    OutboundNat nat;
    nat.destinations = {destination};
    policies.emplace_back(std::move(nat));
}

} // namespace hnsclient
