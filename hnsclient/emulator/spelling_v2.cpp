// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/spelling_v2.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/networks.hpp"
#include "hnsclient/emulator/policies.hpp"
#include "libcni/base/text.hpp"
#include "libcni/ip.hpp"

namespace hnsclient::emulator::v2 {

using nlohmann::json;

namespace {

constexpr const char* no_namespace = "00000000-0000-0000-0000-000000000000";

const json& schema_version() {
    static const json version{{"Major", 2}, {"Minor", 0}};
    return version;
}

const json& healthy() {
    static const json health{
        {"Extra",
         {{"Resources",
           {{"Health", {{"LastErrorCode", 0}, {"LastUpdateTime", 133000000000000000}}}}}}}};
    return health;
}

/// HCN's own IDs are in lower case.
std::string id_of(const json& object, const char* key) {
    return lower_case(text_at(object, key));
}

bool is_empty(const json& value) {
    return value.is_null() || ((value.is_structured() || value.is_string()) && value.size() == 0)
           || value == "";
}

/// HCN leaves out what is empty.
json without_empty_members(const json& object) {
    json result = json::object();
    for (const auto& [key, value] : object.items())
        if (!is_empty(value)) result[key] = value;
    return result;
}

/// A test may have put another one into the store.
json health_of(const json& endpoint) {
    return endpoint.value("Health", healthy());
}

/// "0.0.0.0" alone is what the older SDN scripts write.
bool is_default(const std::string& destination) {
    return destination == "0.0.0.0/0" || destination == "::/0" || destination == "0.0.0.0";
}

void require_known_dns(const json& settings) {
    require_known(object_at(settings, "Dns"), {"Domain", "Search", "ServerList", "Options"});
}

void require_known_routes(const json& object) {
    require_each_known(list_at(object, "Routes"), {"NextHop", "DestinationPrefix", "Metric"});
}

json read_subnet(const json& subnet) {
    require_known(subnet,
                  {"IpAddressPrefix", "Policies", "Routes", "IpSubnets", "ID", "Flags", "State"});
    require_known_routes(subnet);
    json result{{"AddressPrefix", text_at(subnet, "IpAddressPrefix")},
                {"Policies", from_v2(list_at(subnet, "Policies"))}};
    json others = json::array();
    for (const auto& route : list_at(subnet, "Routes")) {
        if (is_default(text_at(route, "DestinationPrefix")))
            result["GatewayAddress"] = text_at(route, "NextHop");
        else
            others.push_back(route);
    }
    if (!others.empty()) result["Routes"] = std::move(others);
    return result;
}

json write_subnet(const json& subnet) {
    const std::string prefix = text_at(subnet, "AddressPrefix");
    const std::string gateway = text_at(subnet, "GatewayAddress");
    json routes = json::array();
    if (!gateway.empty()) {
        const bool is_v4 = gateway.find(':') == std::string::npos;
        routes.push_back(
            {{"NextHop", gateway}, {"DestinationPrefix", is_v4 ? "0.0.0.0/0" : "::/0"}});
    }
    for (const auto& route : list_at(subnet, "Routes"))
        routes.push_back(route);
    return without_empty_members({{"IpAddressPrefix", prefix},
                                  {"Policies", from_v1(list_at(subnet, "Policies"))},
                                  {"Routes", std::move(routes)}});
}

json write_ipams(const json& network) {
    json subnets = json::array();
    for (const auto& subnet : list_at(network, "Subnets"))
        subnets.push_back(write_subnet(subnet));
    if (subnets.empty()) return json::array();
    json ipam{{"Subnets", std::move(subnets)}};
    // Static is the first of its enumeration, as NAT, Host and flags of 0 are.
    if (const auto type = text_at(network, "IpamType"); !type.empty() && type != "Static")
        ipam["Type"] = type;
    return json::array({std::move(ipam)});
}

json write_network_policies(const json& network) {
    json policies = list_at(network, "Policies");
    const std::string management_ip = text_at(network, "ManagementIP");
    if (!management_ip.empty() && has_management_address(network)
        && settings_of(policies, "ProviderAddress").is_null())
        policies.push_back(
            {{"Type", "ProviderAddress"}, {"Settings", {{"ProviderAddress", management_ip}}}});
    return policies;
}

json write_resources(const json& name_space) {
    json resources = json::array();
    const auto add = [&](const char* list, const char* type) {
        for (const auto& id : list_at(name_space, list))
            resources.push_back({{"Type", type}, {"Data", {{"Id", id}}}});
    };
    add("Endpoints", "Endpoint");
    for (auto& resource : resources)
        resource["Data"]["Id"] = id_of(resource["Data"], "Id");
    add("Containers", "Container");
    return resources;
}

} // namespace

json read_network(const json& settings) {
    require_known(settings,
                  {"ID",
                   "Name",
                   "Owner",
                   "Type",
                   "Policies",
                   "MacPool",
                   "Dns",
                   "Ipams",
                   "Flags",
                   "Health",
                   "State",
                   "Version",
                   "Telemetry",
                   "AdditionalParams",
                   "SchemaVersion"});
    require_known_dns(settings);
    require_known(object_at(settings, "MacPool"), {"Ranges"});
    json network{{"Name", text_at(settings, "Name")},
                 {"Type", text_at(settings, "Type")},
                 {"Policies", from_v2(list_at(settings, "Policies"))},
                 {"MacPools", list_at(object_at(settings, "MacPool"), "Ranges")},
                 {"Dns", object_at(settings, "Dns")},
                 {"Flags", number_at(settings, "Flags", 0xFFFFFFFFU)},
                 {"Subnets", json::array()}};
    for (const auto& ipam : list_at(settings, "Ipams")) {
        require_known(ipam, {"Type", "Subnets"});
        if (!text_at(ipam, "Type").empty()) network["IpamType"] = text_at(ipam, "Type");
        for (const auto& subnet : list_at(ipam, "Subnets"))
            network["Subnets"].push_back(read_subnet(subnet));
    }
    const json address = settings_of(network["Policies"], "ProviderAddress");
    if (!address.is_null()) network["ManagementIP"] = text_at(address, "ProviderAddress");
    return network;
}

json write_network(const json& network) {
    if (network.contains("Answers")) return network["Answers"]["v2"];
    json result{{"ID", id_of(network, "ID")},
                {"Name", text_at(network, "Name")},
                {"Policies", write_network_policies(network)},
                {"Dns", object_at(network, "Dns")},
                {"Ipams", write_ipams(network)},
                {"Health", healthy()},
                {"State", 1},
                {"SchemaVersion", schema_version()}};
    if (const auto type = text_at(network, "Type"); type != "NAT") result["Type"] = type;
    if (const json pools = list_at(network, "MacPools"); !pools.empty())
        result["MacPool"] = {{"Ranges", pools}};
    if (const auto flags = number_at(network, "Flags", 0xFFFFFFFFU); flags != 0)
        result["Flags"] = flags;
    return without_empty_members(result);
}

json read_endpoint(const json& settings) {
    require_known(settings,
                  {"ID",
                   "Name",
                   "Owner",
                   "HostComputeNetwork",
                   "HostComputeNamespace",
                   "Policies",
                   "IpConfigurations",
                   "Dns",
                   "Routes",
                   "MacAddress",
                   "Flags",
                   "Health",
                   "State",
                   "Version",
                   "Telemetry",
                   "AdditionalParams",
                   "SchemaVersion"});
    require_known_dns(settings);
    require_each_known(list_at(settings, "IpConfigurations"),
                       {"IpAddress", "PrefixLength", "IpSubnetId"});
    require_known_routes(settings);
    if (!id_at(settings, "HostComputeNamespace").empty())
        throw Failure(Code::invalid_endpoint,
                      "HostComputeNamespace cannot be set when an endpoint is created. ");
    return {{"Name", text_at(settings, "Name")},
            {"Schema", "V2"},
            {"MacAddress", text_at(settings, "MacAddress")},
            {"IpConfigurations", list_at(settings, "IpConfigurations")},
            {"Routes", list_at(settings, "Routes")},
            {"Dns", object_at(settings, "Dns")},
            {"Policies", from_v2(list_at(settings, "Policies"))},
            {"Flags", number_at(settings, "Flags", 0xFFFFFFFFU)}};
}

json write_endpoint(const json& endpoint, const json& network, const Version& version) {
    const std::string name_space = id_of(endpoint, "NamespaceID");
    json result{{"ID", id_of(endpoint, "ID")},
                {"Name", text_at(endpoint, "Name")},
                {"HostComputeNetwork", id_of(endpoint, "NetworkID")},
                {"HostComputeNamespace", name_space.empty() ? no_namespace : name_space},
                {"Policies", with_those_of_hns(endpoint, network, version)},
                {"IpConfigurations", list_at(endpoint, "IpConfigurations")},
                {"Dns", object_at(endpoint, "Dns")},
                {"Routes", list_at(endpoint, "Routes")},
                {"MacAddress", text_at(endpoint, "MacAddress")},
                {"Health", health_of(endpoint)},
                {"State", state_of(endpoint)},
                {"SchemaVersion", schema_version()}};
    if (const auto flags = number_at(endpoint, "Flags", 0xFFFFFFFFU); flags != 0)
        result["Flags"] = flags;
    return without_empty_members(result);
}

std::string read_namespace_type(const json& settings) {
    require_known(settings,
                  {"ID",
                   "NamespaceId",
                   "NamespaceGuid",
                   "Type",
                   "Resources",
                   "Name",
                   "Owner",
                   "Health",
                   "State",
                   "Version",
                   "Telemetry",
                   "AdditionalParams",
                   "SchemaVersion"});
    return text_at(settings, "Type");
}

json write_namespace(const json& name_space) {
    json result{{"ID", id_of(name_space, "ID")},
                {"NamespaceId", number_at(name_space, "NamespaceId", 0xFFFFFFFFU)},
                {"Resources", write_resources(name_space)},
                {"State", 1},
                {"SchemaVersion", schema_version()}};
    if (const auto type = text_at(name_space, "Type"); type != "Host") result["Type"] = type;
    return without_empty_members(result);
}

json spelled_ids(const std::vector<std::string>& ids) {
    json result = json::array();
    for (const auto& id : ids)
        result.push_back(lower_case(id));
    return result;
}

} // namespace hnsclient::emulator::v2
