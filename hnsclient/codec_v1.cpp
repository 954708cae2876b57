// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/codec_common.hpp"
#include "libcni/base/text.hpp"

namespace hnsclient::v1 {

using codec::find_address;
using codec::find_gateway;
using codec::id_or_empty;
using codec::list;
using codec::number_or_zero;
using codec::put;
using codec::require_cidr;
using libcni::Address;
using libcni::JsonReader;
using libcni::same_ignoring_case;
using nlohmann::json;

namespace {

/// In this API settings stand beside the type.
json policy(const std::string& type, json settings) {
    settings["Type"] = type;
    return settings;
}

json encode_protocol(const Protocol& protocol) {
    if (protocol == Protocol::tcp) return "TCP";
    if (protocol == Protocol::udp) return "UDP";
    return protocol.number;
}

struct PolicyEncoder {
    json operator()(const OutboundNat& nat) const {
        json settings = *nat.others;
        put(settings, "VIP", nat.virtual_ip);
        put(settings, "ExceptionList", nat.exceptions);
        put(settings, "Destinations", nat.destinations);
        return policy("OutBoundNAT", std::move(settings));
    }

    json operator()(const SdnRoute& route) const {
        return policy("ROUTE", codec::settings_of(route));
    }

    json operator()(const PortMapping& mapping) const {
        json settings = *mapping.others;
        settings["InternalPort"] = mapping.internal_port;
        settings["ExternalPort"] = mapping.external_port;
        settings["Protocol"] = encode_protocol(mapping.protocol);
        put(settings, "VIP", mapping.virtual_ip);
        if (mapping.flags != 0) settings["Flags"] = mapping.flags;
        return policy("NAT", std::move(settings));
    }

    json operator()(const ProviderAddress& provider) const {
        return policy("PA", {{"PA", provider.address}});
    }

    json operator()(const SharedPolicy& shared) const {
        return policy(shared.type, *shared.settings);
    }

