// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hnsclient/api_version.hpp"
#include "hnsclient/mac_address.hpp"
#include "hnsclient/model.hpp"
#include "hnsclient/policy.hpp"
#include "libcni/request.hpp"
#include "libcni/result.hpp"
#include "plugins/common/ipam_conf.hpp"
#include "plugins/common/port_mappings.hpp"

// The conf keys that all Windows plugins share.
namespace plugins {

/// Where the gateway of an endpoint comes from ("gatewayFrom").
enum class GatewayFrom {
    /// The rule of the plugin itself.
    plugin,
    ipam,
    network
};

/// What a conf, its runtimeConfig and CNI_ARGS ask of an endpoint.
struct EndpointConf {
    /// Absent when the conf leaves the choice to the form of CNI_NETNS.
    std::optional<hnsclient::ApiVersion> api_version;
    std::vector<hnsclient::Policy> policies;
    std::vector<PortMapping> port_mappings;
    /// Of the runtime, else of the conf. May be empty; then IPAM's is taken.
    libcni::Dns dns;
    bool loopback_dsr = false;
    GatewayFrom gateway_from = GatewayFrom::plugin;
    /// Destinations in these prefixes see the pod's own address ("ipMasqNetwork",
    /// "ipMasqNetworks").
    std::vector<libcni::Cidr> ip_masq_networks;
    /// The HNS network to make when there is none of the conf's name.
    std::optional<hnsclient::Network> new_network;
    /// The conf says `createNetwork`; the network may also be one of `ipam`.
    bool names_new_network = false;
    IpamConf ipam;
    /// The gateways that `createNetwork` names.
    std::vector<AuthorGateway> network_gateways;
    /// Off: the pod gets no default route by this attachment ("isDefaultGateway").
    bool is_default_gateway = true;
    /// The MAC address that is asked for; absent leaves it to the plugin and HNS.
    std::optional<hnsclient::MacAddress> mac;
    /// The runtime's limit of what the pod sends, in bytes a second; `policies` has it, or a lower
    /// one of the author's.
    std::optional<std::uint64_t> egress_limit;
};

/// Reads and checks the shared keys. Throws libcni::Error: code 7 for what cannot be honoured,
/// named; libcni::BadShape for wrong types.
EndpointConf read_endpoint_conf(const libcni::Request& request);

/// The conf's "apiVersion". Throws libcni::Error (code 7) or BadShape.
std::optional<hnsclient::ApiVersion> read_api_version(const libcni::JsonReader& conf);

/// The same for DEL and GC: a conf that ADD refuses must not keep a pod from being removed, so what
/// makes no sense is a warning and no value.
std::optional<hnsclient::ApiVersion> find_api_version(const libcni::JsonReader& conf);

} // namespace plugins
