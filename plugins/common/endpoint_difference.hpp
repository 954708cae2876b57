// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hnsclient/model.hpp"

namespace plugins {

/// A sentence for each thing in which the endpoint that HNS holds is not what the plan says,
/// expected against found. What the plan leaves open (no addresses, no MAC, no DNS) is not
/// compared, nor what HNS adds of its own: settings of policies, routes, the policies of its
/// switch. Any other policy that the plan does not have is a difference.
std::vector<std::string> differences(const hnsclient::Endpoint& plan,
                                     const hnsclient::Endpoint& found);

} // namespace plugins
