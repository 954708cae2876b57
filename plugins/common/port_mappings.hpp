// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hnsclient/protocol.hpp"
#include "libcni/ip.hpp"
#include "libcni/json_reader.hpp"

namespace plugins {

/// One entry of `runtimeConfig.portMappings`, checked.
struct PortMapping {
    /// TCP or UDP.
    hnsclient::Protocol protocol = hnsclient::Protocol::tcp;
    std::uint16_t host_port = 0;
    std::uint16_t container_port = 0;
    /// The host's address that is mapped; absent means all.
    std::optional<libcni::Address> host_address = {};

    friend bool operator==(const PortMapping&, const PortMapping&) = default;
};

/// Reads `runtimeConfig.portMappings`: tcp and udp in any case or by decimal number, nothing means
/// tcp; a host port of 0 is skipped, and doubles, as runtimes write for 0.0.0.0 and ::, are read
/// once. Throws libcni::Error (code 7) that names what HNS cannot map, also one host port that is
/// to lead to two ports of the pod.
std::vector<PortMapping> read_port_mappings(const libcni::JsonReader& conf);

/// "8080/tcp", as messages name the host's side of a mapping.
std::string host_side(const PortMapping& mapping);

} // namespace plugins
