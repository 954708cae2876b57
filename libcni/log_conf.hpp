// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/json_reader.hpp"

namespace libcni {

/// Sets up the log as the keys `logFile` and `logLevel` of a conf want it (log::configure). A key
/// that cannot be taken, whatever its type, is told in a warning and is as good as absent.
void configure_log(const JsonReader& conf) noexcept;

} // namespace libcni
