// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "hnsclient/client.hpp"
#include "libcni/config.hpp"
#include "libcni/result.hpp"
#include "plugins/common/ownership.hpp"
#include "plugins/common/pod.hpp"

// What CHECK expects of the endpoint that HNS holds. Failing it is libcni::Error (check_failed).
namespace plugins {

/// The pod's endpoint on that network. Throws when HNS has none.
hnsclient::Endpoint require_endpoint(hnsclient::Client& hns,
                                     const Pod& pod,
                                     const Ownership& owner,
                                     const hnsclient::Network& network);

/// The addresses that HNS holds, for a CHECK without prevResult.
libcni::Result addresses_of(const hnsclient::Endpoint& endpoint, const hnsclient::Network& network);

/// What of a result this plugin has made. Later plugins of a chain add interfaces with addresses,
/// routes and DNS of their own (CNI spec 1.1.0, section 2, CHECK): addresses are kept that are the
/// endpoint's, routes that the conf's "ipam" names, and IPAM's DNS where the conf asks it for some.
libcni::Result own_part(libcni::Result previous,
                        const libcni::NetworkConfig& conf,
                        const hnsclient::Endpoint& endpoint,
                        const hnsclient::Network& network);

/// Puts into the plan what it leaves to HNS and the result of ADD tells: the MAC address, and,
/// without an IPAM plugin, the addresses.
void expect_what_hns_chose(hnsclient::Endpoint& plan,
                           const libcni::NetworkConfig& conf,
                           const std::optional<libcni::Result>& previous,
                           const libcni::Result& addresses);

/// Throws with a sentence for each thing in which the endpoint is not what the plan says, and when
/// it is not in the pod's sandbox.
void require_no_difference(const Pod& pod,
                           const hnsclient::Endpoint& plan,
                           const hnsclient::Endpoint& found);

} // namespace plugins
