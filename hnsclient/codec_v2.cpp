// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/codec_common.hpp"
#include "libcni/base/text.hpp"

namespace hnsclient::v2 {

using codec::find_address;
using codec::id_or_empty;
using codec::list;
using codec::number_or_zero;
using codec::put;
using codec::require_cidr;
using libcni::JsonReader;
using libcni::same_ignoring_case;
using nlohmann::json;

namespace {

constexpr std::uint32_t remote_endpoint_flag = 1;

json schema_version() {
    return {{"Major", 2}, {"Minor", 0}};
}

json policy(const char* type, json settings) {
    return {{"Type", type}, {"Settings", std::move(settings)}};
}

/// An ACL's setting in the singular of HNS v1, and its name here.
struct AclWord {
    std::string_view singular;
    const char* plural;
};

constexpr std::array acl_words{AclWord{"Protocol", "Protocols"},
                               AclWord{"LocalPort", "LocalPorts"},
                               AclWord{"RemotePort", "RemotePorts"}};

/// HNS v1 also takes one number where a list in a text is due; HCN knows the list only.
json acl_settings(json settings) {
    for (const auto& [singular, plural] : acl_words) {
        const auto found = settings.find(singular);
        if (found == settings.end()) continue;
        const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
        settings.erase(found);
        if (!settings.contains(plural)) settings[plural] = text;
    }
    return settings;
}

struct PolicyEncoder {
    json operator()(const OutboundNat& nat) const {
        json settings = *nat.others;
        put(settings, "VirtualIP", nat.virtual_ip);
        put(settings, "Exceptions", nat.exceptions);
        put(settings, "Destinations", nat.destinations);
        return policy("OutBoundNAT", std::move(settings));
    }

    json operator()(const SdnRoute& route) const {
        return policy("SDNRoute", codec::settings_of(route));
    }

    json operator()(const PortMapping& mapping) const {
        json settings = *mapping.others;
        settings["InternalPort"] = mapping.internal_port;
        settings["ExternalPort"] = mapping.external_port;
        settings["Protocol"] = mapping.protocol.number;
        settings["VIP"] = mapping.virtual_ip;
        if (mapping.flags != 0) settings["Flags"] = mapping.flags;
        return policy("PortMapping", std::move(settings));
    }

    json operator()(const ProviderAddress& provider) const {
        return policy("ProviderAddress", {{"ProviderAddress", provider.address}});
    }

    json operator()(const SharedPolicy& shared) const {
        return policy(shared.type.c_str(),
                      shared.type == "ACL" ? acl_settings(*shared.settings) : *shared.settings);
    }

