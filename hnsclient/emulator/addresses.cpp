// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/addresses.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"

namespace hnsclient::emulator {

using libcni::Address;
using libcni::Cidr;
using nlohmann::json;

namespace {

Subnet subnet_of(const json& subnet) {
    const auto prefix = Cidr::parse(text_at(subnet, "AddressPrefix"));
    if (!prefix) throw Failure(Code::invalid_network, "A subnet has no valid prefix. ");
    const std::string gateway = text_at(subnet, "GatewayAddress");
    const auto parsed = libcni::parse_address(gateway);
    if (!gateway.empty() && !parsed)
        throw Failure(Code::invalid_network, "The gateway " + gateway + " is not an address. ");
    return {.prefix = prefix->network(), .gateway = parsed};
}

const Subnet* holder_of(const Address& address, const std::vector<Subnet>& subnets) {
    const auto found =
        std::ranges::find_if(subnets, [&](const Subnet& s) { return s.prefix.contains(address); });
    return found == subnets.end() ? nullptr : &*found;
}

bool is_reserved(const Address& address, const Cidr& prefix) {
    if (prefix.prefix_length() + 1 >= libcni::address_bits(address)) return false;
    return address == prefix.address() || (address.is_v4() && address == prefix.last());
}

json configuration(const Address& address, unsigned prefix_length) {
    return {{"IpAddress", address.to_string()}, {"PrefixLength", prefix_length}};
}

Address lowest_free(const Subnet& subnet, const Taken& taken) {
    for (std::optional<Address> address = subnet.prefix.address();
         address && subnet.prefix.contains(*address);
         address = libcni::plus(*address, 1)) {
        if (is_reserved(*address, subnet.prefix) || address == subnet.gateway) continue;
        if (!taken.addresses.contains(address->to_string())) return *address;
    }
    throw Failure(Code::address_in_use,
                  "The subnet " + subnet.prefix.to_string() + " has no free address. ");
}

json assign_addresses(const std::vector<Subnet>& subnets, const Taken& taken) {
    json result = json::array();
    for (const auto& subnet : subnets)
        result.push_back(configuration(lowest_free(subnet, taken), subnet.prefix.prefix_length()));
    return result;
}

/// [{}] is what Go clients send for "no address".
json without_empty_ones(const json& wanted) {
    json result = json::array();
    for (const auto& one : wanted) {
        if (!one.is_object()) throw Failure(Code::invalid_json);
        if (!text_at(one, "IpAddress").empty()) result.push_back(one);
    }
    return result;
}

Address parse_wanted(const json& wanted) {
    const auto address = libcni::parse_address(text_at(wanted, "IpAddress"));
    if (!address) throw Failure(Code::invalid_ip);
    return *address;
}

json check_wanted(const json& wanted, const Subnet* subnet, const Taken& taken) {
    const Address address = parse_wanted(wanted);
    if (taken.addresses.contains(address.to_string())) throw Failure(taken.code);
    const unsigned bits = libcni::address_bits(address);
    unsigned length = number_at(wanted, "PrefixLength", 255);
    if (length > bits) throw Failure(Code::invalid_ip);
    if (length == 0) length = subnet != nullptr ? subnet->prefix.prefix_length() : bits;
    return configuration(address, length);
}

std::optional<Address> gateway_for(const Address& family,
                                   const json& ip_configurations,
                                   const std::vector<Subnet>& subnets) {
    for (const auto& configured : ip_configurations) {
        const auto address = libcni::parse_address(text_at(configured, "IpAddress"));
        if (!address || address->is_v4() != family.is_v4()) continue;
        const Subnet* subnet = holder_of(*address, subnets);
        if (subnet != nullptr && subnet->gateway) return subnet->gateway;
    }
    return std::nullopt;
}

json default_routes(const json& ip_configurations, const std::vector<Subnet>& subnets) {
    json routes = json::array();
    for (const auto& configured : ip_configurations) {
        const auto address = libcni::parse_address(text_at(configured, "IpAddress"));
        const Subnet* subnet = address ? holder_of(*address, subnets) : nullptr;
        if (subnet == nullptr || !subnet->gateway) continue;
        routes.push_back({{"NextHop", subnet->gateway->to_string()},
                          {"DestinationPrefix", libcni::default_route_of(*address).to_string()}});
    }
    return routes;
}

Cidr destination_of(const json& route) {
    const std::string text = text_at(route, "DestinationPrefix");
    const auto destination = Cidr::parse(text);
    if (!destination) throw Failure(Code::invalid_ip, text + " is not a prefix. ");
    return *destination;
}

json checked_route(const json& route) {
    const std::string next_hop = text_at(route, "NextHop");
    if (!libcni::parse_address(next_hop))
        throw Failure(Code::invalid_ip, next_hop + " is not an address. ");
    json result{{"NextHop", next_hop}, {"DestinationPrefix", destination_of(route).to_string()}};
    if (route.contains("Metric")) result["Metric"] = route["Metric"];
    return result;
}

/// A default route through "0.0.0.0" is not set, and keeps HNS from making one of its own.
bool leads_nowhere(const json& route) {
    const auto next_hop = libcni::parse_address(text_at(route, "NextHop"));
    return destination_of(route).prefix_length() == 0 && next_hop && next_hop->is_unspecified();
}

std::uint64_t mac_number(const std::string& mac) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i + 1 < mac.size(); i += 3) {
        unsigned byte = 0;
        std::from_chars(mac.data() + i, mac.data() + i + 2, byte, 16);
        number = (number << 8) | byte;
    }
    return number;
}

