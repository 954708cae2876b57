// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/observer.hpp"

namespace hnsclient {

Observer::~Observer() = default;

void Observer::began(const std::string& /*operation*/, std::string_view /*request*/) {}

void Observer::ended(const std::string& /*operation*/,
                     api::HResult /*code*/,
                     std::chrono::microseconds /*took*/,
                     std::string_view /*answer*/) {}

void Observer::waiting(const HnsError& /*error*/, std::chrono::milliseconds /*limit*/) {}

void Observer::waited(bool /*answers*/, std::chrono::milliseconds /*took*/) {}

void Observer::closing(const std::string& operation) {
    began(operation, {});
}

void Observer::close_hangs(const std::string& /*operation*/, std::chrono::milliseconds /*limit*/) {}

} // namespace hnsclient
