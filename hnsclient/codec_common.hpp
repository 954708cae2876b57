// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "hnsclient/model.hpp"
#include "libcni/json_reader.hpp"

// What both codecs read and write in the same way.
namespace hnsclient::codec {

/// How HNS spells "none" where an ID belongs.
inline constexpr std::string_view zero_guid = "00000000-0000-0000-0000-000000000000";

inline void put(nlohmann::json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
}

inline void put(nlohmann::json& object, const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) object[key] = values;
}

/// No value for a text that is no address.
inline std::optional<libcni::Address> find_address(const libcni::JsonReader& object,
                                                   const char* key) {
    return libcni::parse_address(object.text_or_empty(key));
}

inline libcni::Cidr require_cidr(const libcni::JsonReader& object, const char* key) {
    const libcni::JsonReader value = object.require(key);
    const auto cidr = libcni::Cidr::parse(value.text());
    if (!cidr) value.mismatch("an address with a prefix length");
    return *cidr;
}

template <class T>
T number_or_zero(const libcni::JsonReader& object, const char* key) {
    const auto found = object.find(key);
    return found ? found->number<T>() : T{};
}

inline std::vector<libcni::JsonReader> list(const libcni::JsonReader& object, const char* key) {
    const auto found = object.find(key);
    return found ? found->elements() : std::vector<libcni::JsonReader>();
}

inline std::string id_or_empty(const libcni::JsonReader& object, const char* key) {
    std::string id = object.text_or_empty(key);
    return id == zero_guid ? std::string() : id;
}

/// Both APIs name a route's settings alike.
inline nlohmann::json settings_of(const SdnRoute& route) {
    nlohmann::json settings = route.others;
    settings["DestinationPrefix"] = route.destination;
    settings["NeedEncap"] = route.need_encap;
    put(settings, "NextHop", route.next_hop);
    return settings;
}

/// An endpoint policy that HNS added and that we cannot read is carried as it is.
inline Policy decode_any_policy(const libcni::JsonReader& object) {
    try {
        return decode_policy(object);
    } catch (const libcni::BadShape&) {
        return OtherPolicy{object.json()};
    }
}

inline std::vector<Policy> decode_policies(const libcni::JsonReader& endpoint) {
    std::vector<Policy> policies;
    for (const auto& object : list(endpoint, "Policies"))
        policies.push_back(decode_any_policy(object));
    return policies;
}

/// What HNS says of an endpoint's state: 0 when all is well.
inline std::uint32_t decode_health_error(const libcni::JsonReader& endpoint) {
    const auto health = endpoint.find("Health");
    return health ? number_or_zero<std::uint32_t>(*health, "LastErrorCode") : 0;
}

} // namespace hnsclient::codec
