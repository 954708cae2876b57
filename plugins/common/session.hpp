// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hnsclient/client.hpp"
#include "libcni/request.hpp"
#include "plugins/common/attachment.hpp"

namespace plugins {

/// A client of this node's HNS whose calls are logged and watched by the watchdog. Throws
/// hnsclient::HnsError when this system has no HNS.
hnsclient::Client connect();

/// The namespace GUID in CNI_NETNS. Throws Error(invalid_environment) when it is none.
std::string namespace_of(const libcni::Request& request);

/// The conf's HNS network. Throws Error: code 11 naming the networks that exist when it is missing,
/// code 7 when it is of a type that the plugin does not work on.
hnsclient::Network
require_network(hnsclient::Client& hns, const Driver& driver, const libcni::Request& request);

/// Loopback DSR is left out with a warning where HNS lacks it, as in the reference.
void drop_loopback_dsr_if_unsupported(hnsclient::Client& hns, EndpointConf& conf);

/// Removes one endpoint, detaching it from wherever it is if HNS insists. Gone is success.
void remove_endpoint(hnsclient::Client& hns, const std::string& id);

} // namespace plugins
