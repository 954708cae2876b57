// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/spelling_v1.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/networks.hpp"
#include "hnsclient/emulator/policies.hpp"
#include "libcni/base/text.hpp"
#include "libcni/ip.hpp"

namespace hnsclient::emulator::v1 {

using nlohmann::json;

namespace {

constexpr unsigned remote_flag = 1;

const json& healthy() {
    static const json health{{"LastErrorCode", 0}, {"LastUpdateTime", 133000000000000000}};
    return health;
}

/// A test may have put another one into the store.
json health_of(const json& endpoint) {
    return endpoint.value("Health", healthy());
}

std::int64_t version_number(const Version& version) {
    return (std::int64_t{version.major} << 32) + version.minor;
}

json texts_in(const std::string& list) {
    json parts = json::array();
    for (const auto part : libcni::split(list, ','))
        if (!part.empty()) parts.push_back(std::string(part));
    return parts;
}

std::string join(const json& list) {
    return libcni::joined(list, ",", [](const json& part) { return part.get<std::string>(); });
}

json read_dns(const json& settings) {
    json dns = json::object();
    if (const auto text = text_at(settings, "DNSDomain"); !text.empty()) dns["Domain"] = text;
    if (const auto text = text_at(settings, "DNSSuffix"); !text.empty())
        dns["Search"] = texts_in(text);
    if (const auto text = text_at(settings, "DNSServerList"); !text.empty())
        dns["ServerList"] = texts_in(text);
    return dns;
}

void write_dns(const json& object, json& result) {
    const json dns = object_at(object, "Dns");
    if (const auto text = text_at(dns, "Domain"); !text.empty()) result["DNSDomain"] = text;
    if (const json list = list_at(dns, "Search"); !list.empty()) result["DNSSuffix"] = join(list);
    if (const json list = list_at(dns, "ServerList"); !list.empty())
        result["DNSServerList"] = join(list);
}

json read_subnet(const json& subnet) {
    json result{{"AddressPrefix", text_at(subnet, "AddressPrefix")},
                {"Policies", from_v1(list_at(subnet, "Policies"))}};
    if (const auto gateway = text_at(subnet, "GatewayAddress"); !gateway.empty())
        result["GatewayAddress"] = gateway;
    return result;
}

json write_subnet(const json& subnet) {
    json result{{"AddressPrefix", text_at(subnet, "AddressPrefix")},
                {"Policies", to_v1(from_v1(list_at(subnet, "Policies")))}};
    if (const auto gateway = text_at(subnet, "GatewayAddress"); !gateway.empty())
        result["GatewayAddress"] = gateway;
    return result;
}

json write_subnets(const json& network) {
    json subnets = json::array();
    for (const auto& subnet : list_at(network, "Subnets"))
        subnets.push_back(write_subnet(subnet));
    return subnets;
}

/// The adapter's name is a policy in HCN and a field of its own here.
json without_adapter_name(const json& policies) {
    json result = json::array();
    for (const auto& policy : policies)
        if (!libcni::same_ignoring_case(text_at(policy, "Type"), "NetAdapterName"))
            result.push_back(policy);
    return result;
}

/// One address of HNS v1, under the names that it has for a family.
struct FamilyKeys {
    const char* address;
    const char* prefix_length;
    const char* gateway;
    const char* default_route;
};

constexpr FamilyKeys v4_keys{"IPAddress", "PrefixLength", "GatewayAddress", "0.0.0.0/0"};
constexpr FamilyKeys v6_keys{"IPv6Address", "IPv6PrefixLength", "GatewayAddressV6", "::/0"};

bool is_v4(const std::string& text) {
    const auto address = libcni::parse_address(text);
    if (!address) throw Failure(Code::invalid_ip);
    return address->is_v4();
}

void read_family(const json& settings, const FamilyKeys& keys, json& endpoint) {
    const bool wants_v4 = keys.address == v4_keys.address;
    const std::string address = text_at(settings, keys.address);
    const std::string gateway = text_at(settings, keys.gateway);
    if (!address.empty()) {
        if (is_v4(address) != wants_v4) throw Failure(Code::invalid_ip);
        endpoint["IpConfigurations"].push_back(
            {{"IpAddress", address},
             {"PrefixLength", number_at(settings, keys.prefix_length, 255)}});
    }
    if (gateway.empty()) return;
    if (is_v4(gateway) != wants_v4) throw Failure(Code::invalid_ip);
    endpoint["Routes"].push_back({{"NextHop", gateway}, {"DestinationPrefix", keys.default_route}});
}

void write_addresses(const json& endpoint, json& result) {
    for (const auto& configured : list_at(endpoint, "IpConfigurations")) {
        const std::string address = text_at(configured, "IpAddress");
        const auto& keys = is_v4(address) ? v4_keys : v6_keys;
        if (result.contains(keys.address)) continue;
        result[keys.address] = address;
        result[keys.prefix_length] = number_at(configured, "PrefixLength", 255);
    }
    for (const auto& route : list_at(endpoint, "Routes"))
        for (const auto& keys : {v4_keys, v6_keys})
            if (text_at(route, "DestinationPrefix") == keys.default_route)
                result[keys.gateway] = text_at(route, "NextHop");
}

/// Windows 1803 and older write IDs in lower case, 1809 to 2004 in upper case, and Server 2022 and
/// later those of networks and namespaces in upper and what an endpoint tells in lower case.
enum class IdOf { endpoint, other };

std::string spelled(const std::string& id, IdOf whose, const Version& version) {
    const bool is_lower = version < windows::since_1809
                          || (whose == IdOf::endpoint && version >= windows::since_2022);
    return is_lower ? lower_case(id) : id;
}

/// As it was written when the network was made.
std::string type_of(const json& network) {
    return network.contains("WrittenType") ? text_at(network, "WrittenType")
                                           : text_at(network, "Type");
}

/// What Server 2022 and later say otherwise of an endpoint than those before.
void put_health(const json& endpoint, const json& network, const Version& version, json& result) {
    if (version >= windows::since_2022) {
        result["Resources"] = {{"Health", health_of(endpoint)}, {"State", 1}};
        result["IPSubnetId"] = lower_case(text_at(endpoint, "NetworkID"));
        if (text_at(network, "Type") == "NAT") result["EnableInternalDNS"] = true;
        if (result["Policies"].empty()) result.erase("Policies");
        return;
    }
    result["Type"] = type_of(network);
    if (version < windows::since_1809) return;
    result["Health"] = health_of(endpoint);
    result["ActivityId"] = text_at(endpoint, "ID");
}

} // namespace

json read_network(const json& settings) {
    json network{{"Name", text_at(settings, "Name")},
                 {"Type", text_at(settings, "Type")},
                 {"Policies", from_v1(list_at(settings, "Policies"))},
                 {"MacPools", list_at(settings, "MacPools")},
                 {"ManagementIP", text_at(settings, "ManagementIP")},
                 {"Dns", read_dns(settings)},
                 {"Flags", number_at(settings, "Flags", 0xFFFFFFFFU)},
                 {"Subnets", json::array()}};
    for (const auto& subnet : list_at(settings, "Subnets"))
        network["Subnets"].push_back(read_subnet(subnet));
    if (const auto adapter = text_at(settings, "NetworkAdapterName"); !adapter.empty())
        network["Policies"].push_back(
            {{"Type", "NetAdapterName"}, {"Settings", {{"NetworkAdapterName", adapter}}}});
    return network;
}

json write_network(const json& network, std::size_t endpoints, const Version& version) {
    if (network.contains("Answers")) return network["Answers"]["v1"];
    const json policies = list_at(network, "Policies");
    json result{{"ID", spelled(text_at(network, "ID"), IdOf::other, version)},
                {"Name", text_at(network, "Name")},
                {"Type", type_of(network)},
                {"MacPools", list_at(network, "MacPools")},
                {"Subnets", write_subnets(network)},
                {"Policies", to_v1(without_adapter_name(policies))},
                {"CurrentEndpointCount", endpoints},
                {"Version", version_number(version)}};
    if (version >= windows::since_1709) {
        result["Flags"] = number_at(network, "Flags", 0xFFFFFFFFU);
        result["AdditionalParams"] = json::object();
        result["Health"] = healthy();
        result["State"] = 1;
    }
    const auto address = text_at(network, "ManagementIP");
    if (!address.empty() && has_management_address(network)) result["ManagementIP"] = address;
    if (const json adapter = settings_of(policies, "NetAdapterName"); !adapter.is_null())
        result["NetworkAdapterName"] = text_at(adapter, "NetworkAdapterName");
    write_dns(network, result);
    return result;
}

json read_endpoint(const json& settings) {
    json endpoint{{"Name", text_at(settings, "Name")},
                  {"Schema", "V1"},
                  {"MacAddress", text_at(settings, "MacAddress")},
                  {"IpConfigurations", json::array()},
                  {"Routes", json::array()},
                  {"Dns", read_dns(settings)},
                  {"Policies", from_v1(list_at(settings, "Policies"))},
                  {"Flags", number_at(settings, "Flags", 0xFFFFFFFFU)}};
    if (settings.value("IsRemoteEndpoint", json()) == true)
        endpoint["Flags"] = endpoint["Flags"].get<unsigned>() | remote_flag;
    read_family(settings, v4_keys, endpoint);
    read_family(settings, v6_keys, endpoint);
    return endpoint;
}

json write_endpoint(const json& endpoint, const json& network, const Version& version) {
    const unsigned flags = number_at(endpoint, "Flags", 0xFFFFFFFFU);
    const auto id = [&](const char* key) {
        return spelled(text_at(endpoint, key), IdOf::endpoint, version);
    };
    json result{{"ID", id("ID")},
                {"Name", text_at(endpoint, "Name")},
                {"VirtualNetwork", id("NetworkID")},
                {"VirtualNetworkName", text_at(network, "Name")},
                {"Policies", to_v1(with_those_of_hns(endpoint, network, version))},
                {"MacAddress", text_at(endpoint, "MacAddress")},
                {"SharedContainers", list_at(endpoint, "SharedContainers")},
                {"AdditionalParams", json::object()},
                {"Flags", flags},
                {"State", state_of(endpoint)},
                {"Version", version_number(version)}};
    put_health(endpoint, network, version, result);
    if ((flags & remote_flag) != 0) result["IsRemoteEndpoint"] = true;
    if (!id("NamespaceID").empty()) result["Namespace"] = {{"ID", id("NamespaceID")}};
    write_addresses(endpoint, result);
    write_dns(endpoint, result);
    return result;
}

json write_namespace(const json& name_space, const Version& version) {
    if (name_space.contains("Answers")) return name_space["Answers"]["v1"];
    const json containers = list_at(name_space, "Containers");
    json result{{"ID", spelled(text_at(name_space, "ID"), IdOf::other, version)},
                {"IsDefault", text_at(name_space, "Type") == "HostDefault"},
                {"Containers", containers},
                {"Policies", json::array()},
                {"State", 1},
                {"Version", version_number(version)}};
    for (const auto& id : list_at(name_space, "Endpoints"))
        result["ResourceList"].push_back(
            {{"Type", "Endpoint"},
             {"Data", {{"Id", spelled(id.get<std::string>(), IdOf::other, version)}}}});
    // It is in no compartment before a container runs in it.
    if (!containers.empty() || result["IsDefault"] == true)
        result["CompartmentId"] = number_at(name_space, "NamespaceId", 0xFFFFFFFFU);
    else if (version >= windows::since_2022)
        result["CompartmentId"] = 0;
    return result;
}

} // namespace hnsclient::emulator::v1
