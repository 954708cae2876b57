// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hnsclient/client.hpp"
#include "hnsclient/model.hpp"
#include "libcni/request.hpp"

// The conf keys that all Windows plugins share.
namespace plugins {

/// One entry of `runtimeConfig.portMappings`, checked.
struct PortMapping {
    /// IP protocol number: 6 TCP, 17 UDP.
    unsigned protocol = 0;
    std::uint16_t host_port = 0;
    std::uint16_t container_port = 0;
    /// The host's address that is mapped; absent means all.
    std::optional<libcni::Address> host_address;
};

/// Where the gateway of an endpoint comes from ("gatewayFrom").
enum class GatewayFrom {
    /// The rule of the plugin itself.
    plugin,
    ipam,
    network
};

/// What win-overlay reads besides.
struct OverlayConf {
    /// The network's own prefix is exempt from NAT ("ipMasq").
    bool ip_masq = false;
    /// The first two bytes of a pod's MAC address ("endpointMacPrefix").
    std::string mac_prefix = "0E-2A";
};

/// What a conf, its runtimeConfig and CNI_ARGS ask of an endpoint.
struct EndpointConf {
    /// Absent when the conf leaves the choice to the form of CNI_NETNS.
    std::optional<unsigned> api_version;
    std::vector<hnsclient::Policy> policies;
    std::vector<PortMapping> port_mappings;
    /// Of the runtime, else of the conf. May be empty; then IPAM's is taken.
    libcni::Dns dns;
    bool loopback_dsr = false;
    GatewayFrom gateway_from = GatewayFrom::plugin;
    /// Destinations in these prefixes see the pod's own address ("ipMasqNetwork",
    /// "ipMasqNetworks").
    std::vector<libcni::Cidr> ip_masq_networks;
    /// The author's own gateways; the first of a family goes before every rule.
    std::vector<libcni::Address> gateways;
    /// Flags that every port mapping gets besides that of its family.
    std::uint32_t port_mapping_flags = 0;
    /// Each port mapping also opens the pod's port (an ACL policy).
    bool allow_mapped_ports = false;
    /// The HNS network to make when there is none of the conf's name.
    std::optional<hnsclient::Network> new_network;
    OverlayConf overlay;
};

/// Reads and checks the shared keys. Throws libcni::Error: code 7 for what cannot be honoured,
/// named; libcni::BadShape for wrong types.
EndpointConf read_endpoint_conf(const libcni::Request& request);

/// The API for this request: as the conf's "apiVersion" says, else by the form of CNI_NETNS.
/// Containers without a namespace of their own ("none", "container:<id>") are version 1's.
hnsclient::ApiVersion api_version_for(const libcni::Request& request,
                                      const std::optional<unsigned>& wanted);

/// The conf's "apiVersion". Throws libcni::Error (code 7) or BadShape.
std::optional<unsigned> read_api_version(const libcni::JsonReader& conf);

/// True when CNI_NETNS is "container:<id>": the container uses the endpoint of the sandbox <id>.
bool shares_sandbox(const libcni::Request& request);

/// `<sandbox container id>_<network name>`: what an endpoint of ours is called.
std::string endpoint_name(const libcni::Request& request);

/// The container ID in an endpoint name of this network; no value when ADD would not have given it.
std::optional<std::string> container_of(const std::string& endpoint_name,
                                        const std::string& network_name);

} // namespace plugins
