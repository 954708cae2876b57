// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace hnsclient {

/// What a type of HNS networks means for those who make networks and endpoints.
/// https://learn.microsoft.com/virtualization/windowscontainers/container-networking/network-drivers-topologies
struct NetworkType {
    /// As HNS spells it: "L2Bridge".
    std::string_view name;
    /// Each subnet has a virtual network identifier.
    bool needs_vni = false;
    /// The host has an address of its own in the pods' subnet, base + 2, and pods send through it.
    bool has_bridge_address = false;
    /// Addresses may come from outside, by DHCP.
    bool may_lack_subnet = false;
    /// The host needs an endpoint of its own for that address.
    bool has_host_endpoint = false;
    /// HNS picks a subnet where none is asked for.
    bool chooses_subnet = false;
    /// HNS translates the addresses of whatever leaves the host.
    bool has_nat = false;
};

/// The type of that name in any case; null for one that we do not know.
const NetworkType* find_network_type(std::string_view name) noexcept;

/// The one table of them: all types that networks can be made of.
std::span<const NetworkType> network_types() noexcept;

} // namespace hnsclient
