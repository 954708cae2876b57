// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "hnsclient/client.hpp"
#include "libcni/result.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/common/ownership.hpp"
#include "plugins/common/pod.hpp"

// ADD's work on endpoints: those that are there, and the one that it makes.
namespace plugins {

/// Endpoints of the pod's name, told apart.
struct Known {
    /// The pod's endpoint from an earlier ADD, if it can be used.
    std::optional<hnsclient::Endpoint> ours;
    /// On another network, or in another namespace: left from an earlier life.
    std::vector<hnsclient::Endpoint> stale;
    /// Another interface's endpoint has the name.
    bool name_is_taken = false;
};

Known find_known(hnsclient::Client& hns,
                 const Pod& pod,
                 const Ownership& owner,
                 const hnsclient::Network& network);

/// The pod with the name that its new endpoint gets.
Pod named(Pod pod, const Known& known);

/// The sandbox's endpoint, for a container that joins it. Throws libcni::Error
/// (invalid_environment) when there is none.
const hnsclient::Endpoint& require_shared(const Known& known, const Pod& pod);

/// Removes what is in the way. Throws libcni::Error that names the endpoint.
void remove_stale(hnsclient::Client& hns, const Known& known);

/// Answers as the ADD did that made this endpoint, and attaches it when it is not: the container
/// of an endpoint of HNS v1 may have ended since, and the answer is the same.
libcni::Result adopt(hnsclient::Client& hns,
                     const Pod& pod,
                     const hnsclient::Endpoint& endpoint,
                     const hnsclient::Network& network,
                     const EndpointConf& conf);

/// Makes the planned endpoint, with its removal on the undo stack; returns it as far as it is
/// known. Throws AddressTaken where HNS says that something else has an address of it, else
/// libcni::Error, with what a person needs to know beside HNS's own words.
hnsclient::Endpoint make_endpoint(hnsclient::Client& hns,
                                  const hnsclient::Endpoint& wanted,
                                  const EndpointConf& conf,
                                  const hnsclient::Network& network,
                                  libcni::Undo& undo);

/// Puts the endpoint into the pod's sandbox, and returns it as HNS holds it then. Throws
/// libcni::Error that names both; also for an endpoint without an address, and for one that HNS
/// reports as degraded or destroyed.
hnsclient::Endpoint attach(hnsclient::Client& hns,
                           const Pod& pod,
                           const hnsclient::Endpoint& endpoint,
                           const hnsclient::Network& network);

} // namespace plugins
