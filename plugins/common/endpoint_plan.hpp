// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hnsclient/model.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"

// What HNS must hold for a pod, as a value: ADD makes it so, CHECK compares with it. Nothing here
// touches HNS, files or the clock.
namespace plugins {

/// What a plan is made from.
struct PlanInput {
    std::string endpoint_name;
    EndpointConf conf;
    hnsclient::Network network;
    /// What IPAM gave; without addresses HNS chooses.
    libcni::Result ipam;
};

/// The plan that l2bridge-like networks share: every address that IPAM gave, a default route per
/// family through `gateway_of`, IPAM's other routes, DNS, policies, port mappings per family. The
/// endpoint has no ID yet.
using GatewayRule = std::optional<libcni::Address> (*)(const PlanInput&, const libcni::IpConfig&);
hnsclient::Endpoint plan_endpoint(const PlanInput& input, GatewayRule gateway_of);

/// The gateway of the network's subnet that holds the address.
std::optional<libcni::Address> network_gateway(const PlanInput& input, const libcni::IpConfig& ip);

/// The gateway for one address: the conf's own, else as "gatewayFrom" says, else by `plugin_rule`.
std::optional<libcni::Address>
gateway_for(const PlanInput& input, const libcni::IpConfig& ip, GatewayRule plugin_rule);

/// A sentence for each thing in which the endpoint that HNS holds is not what the plan says,
/// expected against found. What the plan leaves open (no addresses, no MAC) is not compared;
/// policies that others added are none of our business.
std::vector<std::string> differences(const hnsclient::Endpoint& plan,
                                     const hnsclient::Endpoint& found);

/// The CNI result for an endpoint that HNS holds: masks from IPAM, else from the network's subnets.
libcni::Result result_for(const hnsclient::Endpoint& endpoint,
                          const hnsclient::Network& network,
                          const libcni::Result& ipam,
                          const libcni::Dns& dns,
                          const std::string& sandbox);

} // namespace plugins
