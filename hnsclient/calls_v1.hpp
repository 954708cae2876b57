// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "hnsclient/caller.hpp"
#include "hnsclient/model.hpp"

// What the client of version 2 also asks version 1 for.
namespace hnsclient::v1 {

/// The network of that name, with its management address: one round trip.
std::optional<Network> find_network(Caller& caller, std::string_view name);

/// The version of the HNS service.
Version service_version(Caller& caller);

} // namespace hnsclient::v1
