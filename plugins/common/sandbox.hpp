// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"

namespace plugins {

/// Throws libcni::Error (invalid_environment) when HNS has no such sandbox; keeps it open for the
/// attachment.
void require_sandbox(hnsclient::Client& hns, const hnsclient::Sandbox& sandbox);

} // namespace plugins
