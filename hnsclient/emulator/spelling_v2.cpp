// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/spelling_v2.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/policies.hpp"
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
    static const json health{{"LastErrorCode", 0}, {"LastUpdateTime", 133000000000000000}};
    return health;
}

/// A test may have put another one into the store.
json health_of(const json& endpoint) {
    return endpoint.value("Health", healthy());
}

/// "0.0.0.0" alone is what the older SDN scripts write.
bool is_default(const std::string& destination) {
    return destination == "0.0.0.0/0" || destination == "::/0" || destination == "0.0.0.0";
}

json read_subnet(const json& subnet) {
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
    return {{"IpAddressPrefix", prefix},
            {"Policies", from_v1(list_at(subnet, "Policies"))},
            {"Routes", std::move(routes)}};
}

json write_ipams(const json& network) {
    json subnets = json::array();
    for (const auto& subnet : list_at(network, "Subnets"))
        subnets.push_back(write_subnet(subnet));
    if (subnets.empty()) return json::array();
    const std::string type = text_at(network, "IpamType");
    return json::array(
        {{{"Type", type.empty() ? "Static" : type}, {"Subnets", std::move(subnets)}}});
}

json write_network_policies(const json& network) {
    json policies = list_at(network, "Policies");
    const std::string management_ip = text_at(network, "ManagementIP");
    if (!management_ip.empty() && settings_of(policies, "ProviderAddress").is_null())
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
    add("Containers", "Container");
    return resources;
}

} // namespace

json read_network(const json& settings) {
    json network{{"Name", text_at(settings, "Name")},
                 {"Type", text_at(settings, "Type")},
                 {"Policies", from_v2(list_at(settings, "Policies"))},
                 {"MacPools", list_at(object_at(settings, "MacPool"), "Ranges")},
                 {"Dns", object_at(settings, "Dns")},
                 {"Flags", number_at(settings, "Flags", 0xFFFFFFFFU)},
                 {"Subnets", json::array()}};
    for (const auto& ipam : list_at(settings, "Ipams")) {
        if (!text_at(ipam, "Type").empty()) network["IpamType"] = text_at(ipam, "Type");
        for (const auto& subnet : list_at(ipam, "Subnets"))
            network["Subnets"].push_back(read_subnet(subnet));
    }
    const json address = settings_of(network["Policies"], "ProviderAddress");
    if (!address.is_null()) network["ManagementIP"] = text_at(address, "ProviderAddress");
    return network;
}

json write_network(const json& network) {
    json result{{"ID", text_at(network, "ID")},
                {"Name", text_at(network, "Name")},
                {"Policies", write_network_policies(network)},
                {"MacPool", {{"Ranges", list_at(network, "MacPools")}}},
                {"Dns", object_at(network, "Dns")},
                {"Ipams", write_ipams(network)},
                {"Flags", number_at(network, "Flags", 0xFFFFFFFFU)},
                {"Health", healthy()},
                {"SchemaVersion", schema_version()}};
    // NAT is HCN's zero, and HCN leaves zeros out.
    if (text_at(network, "Type") != "NAT") result["Type"] = text_at(network, "Type");
    return result;
}

json read_endpoint(const json& settings) {
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

json write_endpoint(const json& endpoint) {
    const std::string name_space = text_at(endpoint, "NamespaceID");
    json result{{"ID", text_at(endpoint, "ID")},
                {"Name", text_at(endpoint, "Name")},
                {"HostComputeNetwork", text_at(endpoint, "NetworkID")},
                {"HostComputeNamespace", name_space.empty() ? no_namespace : name_space},
                {"Policies", list_at(endpoint, "Policies")},
                {"IpConfigurations", list_at(endpoint, "IpConfigurations")},
                {"Dns", object_at(endpoint, "Dns")},
                {"Routes", list_at(endpoint, "Routes")},
                {"MacAddress", text_at(endpoint, "MacAddress")},
                {"Flags", number_at(endpoint, "Flags", 0xFFFFFFFFU)},
                {"Health", health_of(endpoint)},
                {"SchemaVersion", schema_version()}};
    if (endpoint.contains("State")) result["State"] = endpoint["State"];
    return result;
}

json write_namespace(const json& name_space) {
    return {{"ID", text_at(name_space, "ID")},
            {"NamespaceId", number_at(name_space, "NamespaceId", 0xFFFFFFFFU)},
            {"Type", text_at(name_space, "Type")},
            {"Resources", write_resources(name_space)},
            {"SchemaVersion", schema_version()}};
}

} // namespace hnsclient::emulator::v2
