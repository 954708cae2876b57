// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/port_mappings.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "plugins/common/values.hpp"

namespace plugins {

using hnsclient::Protocol;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

Protocol read_protocol(const JsonReader& mapping) {
    const auto key = mapping.find("protocol");
    if (!key) return Protocol::tcp;
    const std::string text =
        key->is_string() ? key->text() : std::to_string(key->number<unsigned>());
    if (text.empty()) return Protocol::tcp;
    for (const auto protocol : {Protocol::tcp, Protocol::udp})
        if (libcni::same_ignoring_case(text, protocol.name())
            || text == std::to_string(protocol.number))
            return protocol;
    throw Error(ErrorCode::invalid_network_config,
                key->path() + " \"" + text + "\" cannot be mapped by HNS",
                "host ports are for tcp and udp only: take this port out of the pod, or change its "
                "protocol");
}

std::uint16_t read_port(const JsonReader& mapping, const char* name) {
    const auto key = mapping.find(name);
    if (!key) return 0;
    try {
        return key->number<std::uint16_t>();
    } catch (const libcni::BadShape& error) {
        throw Error(
            ErrorCode::invalid_network_config, error.what(), "a port is a number from 1 to 65535");
    }
}

std::uint16_t read_container_port(const JsonReader& mapping) {
    const std::uint16_t port = read_port(mapping, "containerPort");
    if (port == 0)
        throw Error(ErrorCode::invalid_network_config,
                    mapping.path() + ".containerPort is 0",
                    "a port is a number from 1 to 65535");
    return port;
}

std::optional<libcni::Address> read_host_address(const JsonReader& mapping) {
    const auto key = mapping.find("hostIP");
    if (!key || key->text().empty()) return std::nullopt;
    require_filled_in(*key);
    const auto address = libcni::parse_address(key->text());
    if (!address)
        throw Error(ErrorCode::invalid_network_config,
                    mapping.path() + ".hostIP \"" + key->text() + "\" is not an IP address",
                    "name an address of the host, or leave it out to map all");
    if (address->is_unspecified()) return std::nullopt;
    return address;
}

/// Two mappings of one host port that lead to different ports of the pod.
bool contradict(const PortMapping& a, const PortMapping& b) {
    const bool share_address =
        !a.host_address || !b.host_address || a.host_address == b.host_address;
    return share_address && a.protocol == b.protocol && a.host_port == b.host_port
           && a.container_port != b.container_port;
}

void add(std::vector<PortMapping>& mappings, const PortMapping& mapping, const std::string& place) {
    if (std::ranges::find(mappings, mapping) != mappings.end()) return;
    const auto other = std::ranges::find_if(
        mappings, [&](const PortMapping& known) { return contradict(known, mapping); });
    if (other != mappings.end())
        throw Error(ErrorCode::invalid_network_config,
                    place + " maps host port " + host_side(mapping) + " to port "
                        + std::to_string(mapping.container_port) + ", and another mapping to port "
                        + std::to_string(other->container_port),
                    "a host port leads to one port of the pod: give one of them another hostPort, "
                    "or each a hostIP of its own");
    mappings.push_back(mapping);
}

} // namespace

std::vector<PortMapping> read_port_mappings(const JsonReader& conf) {
    std::vector<PortMapping> mappings;
    const auto runtime = conf.find("runtimeConfig");
    const auto list = runtime ? runtime->find("portMappings") : std::nullopt;
    if (!list) return mappings;
    for (const auto& entry : list->elements()) {
        const std::uint16_t host_port = read_port(entry, "hostPort");
        if (host_port == 0) continue;
        add(mappings,
            {.protocol = read_protocol(entry),
             .host_port = host_port,
             .container_port = read_container_port(entry),
             .host_address = read_host_address(entry)},
            entry.path());
    }
    return mappings;
}

std::string host_side(const PortMapping& mapping) {
    return std::to_string(mapping.host_port) + "/" + mapping.protocol.name();
}

} // namespace plugins
