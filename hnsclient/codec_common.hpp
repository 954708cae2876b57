// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/model.hpp"
#include "libcni/json_reader.hpp"

// What both codecs read and write in the same way.
namespace hnsclient::codec {

/// How HNS spells "none" where an ID belongs.
inline constexpr std::string_view zero_guid = "00000000-0000-0000-0000-000000000000";

/// Sets a key, unless the text is empty.
void put(nlohmann::json& object, const char* key, const std::string& value);

/// Sets a key, unless the list is empty.
void put(nlohmann::json& object, const char* key, const std::vector<std::string>& values);

/// No value for a text that is not an address.
std::optional<libcni::Address> find_address(const libcni::JsonReader& object, const char* key);

/// The address of the host on a network. No value either for one by which nobody else reaches the
/// host: that which Windows gives itself while DHCP has not answered (169.254.0.0/16, RFC 3927),
/// link-local ones of IPv6 (fe80::/10), unspecified and loopback addresses.
std::optional<libcni::Address> find_host_address(const libcni::JsonReader& object, const char* key);

/// The same for a gateway: the unspecified address ("0.0.0.0") is none.
std::optional<libcni::Address> find_gateway(const libcni::JsonReader& object, const char* key);

/// Throws libcni::BadShape for a text that is not an address with a prefix length.
libcni::Cidr require_cidr(const libcni::JsonReader& object, const char* key);

/// 0 when the key is absent.
template <class T>
T number_or_zero(const libcni::JsonReader& object, const char* key) {
    const auto found = object.find(key);
    return found ? found->number<T>() : T{};
}

/// The elements of an array; none when the key is absent.
std::vector<libcni::JsonReader> list(const libcni::JsonReader& object, const char* key);

/// Empty when the key is absent, or zero_guid.
std::string id_or_empty(const libcni::JsonReader& object, const char* key);

/// No value for a text that is not a MAC address.
std::optional<MacAddress> find_mac(const libcni::JsonReader& object, const char* key);

/// Both APIs name the ends of a range of MAC addresses alike.
nlohmann::json encode_mac_range(const MacRange& range);

/// Those of the ranges in the list `key` whose ends can be read.
std::vector<MacRange> decode_mac_ranges(const libcni::JsonReader& object, const char* key);

/// Both APIs name a route's settings alike.
nlohmann::json settings_of(const SdnRoute& route);

/// An endpoint's policies; one that HNS added and that we cannot read is carried as it is.
std::vector<Policy> decode_policies(const libcni::JsonReader& endpoint);

/// What HNS says of an endpoint's state: 0 when all is well.
/// It stands in the object itself, or in the one of its resources, by version and API.
std::uint32_t decode_health_error(const libcni::JsonReader& endpoint);

/// The endpoint's State; 0 where HNS does not say.
std::uint32_t decode_state(const libcni::JsonReader& endpoint);

} // namespace hnsclient::codec