    json operator()(const OtherPolicy& other) const { return *other.value; }
};

json encode_dns(const Dns& dns) {
    json object = json::object();
    put(object, "Domain", dns.domain);
    put(object, "Search", dns.search);
    put(object, "ServerList", dns.servers);
    put(object, "Options", dns.options);
    return object;
}

json encode_address(const EndpointAddress& address) {
    json object{{"IpAddress", address.address.to_string()}};
    if (address.prefix_length) object["PrefixLength"] = *address.prefix_length;
    return object;
}

json encode_route(const EndpointRoute& route) {
    json object{{"DestinationPrefix", route.destination.to_string()}};
    if (route.next_hop) object["NextHop"] = route.next_hop->to_string();
    return object;
}

// Lists of one are json::array(...): of {one} some compilers make a list and some a copy.
json encode_subnet(const Subnet& subnet) {
    json object{{"IpAddressPrefix", subnet.prefix.to_string()}};
    if (subnet.gateway)
        object["Routes"] = json::array(
            {encode_route({libcni::default_route_of(*subnet.gateway), subnet.gateway})});
    if (subnet.vni)
        object["Policies"] = json::array({policy("VSID", {{"IsolationId", *subnet.vni}})});
    return object;
}

Dns decode_dns(const JsonReader& object) {
    const auto dns = object.find("Dns");
    if (!dns) return {};
    return {.domain = dns->text_or_empty("Domain"),
            .search = dns->texts_or_none("Search"),
            .servers = dns->texts_or_none("ServerList"),
            .options = dns->texts_or_none("Options")};
}

/// HNS may list routes that say nothing.
std::vector<EndpointRoute> decode_routes(const JsonReader& object) {
    std::vector<EndpointRoute> routes;
    for (const auto& route : list(object, "Routes"))
        if (!route.text_or_empty("DestinationPrefix").empty())
            routes.push_back(
                {require_cidr(route, "DestinationPrefix"), find_address(route, "NextHop")});
    std::erase_if(routes, leads_nowhere);
    return routes;
}

/// The settings of the first policy of that type.
std::optional<JsonReader> find_settings(const JsonReader& object, std::string_view type) {
    for (const auto& candidate : list(object, "Policies"))
        if (same_ignoring_case(candidate.text_or_empty("Type"), type))
            return candidate.find("Settings");
    return std::nullopt;
}

Subnet decode_subnet(const JsonReader& object) {
    Subnet subnet{.prefix = require_cidr(object, "IpAddressPrefix")};
    for (const auto& route : decode_routes(object))
        if (route.destination.prefix_length() == 0) subnet.gateway = route.next_hop;
    if (const auto vsid = find_settings(object, "VSID"))
        subnet.vni = number_or_zero<std::uint32_t>(*vsid, "IsolationId");
    return subnet;
}

std::vector<Subnet> decode_subnets(const JsonReader& network) {
    std::vector<Subnet> subnets;
    for (const auto& ipam : list(network, "Ipams"))
        for (const auto& subnet : list(ipam, "Subnets"))
            // One that DHCP decides on has no prefix.
            if (!subnet.text_or_empty("IpAddressPrefix").empty())
                subnets.push_back(decode_subnet(subnet));
    return subnets;
}

EndpointAddress decode_address(const JsonReader& object) {
    const JsonReader text = object.require("IpAddress");
    const auto address = libcni::parse_address(text.text());
    if (!address) text.mismatch("an IP address");
    const auto prefix = object.find("PrefixLength");
    return {*address, prefix ? std::optional(prefix->number<unsigned>()) : std::nullopt};
}

} // namespace

json encode(const Policy& policy) {
    return std::visit(PolicyEncoder{}, policy);
}

json encode(const Endpoint& endpoint) {
    json object{{"SchemaVersion", schema_version()},
                {"Name", endpoint.name},
                {"HostComputeNetwork", endpoint.network_id},
                {"Dns", encode_dns(endpoint.dns)}};
    for (const auto& address : endpoint.addresses)
        object["IpConfigurations"].push_back(encode_address(address));
    for (const auto& route : endpoint.routes)
        object["Routes"].push_back(encode_route(route));
    for (const auto& policy : endpoint.policies)
        object["Policies"].push_back(encode(policy));
    if (endpoint.mac) object["MacAddress"] = endpoint.mac->to_string();
    if (endpoint.is_remote) object["Flags"] = remote_endpoint_flag;
    return object;
}

json encode(const Network& network) {
    json object{{"SchemaVersion", schema_version()},
                {"Name", network.name},
                {"Type", network.type},
                {"Dns", encode_dns(network.dns)}};
    json subnets = json::array();
    for (const auto& subnet : network.subnets)
        subnets.push_back(encode_subnet(subnet));
    if (!subnets.empty())
        object["Ipams"] = json::array({{{"Type", "Static"}, {"Subnets", std::move(subnets)}}});
    for (const auto& range : network.mac_ranges)
        object["MacPool"]["Ranges"].push_back(codec::encode_mac_range(range));
    if (!network.adapter.empty())
        object["Policies"].push_back(
            policy("NetAdapterName", {{"NetworkAdapterName", network.adapter}}));
    if (network.vxlan_port)
        object["Policies"].push_back(policy("VxlanPort", {{"Port", *network.vxlan_port}}));
    if (network.flags != 0) object["Flags"] = network.flags;
    return object;
}

json encode(const Namespace& hns_namespace) {
    return {{"SchemaVersion", schema_version()}, {"Type", hns_namespace.type}};
}

Network decode_network(const JsonReader& object) {
    Network network;
    network.id = object.require("ID").text();
    network.name = object.text_or_empty("Name");
    network.type = object.text_or_empty("Type");
    // HNS leaves the type out when it is the first of its enumeration.
    if (network.type.empty()) network.type = "NAT";
    network.subnets = decode_subnets(object);
    if (const auto pool = object.find("MacPool"))
        network.mac_ranges = codec::decode_mac_ranges(*pool, "Ranges");
    network.dns = decode_dns(object);
    if (const auto settings = find_settings(object, "NetAdapterName"))
        network.adapter = settings->text_or_empty("NetworkAdapterName");
    if (const auto settings = find_settings(object, "VxlanPort"))
        network.vxlan_port = number_or_zero<std::uint16_t>(*settings, "Port");
    if (const auto settings = find_settings(object, "ProviderAddress"))
        network.management_address = codec::find_host_address(*settings, "ProviderAddress");
    network.flags = number_or_zero<std::uint32_t>(object, "Flags");
    return network;
}

Endpoint decode_endpoint(const JsonReader& object) {
    Endpoint endpoint;
    endpoint.id = object.require("ID").text();
    endpoint.name = object.text_or_empty("Name");
    endpoint.network_id = id_or_empty(object, "HostComputeNetwork");
    endpoint.namespace_id = id_or_empty(object, "HostComputeNamespace");
    for (const auto& address : list(object, "IpConfigurations"))
        if (!address.text_or_empty("IpAddress").empty())
            endpoint.addresses.push_back(decode_address(address));
    endpoint.routes = decode_routes(object);
    endpoint.mac = codec::find_mac(object, "MacAddress");
    endpoint.dns = decode_dns(object);
    endpoint.policies = codec::decode_policies(object);
    endpoint.is_remote =
        (number_or_zero<std::uint32_t>(object, "Flags") & remote_endpoint_flag) != 0;
    endpoint.health_error = codec::decode_health_error(object);
    endpoint.state = codec::decode_state(object);
    return endpoint;
}

Namespace decode_namespace(const JsonReader& object) {
    Namespace found;
    found.id = object.require("ID").text();
    found.compartment = number_or_zero<std::uint32_t>(object, "NamespaceId");
    found.type = object.text_or_empty("Type");
    // As with networks.
    if (found.type.empty()) found.type = "Host";
    for (const auto& resource : list(object, "Resources")) {
        const auto data = resource.find("Data");
        if (!data) continue;
        const bool is_endpoint = same_ignoring_case(resource.text_or_empty("Type"), "Endpoint");
        (is_endpoint ? found.endpoint_ids : found.container_ids)
            .push_back(data->text_or_empty("Id"));
    }
    return found;
}

} // namespace hnsclient::v2
