// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"
#include "libcni/command.hpp"
#include "libcni/result.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/endpoint_kind.hpp"

namespace plugins {

/// Throws when the conf's IPAM plugin is not on disk: found out before anything is taken.
void require_ipam(const libcni::Request& request);

/// Asks the conf's IPAM plugin for addresses and pushes their release; without an IPAM plugin
/// returns none, and HNS chooses. An address that belongs to the host is given back and another one
/// asked for. Nothing is released while HNS still holds an endpoint of the pod.
libcni::Result take_addresses(hnsclient::Client& hns,
                              const EndpointKind& kind,
                              const libcni::Request& request,
                              const Pod& pod,
                              const hnsclient::Network& network,
                              libcni::Undo& undo);

/// DEL of the conf's IPAM plugin; nothing without one.
void release_addresses(const libcni::Request& request);

/// CHECK, STATUS or GC of the conf's IPAM plugin; nothing without one.
void pass_to_ipam(libcni::Command command, const libcni::Request& request);

} // namespace plugins
