// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hnsclient/model.hpp"

namespace plugins {

/// A sentence for each thing in which the endpoint that HNS holds is not what the plan says,
/// expected against found. What the plan leaves open (no addresses, no MAC) is not compared;
/// policies that others added are none of our business.
std::vector<std::string> differences(const hnsclient::Endpoint& plan,
                                     const hnsclient::Endpoint& found);

} // namespace plugins
