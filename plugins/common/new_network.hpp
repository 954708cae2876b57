// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "hnsclient/model.hpp"
#include "libcni/request.hpp"

namespace plugins {

/// Reads `createNetwork: {type, adapter, subnet, gateway, subnets, vni, vxlanPort}`: the HNS
/// network to make when there is none of the conf's name. No value without the key. The type stays
/// empty when the conf leaves it to the plugin. A gateway that is not given is the subnet's first
/// address; one that is may lie outside. Throws libcni::Error (code 7) that names the key at fault,
/// or BadShape.
std::optional<hnsclient::Network> read_new_network(const libcni::Request& request);

/// The network that Microsoft's plugins make of `master` and of `ipam.subnet`, with the first
/// gateway of its family in `ipam.routes`, when `createNetwork` says nothing; no value without a
/// subnet.
std::optional<hnsclient::Network> network_of_ipam(const libcni::Request& request);

} // namespace plugins
