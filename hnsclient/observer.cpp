// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/observer.hpp"

namespace hnsclient {

Observer::~Observer() = default;

void Observer::began(const std::string& /*operation*/, std::string_view /*request*/) {}

void Observer::ended(const std::string& /*operation*/,
                     api::HResult /*code*/,
                     std::chrono::microseconds /*took*/,
                     std::string_view /*answer*/) {}

void Observer::retrying(const HnsError& /*error*/, std::chrono::milliseconds /*pause*/) {}

} // namespace hnsclient
