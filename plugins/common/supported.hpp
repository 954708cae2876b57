// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"

// What HNS can do of what is asked for: the rest is left out, with a warning.
namespace plugins {

/// The conf without DNS options where endpoints of the API have none.
EndpointConf supported_conf(const hnsclient::Abilities& abilities, EndpointConf conf);

/// The conf without loopback DSR where this HNS lacks it, as the Go plugins do. HNS is asked for
/// its version only when it matters.
EndpointConf supported_here(hnsclient::Client& hns, EndpointConf conf);

/// IPAM's answer without what endpoints of the API have no place for: routes beside the default
/// ones, DNS options, further addresses of a family.
libcni::Result supported_addresses(const hnsclient::Abilities& abilities, libcni::Result addresses);

} // namespace plugins
