// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/pod_mac.hpp"

#include <algorithm>
#include <string>

#include "libcni/error.hpp"
#include "plugins/common/values.hpp"

namespace plugins {

using hnsclient::MacAddress;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

/// What somebody wrote as a MAC address.
struct Wish {
    /// "conf.runtimeConfig.mac"
    std::string place;
    std::string text;
    /// For a text that is none.
    ErrorCode code = ErrorCode::invalid_network_config;
};

/// No value where the key is absent or empty.
std::optional<Wish> wish_at(const std::optional<JsonReader>& key) {
    if (!key) return std::nullopt;
    if (!key->is_string())
        throw Error(ErrorCode::invalid_network_config,
                    key->path() + " is not a text",
                    "write a MAC address in quotes, like \"0E-2A-0A-F4-04-07\"");
    require_filled_in(*key);
    if (key->text().empty()) return std::nullopt;
    return Wish{.place = key->path(), .text = key->text()};
}

std::optional<JsonReader> find_object(const std::optional<JsonReader>& parent, const char* key) {
    auto found = parent ? parent->find(key) : std::nullopt;
    // What other plugins may mean by the key is theirs.
    if (!found || !found->is_object()) return std::nullopt;
    return found;
}

std::optional<Wish> find_wish(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    const auto runtime = conf.find("runtimeConfig");
    if (auto wish = wish_at(runtime ? runtime->find("mac") : std::nullopt)) return wish;
    const auto args = find_object(find_object(conf, "args"), "cni");
    if (auto wish = wish_at(args ? args->find("mac") : std::nullopt)) return wish;
    const std::string text = request.args.get("MAC");
    if (text.empty()) return std::nullopt;
    return Wish{.place = "MAC in CNI_ARGS", .text = text, .code = ErrorCode::invalid_environment};
}

[[noreturn]] void refuse(const Wish& wish, const char* what, const char* cure) {
    throw Error(wish.code, wish.place + " \"" + wish.text + "\" " + what, cure);
}

/// Throws for an address that no single interface can have.
void require_of_one_interface(const Wish& wish, const MacAddress& mac) {
    constexpr const char* cure = "name the address of one interface, like \"0E-2A-0A-F4-04-07\"";
    const auto& bytes = mac.bytes();
    if (std::ranges::count(bytes, 0) == static_cast<long>(bytes.size()))
        refuse(wish, "is the zero address, which no interface can have", cure);
    if (std::ranges::count(bytes, 0xFF) == static_cast<long>(bytes.size()))
        refuse(wish, "is the broadcast address, which no interface can have", cure);
    if ((bytes.front() & 1U) != 0)
        refuse(wish,
               "is a multicast address, which no interface can have",
               "the first byte must be even, as in \"0E-2A-0A-F4-04-07\"");
}

} // namespace

std::optional<MacAddress> read_mac(const libcni::Request& request) {
    const auto wish = find_wish(request);
    if (!wish) return std::nullopt;
    auto mac = MacAddress::parse(wish->text);
    if (!mac)
        refuse(*wish,
               "is not a MAC address",
               "write six bytes in hex, like \"0E-2A-0A-F4-04-07\" or \"0e:2a:0a:f4:04:07\"");
    require_of_one_interface(*wish, *mac);
    return mac;
}

} // namespace plugins
