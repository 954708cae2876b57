// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/codec_common.hpp"

#include <nlohmann/json.hpp>

namespace hnsclient::codec {

namespace {

/// Nobody else reaches the host by it.
bool is_of_this_host_alone(const libcni::Address& address) {
    if (address.is_unspecified() || address.is_loopback()) return true;
    if (address.is_v6()) return address.to_v6().is_link_local();
    return address.to_string().starts_with("169.254.");
}

} // namespace

void put(nlohmann::json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
}

void put(nlohmann::json& object, const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) object[key] = values;
}

std::optional<libcni::Address> find_address(const libcni::JsonReader& object, const char* key) {
    return libcni::parse_address(object.text_or_empty(key));
}

std::optional<libcni::Address> find_host_address(const libcni::JsonReader& object,
                                                 const char* key) {
    const auto address = find_address(object, key);
    return address && is_of_this_host_alone(*address) ? std::nullopt : address;
}

std::optional<libcni::Address> find_gateway(const libcni::JsonReader& object, const char* key) {
    const auto gateway = find_address(object, key);
    return gateway && gateway->is_unspecified() ? std::nullopt : gateway;
}

libcni::Cidr require_cidr(const libcni::JsonReader& object, const char* key) {
    const libcni::JsonReader value = object.require(key);
    const auto cidr = libcni::Cidr::parse(value.text());
    if (!cidr) value.mismatch("an address with a prefix length");
    return *cidr;
}

std::vector<libcni::JsonReader> list(const libcni::JsonReader& object, const char* key) {
    const auto found = object.find(key);
    return found ? found->elements() : std::vector<libcni::JsonReader>();
}

std::string id_or_empty(const libcni::JsonReader& object, const char* key) {
    std::string id = object.text_or_empty(key);
    return id == zero_guid ? std::string() : id;
}

std::optional<MacAddress> find_mac(const libcni::JsonReader& object, const char* key) {
    return MacAddress::parse(object.text_or_empty(key));
}

nlohmann::json encode_mac_range(const MacRange& range) {
    return {{"StartMacAddress", range.first.to_string()},
            {"EndMacAddress", range.last.to_string()}};
}

std::vector<MacRange> decode_mac_ranges(const libcni::JsonReader& object, const char* key) {
    std::vector<MacRange> ranges;
    for (const auto& range : list(object, key)) {
        const auto first = find_mac(range, "StartMacAddress");
        const auto last = find_mac(range, "EndMacAddress");
        if (first && last) ranges.push_back({*first, *last});
    }
    return ranges;
}

nlohmann::json settings_of(const SdnRoute& route) {
    nlohmann::json settings = *route.others;
    settings["DestinationPrefix"] = route.destination;
    settings["NeedEncap"] = route.need_encap;
    put(settings, "NextHop", route.next_hop);
    return settings;
}

namespace {

/// An endpoint policy that HNS added and that we cannot read is carried as it is.
Policy decode_any_policy(const libcni::JsonReader& object) {
    try {
        return decode_policy(object);
    } catch (const libcni::BadShape&) {
        return OtherPolicy{object.json()};
    }
}

} // namespace

std::vector<Policy> decode_policies(const libcni::JsonReader& endpoint) {
    std::vector<Policy> policies;
    for (const auto& object : list(endpoint, "Policies"))
        policies.push_back(decode_any_policy(object));
    return policies;
}

namespace {

/// HNS's number at that place; 0 where there is none. What is odd about an object's health must not
/// hide the object.
std::uint32_t number_at(const nlohmann::json& object, const char* place) {
    const nlohmann::json::json_pointer pointer(place);
    if (!object.contains(pointer) || !object[pointer].is_number_integer()) return 0;
    return static_cast<std::uint32_t>(object[pointer].get<std::int64_t>());
}

} // namespace

std::uint32_t decode_health_error(const libcni::JsonReader& endpoint) {
    for (const char* place : {"/Health/LastErrorCode",
                              "/Health/Extra/Resources/Health/LastErrorCode",
                              "/Resources/Health/LastErrorCode"})
        if (const auto code = number_at(endpoint.json(), place); code != 0) return code;
    return 0;
}

std::uint32_t decode_state(const libcni::JsonReader& endpoint) {
    return number_at(endpoint.json(), "/State");
}

} // namespace hnsclient::codec
