// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hnsclient/mac_address.hpp"
#include "hnsclient/policy.hpp"
#include "libcni/ip.hpp"

// HNS objects as both APIs mean them; neither spelling shows here.
// https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-json-document-schemas
namespace hnsclient {

/// DNS settings of a network or endpoint.
struct Dns {
    std::string domain = {};
    std::vector<std::string> search = {};
    std::vector<std::string> servers = {};
    std::vector<std::string> options = {};

    friend bool operator==(const Dns&, const Dns&) = default;
};

struct Subnet {
    libcni::Cidr prefix;
    std::optional<libcni::Address> gateway = {};
    /// Virtual network identifier of an overlay's subnet (policy VSID).
    std::optional<std::uint32_t> vni = {};
};

/// First and last address of a MAC pool.
struct MacRange {
    MacAddress first;
    MacAddress last;
};

struct Network {
    std::string id = {};
    std::string name = {};
    /// As HNS spells it: "L2Bridge", "L2Tunnel", "Overlay", "NAT", "Transparent", ...
    std::string type = {};
    std::vector<Subnet> subnets = {};
    std::vector<MacRange> mac_ranges = {};
    Dns dns = {};
    /// UDP port of an overlay's VXLAN; absent means HNS's own, 4789.
    std::optional<std::uint16_t> vxlan_port = {};
    /// The physical adapter that the network is made on; empty lets HNS choose.
    std::string adapter = {};
    /// The host's own address on the network's adapter; absent while HNS has none.
    std::optional<libcni::Address> management_address = {};
    std::uint32_t flags = 0;
};

/// An address of an endpoint; without a prefix length HNS takes that of the subnet.
struct EndpointAddress {
    libcni::Address address;
    std::optional<unsigned> prefix_length = {};

    friend bool operator==(const EndpointAddress&, const EndpointAddress&) = default;
};

/// A route of an endpoint; without a next hop HNS takes the subnet's gateway.
struct EndpointRoute {
    libcni::Cidr destination;
    std::optional<libcni::Address> next_hop = {};

    friend bool operator==(const EndpointRoute&, const EndpointRoute&) = default;
};

struct Endpoint {
    std::string id = {};
    std::string name = {};
    std::string network_id = {};
    /// Empty when the endpoint is in no namespace.
    std::string namespace_id = {};
    /// The containers that use the endpoint, as HNS v1 tells.
    std::vector<std::string> container_ids = {};
    /// None lets HNS choose from the network's subnets.
    std::vector<EndpointAddress> addresses = {};
    /// None lets HNS make default routes from the network's subnets.
    std::vector<EndpointRoute> routes = {};
    /// None lets HNS choose from the network's MAC pool.
    std::optional<MacAddress> mac = {};
    Dns dns = {};
    std::vector<Policy> policies = {};
    /// Stands for an endpoint of another node.
    bool is_remote = false;
    /// What HNS says of the endpoint's health; 0 is well.
    std::uint32_t health_error = 0;
    /// How far the endpoint has come: 1 created, 2 attached, 3 shared, 4 detached, 5 degraded,
    /// 6 destroyed; 0 where HNS does not say.
    std::uint32_t state = 0;
};

struct Namespace {
    std::string id = {};
    /// Network compartment.
    std::uint32_t compartment = 0;
    /// "Host", "HostDefault", "Guest" or "GuestDefault".
    std::string type = {};
    std::vector<std::string> endpoint_ids = {};
    std::vector<std::string> container_ids = {};
};

/// Version of the HNS service, from 7.2 (Windows Server 1803) on.
struct Version {
    unsigned major = 0;
    unsigned minor = 0;

    friend auto operator<=>(const Version&, const Version&) = default;
};

/// True for a default route through the unspecified address: one that HNS does not set, and that
/// keeps it from making its own. https://github.com/Azure/azure-container-networking/pull/4136
bool leads_nowhere(const EndpointRoute& route) noexcept;

/// What HNS reports to be wrong with an endpoint: "degraded (State 5): HCN_E_... (0x...)". Empty
/// for one that is well.
std::string fault_of(const Endpoint& endpoint);

/// The subnet of the network that holds the address, or null.
const Subnet* subnet_of(const Network& network, const libcni::Address& address) noexcept;

} // namespace hnsclient