std::string mac_text(std::uint64_t number) {
    std::string text;
    for (int shift = 44; shift >= 0; shift -= 4) {
        text += "0123456789ABCDEF"[(number >> shift) & 0xFU];
        if (shift % 8 == 0 && shift > 0) text += '-';
    }
    return text;
}

} // namespace

std::vector<Subnet> subnets_of(const json& network) {
    std::vector<Subnet> result;
    for (const auto& subnet : list_at(network, "Subnets"))
        result.push_back(subnet_of(subnet));
    return result;
}

json resolve_addresses(const json& wanted, const std::vector<Subnet>& subnets, const Taken& taken) {
    const json given = without_empty_ones(wanted);
    if (given.empty()) return assign_addresses(subnets, taken);
    json result = json::array();
    for (const auto& one : given) {
        const Address address = parse_wanted(one);
        const Subnet* subnet = holder_of(address, subnets);
        if (subnet == nullptr) throw Failure(Code::invalid_ip);
        // The gateway is not refused: on an L2Bridge it is the host's to give away.
        if (is_reserved(address, subnet->prefix)) throw Failure(Code::address_in_use);
        result.push_back(check_wanted(one, subnet, taken));
    }
    return result;
}

json resolve_remote_addresses(const json& wanted,
                              const std::vector<Subnet>& subnets,
                              const Taken& taken) {
    const json given = without_empty_ones(wanted);
    if (given.empty()) throw Failure(Code::invalid_ip, "A remote endpoint needs an address. ");
    json result = json::array();
    for (const auto& one : given)
        result.push_back(check_wanted(one, holder_of(parse_wanted(one), subnets), taken));
    return result;
}

json resolve_routes(const json& wanted,
                    const json& ip_configurations,
                    const std::vector<Subnet>& subnets) {
    json given = json::array();
    json incomplete = json::array();
    for (const auto& route : wanted) {
        if (!route.is_object()) throw Failure(Code::invalid_json);
        if (!text_at(route, "NextHop").empty())
            given.push_back(checked_route(route));
        else if (!text_at(route, "DestinationPrefix").empty())
            incomplete.push_back(route);
    }
    json result = given.empty() ? default_routes(ip_configurations, subnets) : given;
    result.erase(std::remove_if(result.begin(), result.end(), leads_nowhere), result.end());
    for (const auto& route : incomplete) {
        const Cidr destination = destination_of(route);
        const auto gateway = gateway_for(destination.address(), ip_configurations, subnets);
        if (!gateway) continue;
        const json completed{{"NextHop", gateway->to_string()},
                             {"DestinationPrefix", destination.to_string()}};
        if (std::ranges::find(result, completed) == result.end()) result.push_back(completed);
    }
    return result;
}

bool is_mac(const std::string& text) {
    if (text.size() != 17) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i % 3 == 2;
        if (dash ? text[i] != '-'
                 : std::string_view("0123456789abcdefABCDEF").find(text[i])
                       == std::string_view::npos)
            return false;
    }
    return true;
}

std::string free_mac(const json& mac_pools, const Taken& taken) {
    for (const auto& pool : mac_pools) {
        const auto last = mac_number(text_at(pool, "EndMacAddress"));
        for (auto mac = mac_number(text_at(pool, "StartMacAddress")); mac <= last; ++mac) {
            std::string text = mac_text(mac);
            if (!taken.macs.contains(text)) return text;
        }
    }
    throw Failure(Code::invalid_endpoint, "The network has no free MAC address. ");
}

json fresh_mac_pools(const std::vector<json>& networks) {
    constexpr std::uint64_t block = 0x1000;
    std::set<std::string> starts;
    for (const auto& network : networks)
        for (const auto& pool : list_at(network, "MacPools"))
            starts.insert(text_at(pool, "StartMacAddress"));
    std::uint64_t first = mac_number("00-15-5D-00-10-00");
    while (starts.contains(mac_text(first)))
        first += block;
    return json::array(
        {{{"StartMacAddress", mac_text(first)}, {"EndMacAddress", mac_text(first + block - 1)}}});
}

} // namespace hnsclient::emulator
