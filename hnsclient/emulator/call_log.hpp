// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/api.hpp"
#include "hnsclient/emulator/faults.hpp"

namespace hnsclient::emulator {

/// Adds a line to "<folder>/calls.jsonl", if calls are logged there (see Config::log_calls):
/// {"api", "method", "path", "hr", "pid"} and the details. From the first line on, the process
/// adds {"api": "exit", "handlesLeftOpen": {"HcnNetwork": 1}, "pid"} when it ends with handles
/// open. A log that cannot be written is no failure of the call.
void log_call(const CallName& call, nlohmann::json details, api::HResult result) noexcept;

} // namespace hnsclient::emulator
