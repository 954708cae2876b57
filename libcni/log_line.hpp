// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libcni/log.hpp"

// The one file behind this header knows spdlog: it costs seconds to compile.
namespace libcni::log {

using Clock = std::chrono::system_clock;

/// The text in one line: line breaks and other control characters are written as "\n", "\x1B", so
/// that what HNS or a conf says cannot make up lines of a log.
std::string escaped(std::string_view text);

/// "<time> <process> <level> <context> <text>" with a line break at its end, the time with its zone
/// (ISO 8601): "2026-11-25T22:43:56.906+01:00". A context that is empty is left out.
std::string
line_of(Clock::time_point when, Level level, std::string_view context, std::string_view text);

/// Writes a line to stderr. Throws std::exception when it cannot.
void write_to_stderr(Clock::time_point when,
                     Level level,
                     std::string_view context,
                     std::string_view text);

} // namespace libcni::log
