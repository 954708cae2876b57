// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hnsclient/policy.hpp"
#include "libcni/json_reader.hpp"

namespace plugins {

/// Reads a policy of a conf, in the spelling of either API, with its values checked: networks,
/// addresses and ports are parsed, host bits masked, a bare address among the exceptions or as a
/// destination of a route is /32 or /128. HNS wants one family in a policy, so one that mixes them
/// becomes two. Throws libcni::Error (code 7) that names the key at fault.
std::vector<hnsclient::Policy> read_endpoint_policy(const libcni::JsonReader& value);

/// Adds the policies that are not in the list yet.
void add_new(std::vector<hnsclient::Policy>& policies, std::vector<hnsclient::Policy> more);

} // namespace plugins
