// SPDX-License-Identifier: Apache-2.0
#include "libcni/result.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace libcni {

using Json = nlohmann::ordered_json;

namespace {

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
    if (value) json[key] = *value;
}

void put(Json& json, const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
}

void put(Json& json, const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) json[key] = values;
}

void put(Json& json, const char* key, const std::optional<Address>& value) {
    if (value) json[key] = value->to_string();
}

Json encode_dns(const Dns& dns) {
    Json json = Json::object();
    put(json, "nameservers", dns.nameservers);
    put(json, "domain", dns.domain);
    put(json, "search", dns.search);
    put(json, "options", dns.options);
    return json;
}

Json encode_route(const Route& route, SpecVersion version) {
    Json json{{"dst", route.destination.to_string()}};
    put(json, "gw", route.gateway);
    if (version < SpecVersion::v1_1_0) return json;
    put(json, "mtu", route.mtu);
    put(json, "advmss", route.advmss);
    put(json, "priority", route.priority);
    put(json, "table", route.table);
    put(json, "scope", route.scope);
    return json;
}

Json encode_routes(const std::vector<Route>& routes, SpecVersion version) {
    Json json = Json::array();
    for (const auto& route : routes)
        json.push_back(encode_route(route, version));
    return json;
}

Json encode_interface(const Interface& interface_made, SpecVersion version) {
    Json json{{"name", interface_made.name}};
    put(json, "mac", interface_made.mac);
    put(json, "sandbox", interface_made.sandbox);
    if (version < SpecVersion::v1_1_0) return json;
    put(json, "mtu", interface_made.mtu);
    put(json, "socketPath", interface_made.socket_path);
    put(json, "pciID", interface_made.pci_id);
    return json;
}

Json encode_ip(const IpConfig& ip, SpecVersion version) {
    Json json = Json::object();
    // The spec dropped "version" with 1.0.0: the address tells.
    if (version < SpecVersion::v1_0_0) json["version"] = ip.address.is_v4() ? "4" : "6";
    put(json, "interface", ip.interface_index);
    json["address"] = ip.address.to_string();
    put(json, "gateway", ip.gateway);
    return json;
}

void encode_old_family(Json& json, const Result& result, bool v4, SpecVersion version) {
    const auto ip =
        std::ranges::find(result.ips, v4, [](const IpConfig& i) { return i.address.is_v4(); });
    if (ip == result.ips.end()) return;
    Json& family = json[v4 ? "ip4" : "ip6"];
    family["ip"] = ip->address.to_string();
    put(family, "gateway", ip->gateway);
    std::vector<Route> routes;
    std::ranges::copy_if(result.routes, std::back_inserter(routes), [&](const Route& route) {
        return route.destination.is_v4() == v4;
    });
    if (!routes.empty()) family["routes"] = encode_routes(routes, version);
}

void encode_lists(Json& json, const Result& result, SpecVersion version) {
    for (const auto& made : result.interfaces)
        json["interfaces"].push_back(encode_interface(made, version));
    for (const auto& ip : result.ips)
        json["ips"].push_back(encode_ip(ip, version));
    if (!result.routes.empty()) json["routes"] = encode_routes(result.routes, version);
}

template <class T>
std::optional<T> number_of(const JsonReader& json, const char* key) {
    const auto found = json.find(key);
    return found ? std::optional<T>(found->number<T>()) : std::nullopt;
}

std::optional<Address> address_of(const JsonReader& json, const char* key) {
    const auto found = json.find(key);
    if (!found || found->text().empty()) return std::nullopt;
    return decode_address(*found);
}

Interface decode_interface(const JsonReader& json) {
    return {.name = json.text_or_empty("name"),
            .mac = json.text_or_empty("mac"),
            .sandbox = json.text_or_empty("sandbox"),
            .mtu = number_of<unsigned>(json, "mtu"),
            .socket_path = json.text_or_empty("socketPath"),
            .pci_id = json.text_or_empty("pciID")};
}

/// Libraries write -1 for "no interface".
std::optional<unsigned> decode_interface_index(const JsonReader& json) {
    const auto index = number_of<int>(json, "interface");
    if (!index || *index < 0) return std::nullopt;
    return static_cast<unsigned>(*index);
}

IpConfig decode_ip(const JsonReader& json) {
    return {.address = decode_cidr(json.require("address")),
            .gateway = address_of(json, "gateway"),
            .interface_index = decode_interface_index(json)};
}

template <class Decode>
auto decode_list(const JsonReader& json, const char* key, Decode decode) {
    std::vector<decltype(decode(json))> list;
    if (const auto found = json.find(key))
        for (const auto& element : found->elements())
            list.push_back(decode(element));
    return list;
}

void decode_old_family(const JsonReader& json, const char* key, Result& result) {
    const auto family = json.find(key);
    if (!family) return;
    result.ips.push_back(
        {.address = decode_cidr(family->require("ip")), .gateway = address_of(*family, "gateway")});
    std::ranges::move(decode_list(*family, "routes", decode_route),
                      std::back_inserter(result.routes));
}

SpecVersion version_of(const JsonReader& json, SpecVersion assumed) {
    const auto text = json.find("cniVersion");
    if (!text || text->text().empty()) return assumed;
    const auto version = parse_spec_version(text->text());
    if (!version) text->mismatch("a spec version that this plugin supports");
    return *version;
}

} // namespace

std::string encode(const Result& result, SpecVersion version) {
    Json json{{"cniVersion", to_string(version)}};
    if (version < SpecVersion::v0_3_0) {
        encode_old_family(json, result, true, version);
        encode_old_family(json, result, false, version);
    } else {
        encode_lists(json, result, version);
    }
    // Up to 1.0.0 the reference always writes dns; readers of that age may count on it.
    if (version < SpecVersion::v1_1_0 || !result.dns.empty()) json["dns"] = encode_dns(result.dns);
    return json.dump(4, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result decode_result(const JsonReader& json, SpecVersion assumed) {
    Result result;
    if (version_of(json, assumed) < SpecVersion::v0_3_0) {
        decode_old_family(json, "ip4", result);
        decode_old_family(json, "ip6", result);
    } else {
        result.interfaces = decode_list(json, "interfaces", decode_interface);
        result.ips = decode_list(json, "ips", decode_ip);
        result.routes = decode_list(json, "routes", decode_route);
    }
    if (const auto dns = json.find("dns")) result.dns = decode_dns(*dns);
    return result;
}

Dns decode_dns(const JsonReader& json) {
    return {.nameservers = json.texts_or_none("nameservers"),
            .domain = json.text_or_empty("domain"),
            .search = json.texts_or_none("search"),
            .options = json.texts_or_none("options")};
}

Route decode_route(const JsonReader& json) {
    return {.destination = decode_cidr(json.require("dst")),
            .gateway = address_of(json, "gw"),
            .mtu = number_of<unsigned>(json, "mtu"),
            .advmss = number_of<unsigned>(json, "advmss"),
            .priority = number_of<int>(json, "priority"),
            .table = number_of<int>(json, "table"),
            .scope = number_of<int>(json, "scope")};
}

Address decode_address(const JsonReader& json) {
    const auto address = parse_address(json.text());
    if (!address) json.mismatch("an IP address");
    return *address;
}

Cidr decode_cidr(const JsonReader& json) {
    const auto cidr = Cidr::parse(json.text());
    if (!cidr) json.mismatch("an address with a prefix length, like 10.244.3.0/24");
    return *cidr;
}

} // namespace libcni
