// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hnsclient/model.hpp"
#include "libcni/result.hpp"

namespace plugins {

/// The CNI result for an endpoint that HNS holds: masks from IPAM, else from the network's subnets;
/// `dns` of the conf, else IPAM's. `netns` is CNI_NETNS.
libcni::Result result_for(const hnsclient::Endpoint& endpoint,
                          const hnsclient::Network& network,
                          const libcni::Result& addresses,
                          const libcni::Dns& dns,
                          const std::string& netns);

/// What IPAM said to an earlier ADD, as the endpoint still tells: its routes and DNS.
libcni::Result remembered(const hnsclient::Endpoint& endpoint);

} // namespace plugins
