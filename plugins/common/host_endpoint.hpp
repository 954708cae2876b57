// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"
#include "plugins/common/endpoint_kind.hpp"

// The host's own endpoint on an l2bridge network, to which pods send by the rule of win-bridge.
namespace plugins {

/// Makes it unless it is there, waits for the network's management address, and has both interfaces
/// forward; what of the latter cannot be is a warning. Nothing for other types of networks, and
/// where the conf says that the gateway is another one. The network stays when it fails, since
/// removing one cuts the host off: the next ADD tries again. Throws libcni::Error.
void connect_host(hnsclient::Client& hns,
                  const EndpointKind& kind,
                  const hnsclient::Network& network);

/// A warning when pods of this conf send to an address that should be the host's and that no
/// endpoint has.
void warn_of_missing_host_endpoint(hnsclient::Client& hns,
                                   const EndpointKind& kind,
                                   const hnsclient::Network& network);

} // namespace plugins
