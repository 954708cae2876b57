// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/policies.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "libcni/base/text.hpp"
#include "libcni/ip.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

/// One word that HNS and HCN have for a type of policy or a setting of it.
struct Word {
    std::string_view v1;
    std::string_view v2;
};

constexpr std::array types{
    Word{"NAT", "PortMapping"}, Word{"ROUTE", "SDNRoute"}, Word{"PA", "ProviderAddress"}};

struct SettingWord {
    std::string_view type;
    Word word;
};

constexpr std::array settings_words{
    SettingWord{"OutBoundNAT", {"ExceptionList", "Exceptions"}},
    SettingWord{"OutBoundNAT", {"VIP", "VirtualIP"}},
    SettingWord{"ProviderAddress", {"PA", "ProviderAddress"}},
    SettingWord{"VSID", {"VSID", "IsolationId"}},
    SettingWord{"VLAN", {"VLAN", "IsolationId"}},
};

std::string
translate_type(const std::string& type, std::string_view Word::*from, std::string_view Word::*to) {
    for (const Word& word : types)
        if (libcni::same_ignoring_case(word.*from, type)) return std::string(word.*to);
    return type;
}

std::string translate_key(std::string_view type,
                          const std::string& key,
                          std::string_view Word::*from,
                          std::string_view Word::*to) {
    for (const auto& [of_type, word] : settings_words)
        if (libcni::same_ignoring_case(of_type, type) && word.*from == key)
            return std::string(word.*to);
    return key;
}

json protocol_number(const json& protocol) {
    if (!protocol.is_string()) return protocol;
    if (libcni::same_ignoring_case(protocol.get<std::string>(), "TCP")) return 6;
    if (libcni::same_ignoring_case(protocol.get<std::string>(), "UDP")) return 17;
    return protocol;
}

json protocol_name(const json& protocol) {
    if (protocol == 6) return "TCP";
    if (protocol == 17) return "UDP";
    return protocol;
}

std::string type_of(const json& policy) {
    if (!policy.is_object()) throw Failure(Code::invalid_policy, "A policy is not an object. ");
    std::string type = text_at(policy, "Type");
    if (type.empty()) throw Failure(Code::invalid_policy_type, "A policy has no Type. ");
    return type;
}

json one_from_v2(const json& policy) {
    const std::string type = type_of(policy);
    for (const auto& [key, value] : policy.items())
        if (key != "Type" && key != "Settings")
            throw Failure(
                Code::invalid_policy,
                std::string(type).append(": ").append(key).append(" is outside its Settings. "));
    return {{"Type", type}, {"Settings", object_at(policy, "Settings")}};
}

json one_from_v1(const json& policy) {
    const std::string type = translate_type(type_of(policy), &Word::v1, &Word::v2);
    if (policy.contains("Settings"))
        return {{"Type", type}, {"Settings", object_at(policy, "Settings")}};
    json settings = json::object();
    for (const auto& [key, value] : policy.items())
        if (key != "Type") settings[translate_key(type, key, &Word::v1, &Word::v2)] = value;
    if (type == "PortMapping" && settings.contains("Protocol"))
        settings["Protocol"] = protocol_number(settings["Protocol"]);
    return {{"Type", type}, {"Settings", std::move(settings)}};
}

json one_to_v1(const json& policy) {
    const std::string type = type_of(policy);
    json flat{{"Type", translate_type(type, &Word::v2, &Word::v1)}};
    const json settings = object_at(policy, "Settings");
    for (const auto& [key, value] : settings.items())
        flat[translate_key(type, key, &Word::v2, &Word::v1)] = value;
    if (libcni::same_ignoring_case(type, "PortMapping") && flat.contains("Protocol"))
        flat["Protocol"] = protocol_name(flat["Protocol"]);
    return flat;
}

json each(const json& policies, json (*convert)(const json&)) {
    json result = json::array();
    if (policies.is_null()) return result;
    if (!policies.is_array()) throw Failure(Code::invalid_json, "Policies is not an array. ");
    for (const auto& policy : policies)
        result.push_back(convert(policy));
    return result;
}

/// The versions that know a type of policy: from the first on.
struct Since {
    std::string_view type;
    Version version;
};

constexpr std::array since{
    Since{"ACL", {7, 2}}, Since{"L4WFPPROXY", {13, 2}}, Since{"TierAcl", {14, 0}}};

bool knows_loopback_dsr(const Version& version) {
    return (version >= Version{9, 3} && version < Version{10, 0}) || version >= Version{10, 2};
}

void check_known(const std::string& type, const json& settings, const Version& version) {
    for (const auto& [name, first] : since)
        if (libcni::same_ignoring_case(name, type) && version < first)
            throw Failure(Code::invalid_policy_type,
                          "The policy " + type + " is not known to this version of HNS. ");
    if (libcni::same_ignoring_case(type, "OutBoundNAT") && settings.contains("Destinations")
        && !knows_loopback_dsr(version))
        throw Failure(Code::request_unsupported,
                      "OutBoundNAT with Destinations is not known to this version of HNS. ");
}

void check_settings(const std::string& type, const json& settings) {
    if (libcni::same_ignoring_case(type, "PortMapping")) {
        for (const char* key : {"InternalPort", "ExternalPort"})
            if (!settings.contains(key) || number_at(settings, key, 65535) == 0)
                throw Failure(Code::invalid_policy, "PortMapping without " + std::string(key));
    }
    if (libcni::same_ignoring_case(type, "ProviderAddress")
        && !libcni::parse_address(text_at(settings, "ProviderAddress")))
        throw Failure(Code::invalid_policy, "ProviderAddress without an address. ");
}