    json operator()(const OtherPolicy& other) const {
        const JsonReader reader(*other.value, "policy");
        const auto settings = reader.find("Settings");
        if (!settings || !settings->is_object()) return *other.value;
        return policy(reader.text_or_empty("Type"), settings->json());
    }
};

std::vector<std::string> texts_in(std::string_view list) {
    std::vector<std::string> texts;
    for (const auto text : libcni::split(list, ','))
        if (!text.empty()) texts.emplace_back(text);
    return texts;
}

void encode_dns(json& object, const Dns& dns) {
    put(object, "DNSDomain", dns.domain);
    put(object, "DNSSuffix", libcni::joined(dns.search, ","));
    put(object, "DNSServerList", libcni::joined(dns.servers, ","));
}

Dns decode_dns(const JsonReader& object) {
    return {.domain = object.text_or_empty("DNSDomain"),
            .search = texts_in(object.text_or_empty("DNSSuffix")),
            .servers = texts_in(object.text_or_empty("DNSServerList"))};
}

/// The names that the address of a family has.
struct FamilyKeys {
    const char* address;
    const char* prefix_length;
    const char* gateway;
};

constexpr FamilyKeys v4_keys{"IPAddress", "PrefixLength", "GatewayAddress"};
constexpr FamilyKeys v6_keys{"IPv6Address", "IPv6PrefixLength", "GatewayAddressV6"};

const FamilyKeys& keys_of(bool v4) {
    return v4 ? v4_keys : v6_keys;
}

/// The first address of each family; there is no place for more.
void encode_addresses(json& object, const Endpoint& endpoint) {
    for (const auto& [address, prefix_length] : endpoint.addresses) {
        const auto& keys = keys_of(address.is_v4());
        if (object.contains(keys.address)) continue;
        object[keys.address] = address.to_string();
        if (prefix_length) object[keys.prefix_length] = *prefix_length;
    }
    for (const auto& route : endpoint.routes)
        if (route.destination.prefix_length() == 0 && route.next_hop)
            object[keys_of(route.destination.is_v4()).gateway] = route.next_hop->to_string();
}

void decode_addresses(const JsonReader& object, Endpoint& endpoint) {
    for (const auto* keys : {&v4_keys, &v6_keys}) {
        if (const auto address = find_address(object, keys->address)) {
            const auto prefix = number_or_zero<unsigned>(object, keys->prefix_length);
            endpoint.addresses.push_back(
                {*address, prefix == 0 ? std::nullopt : std::optional(prefix)});
        }
        if (const auto gateway = find_gateway(object, keys->gateway))
            endpoint.routes.push_back({libcni::default_route_of(*gateway), gateway});
    }
}

json encode_subnet(const Subnet& subnet) {
    json object{{"AddressPrefix", subnet.prefix.to_string()}};
    if (subnet.gateway) object["GatewayAddress"] = subnet.gateway->to_string();
    if (subnet.vni) object["Policies"] = json::array({policy("VSID", {{"VSID", *subnet.vni}})});
    return object;
}

Subnet decode_subnet(const JsonReader& object) {
    Subnet subnet{.prefix = require_cidr(object, "AddressPrefix"),
                  .gateway = find_gateway(object, "GatewayAddress")};
    for (const auto& candidate : list(object, "Policies"))
        if (same_ignoring_case(candidate.text_or_empty("Type"), "VSID"))
            subnet.vni = number_or_zero<std::uint32_t>(candidate, "VSID");
    return subnet;
}

} // namespace

json encode(const Policy& policy) {
    return std::visit(PolicyEncoder{}, policy);
}

json encode(const Network& network) {
    json object{{"Name", network.name}, {"Type", network.type}};
    for (const auto& subnet : network.subnets)
        object["Subnets"].push_back(encode_subnet(subnet));
    for (const auto& range : network.mac_ranges)
        object["MacPools"].push_back(codec::encode_mac_range(range));
    encode_dns(object, network.dns);
    put(object, "NetworkAdapterName", network.adapter);
    if (network.flags != 0) object["Flags"] = network.flags;
    return object;
}

json encode(const Endpoint& endpoint) {
    json object{{"Name", endpoint.name}, {"VirtualNetwork", endpoint.network_id}};
    encode_addresses(object, endpoint);
    encode_dns(object, endpoint.dns);
    for (const auto& policy : endpoint.policies)
        object["Policies"].push_back(encode(policy));
    if (endpoint.mac) object["MacAddress"] = endpoint.mac->to_string();
    if (endpoint.is_remote) object["IsRemoteEndpoint"] = true;
    return object;
}

Network decode_network(const JsonReader& object) {
    Network network;
    network.id = object.require("ID").text();
    network.name = object.text_or_empty("Name");
    network.type = object.text_or_empty("Type");
    for (const auto& subnet : list(object, "Subnets"))
        // One that DHCP decides on has no prefix.
        if (!subnet.text_or_empty("AddressPrefix").empty())
            network.subnets.push_back(decode_subnet(subnet));
    network.mac_ranges = codec::decode_mac_ranges(object, "MacPools");
    network.dns = decode_dns(object);
    network.adapter = object.text_or_empty("NetworkAdapterName");
    network.management_address = codec::find_host_address(object, "ManagementIP");
    network.flags = number_or_zero<std::uint32_t>(object, "Flags");
    return network;
}

Endpoint decode_endpoint(const JsonReader& object) {
    Endpoint endpoint;
    endpoint.id = object.require("ID").text();
    endpoint.name = object.text_or_empty("Name");
    endpoint.network_id = id_or_empty(object, "VirtualNetwork");
    if (const auto hns_namespace = object.find("Namespace"))
        endpoint.namespace_id = id_or_empty(*hns_namespace, "ID");
    endpoint.container_ids = object.texts_or_none("SharedContainers");
    decode_addresses(object, endpoint);
    endpoint.mac = codec::find_mac(object, "MacAddress");
    endpoint.dns = decode_dns(object);
    endpoint.policies = codec::decode_policies(object);
    const auto remote = object.find("IsRemoteEndpoint");
    endpoint.is_remote = remote && remote->boolean();
    endpoint.health_error = codec::decode_health_error(object);
    endpoint.state = codec::decode_state(object);
    return endpoint;
}

} // namespace hnsclient::v1
