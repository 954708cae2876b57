// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hnsclient/caller.hpp"
#include "hnsclient/model.hpp"

// What the client of version 2 also asks version 1 for.
namespace hnsclient::v1 {

/// All networks, with their management addresses: one round trip.
std::vector<Network> networks(Caller& caller);

/// The version of the HNS service.
Version service_version(Caller& caller);

} // namespace hnsclient::v1
