// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "hnsclient/client.hpp"
#include "plugins/common/endpoint_kind.hpp"

// The HNS network of a conf: found, required, or made as `createNetwork` says.
namespace plugins {

/// The network of that name, or no value. Throws libcni::Error (code 7) when it is of a type that
/// the plugin does not work on.
std::optional<hnsclient::Network>
find_network(hnsclient::Client& hns, const EndpointKind& kind, const std::string& name);

/// The same; throws libcni::Error (code 11), naming the networks that exist, when it is missing.
hnsclient::Network
require_network(hnsclient::Client& hns, const EndpointKind& kind, const std::string& name);

/// The network for ADD: the one that is there, else the one that the conf lets the plugin make,
/// though not for a container that joins another's sandbox. The pod's sandbox is looked for before
/// anything is made. A network that another call made meanwhile is as good. It stays whatever
/// becomes of the pod: making and removing one cuts the host off for seconds.
hnsclient::Network
prepare_network(hnsclient::Client& hns, const EndpointKind& kind, const Pod& pod);

/// Throws as ADD would for the network that is there, or that would have to be made.
void require_usable_network(hnsclient::Client& hns,
                            const EndpointKind& kind,
                            const std::string& name);

} // namespace plugins
