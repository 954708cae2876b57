// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libcni/ip.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/version.hpp"

namespace libcni {

/// An interface that a plugin made.
struct Interface {
    std::string name;
    std::string mac = {};
    std::string sandbox = {};
    std::optional<unsigned> mtu = {};
    std::string socket_path = {};
    std::string pci_id = {};

    friend bool operator==(const Interface&, const Interface&) = default;
};

/// An address with the prefix length of its network.
struct IpConfig {
    Cidr address;
    std::optional<Address> gateway = {};
    /// Index into Result::interfaces.
    std::optional<unsigned> interface_index = {};

    friend bool operator==(const IpConfig&, const IpConfig&) = default;
};

struct Route {
    Cidr destination;
    std::optional<Address> gateway = {};
    std::optional<unsigned> mtu = {};
    std::optional<unsigned> advmss = {};
    std::optional<int> priority = {};
    std::optional<int> table = {};
    std::optional<int> scope = {};

    friend bool operator==(const Route&, const Route&) = default;
};

struct Dns {
    std::vector<std::string> nameservers = {};
    std::string domain = {};
    std::vector<std::string> search = {};
    std::vector<std::string> options = {};

    [[nodiscard]] bool empty() const noexcept {
        return nameservers.empty() && domain.empty() && search.empty() && options.empty();
    }

    friend bool operator==(const Dns&, const Dns&) = default;
};

/// What an ADD made; one model for all spec versions. CNI spec 1.1.0, section "ADD Success".
struct Result {
    std::vector<Interface> interfaces = {};
    std::vector<IpConfig> ips = {};
    std::vector<Route> routes = {};
    Dns dns = {};
    /// True when the ADD found what it tells of, and took nothing. No part of the JSON, and of no
    /// interest to comparisons.
    bool was_there = false;

    friend bool operator==(const Result& a, const Result& b) {
        return a.interfaces == b.interfaces && a.ips == b.ips && a.routes == b.routes
               && a.dns == b.dns;
    }
};

/// The JSON of a result in the spelling of that spec version, as the plugin prints it. Versions
/// before 0.3.0 can hold one address of each family only: the first ones are written.
std::string encode(const Result& result, SpecVersion version);

/// Reads a result in the spelling of any version; its own cniVersion decides, `assumed` where it
/// has none. Throws BadShape.
Result decode_result(const JsonReader& json, SpecVersion assumed);

/// Reads nameservers, domain, search, options. Throws BadShape.
Dns decode_dns(const JsonReader& json);

/// Reads `dst`, `gw` and the keys of spec 1.1.0. Throws BadShape.
Route decode_route(const JsonReader& json);

/// Reads a string that holds an address or a CIDR. Throws BadShape.
Address decode_address(const JsonReader& json);
Cidr decode_cidr(const JsonReader& json);

} // namespace libcni