/// Up to Windows 1803 the driver of the switch is a policy of each endpoint of an l2bridge or
/// l2tunnel network, on Server 2019 of those of other nodes.
bool is_on_switch_driver(const json& endpoint, const json& network, const Version& version) {
    constexpr unsigned remote_flag = 1;
    if ((number_at(endpoint, "Flags", 0xFFFFFFFFU) & remote_flag) != 0)
        return version < windows::since_1903;
    const std::string type = text_at(network, "Type");
    return version < windows::since_1809 && (type == "L2Bridge" || type == "L2Tunnel");
}

/// With a local mapping goes a route to the host's own address, by which the host reaches the port.
std::optional<json> route_of_mappings(const json& policies, const json& network) {
    constexpr unsigned local_flag = 1;
    const std::string host = text_at(network, "ManagementIP");
    const bool has_local = std::ranges::any_of(policies, [](const json& policy) {
        return libcni::same_ignoring_case(type_of(policy), "PortMapping")
               && (number_at(object_at(policy, "Settings"), "Flags", 0xFFFFFFFFU) & local_flag)
                      != 0;
    });
    if (!has_local || host.empty()) return std::nullopt;
    return json{{"Type", "SDNRoute"},
                {"Settings", {{"DestinationPrefix", host + "/32"}, {"NeedEncap", true}}}};
}

/// An address alone is a prefix to HNS.
bool is_no_prefix(const json& exception) {
    if (!exception.is_string()) return true;
    const auto text = exception.get<std::string>();
    return !libcni::Cidr::parse(text) && !libcni::parse_address(text);
}

void remove_policy(json& policies, const json& unwanted) {
    const auto found = std::ranges::find(policies, unwanted);
    if (found == policies.end()) throw Failure(Code::policy_not_found);
    policies.erase(found);
}

json without_types_of(const json& policies, const json& changes) {
    json kept = json::array();
    for (const auto& policy : policies) {
        const bool replaced = std::ranges::any_of(changes, [&](const json& change) {
            return libcni::same_ignoring_case(type_of(change), type_of(policy));
        });
        if (!replaced) kept.push_back(policy);
    }
    return kept;
}

} // namespace

json from_v2(const json& policies) {
    return each(policies, one_from_v2);
}

json from_v1(const json& policies) {
    return each(policies, one_from_v1);
}

json to_v1(const json& policies) {
    return each(policies, one_to_v1);
}

void check_endpoint_policies(const json& policies, const Version& version) {
    for (const auto& policy : policies) {
        const std::string type = type_of(policy);
        check_known(type, policy.at("Settings"), version);
        check_settings(type, policy.at("Settings"));
    }
}

std::vector<std::string> host_ports(const json& policies) {
    std::vector<std::string> ports;
    for (const auto& policy : policies) {
        if (!libcni::same_ignoring_case(type_of(policy), "PortMapping")) continue;
        const json settings = object_at(policy, "Settings");
        ports.push_back(settings.value("Protocol", json()).dump() + "/"
                        + settings.value("ExternalPort", json()).dump() + "/"
                        + text_at(settings, "VIP"));
    }
    return ports;
}

bool all_mappings_have(const json& policies, unsigned flag) {
    return std::ranges::all_of(policies, [&](const json& policy) {
        return !libcni::same_ignoring_case(type_of(policy), "PortMapping")
               || (number_at(object_at(policy, "Settings"), "Flags", 0xFFFFFFFFU) & flag) != 0;
    });
}

bool has_unusable_prefix(const json& policies) {
    return std::ranges::any_of(policies, [](const json& policy) {
        const std::string type = type_of(policy);
        const json settings = object_at(policy, "Settings");
        if (libcni::same_ignoring_case(type, "SDNRoute"))
            return !libcni::Cidr::parse(text_at(settings, "DestinationPrefix"));
        if (!libcni::same_ignoring_case(type, "OutBoundNAT")) return false;
        const json exceptions = list_at(settings, "Exceptions");
        return std::ranges::any_of(exceptions, is_no_prefix);
    });
}

json with_those_of_hns(const json& endpoint, const json& network, const Version& version) {
    json policies = list_at(endpoint, "Policies");
    if (is_on_switch_driver(endpoint, network, version)
        && settings_of(policies, "L2Driver").is_null())
        policies.push_back({{"Type", "L2Driver"}, {"Settings", json::object()}});
    for (auto& policy : policies)
        if (version >= windows::since_2022 && libcni::same_ignoring_case(type_of(policy), "ACL")
            && !policy["Settings"].contains("Scope"))
            policy["Settings"]["Scope"] = 0;
    if (const auto route = route_of_mappings(policies, network);
        route && std::ranges::find(policies, *route) == policies.end())
        policies.push_back(*route);
    return policies;
}

json settings_of(const json& policies, std::string_view type) {
    for (const auto& policy : policies)
        if (libcni::same_ignoring_case(type_of(policy), type)) return object_at(policy, "Settings");
    return nullptr;
}

void modify_policies(json& policies, const json& changes, std::string_view request_type) {
    if (request_type == "Remove") {
        for (const auto& change : changes)
            remove_policy(policies, change);
        return;
    }
    if (request_type == "Update")
        policies = without_types_of(policies, changes);
    else if (request_type != "Add")
        throw Failure(Code::invalid_argument, "RequestType is not Add, Remove or Update. ");
    for (const auto& change : changes)
        policies.push_back(change);
}

} // namespace hnsclient::emulator
