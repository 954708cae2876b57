// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/api.hpp"
#include "hnsclient/emulator/faults.hpp"

namespace hnsclient::emulator {

/// True when "<folder>/calls.jsonl" is there: that alone asks for a log.
bool is_logged(const std::filesystem::path& folder);

/// Adds a line to "<folder>/calls.jsonl":
/// {"api", "method", "path", "hr", "pid"} and the details. From the first line on, the process
/// adds {"api": "exit", "handlesLeftOpen": {"HcnNetwork": 1}, "pid"} when it ends with handles
/// open. A log that cannot be written does not fail the call.
void log_call(const CallName& call, nlohmann::json details, api::HResult result) noexcept;

} // namespace hnsclient::emulator
