// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace libcni::log {

using Clock = std::chrono::system_clock;

/// "2026-11-25T22:43:56.906+01:00" (ISO 8601), as a clock shows it that is so much ahead of UTC.
std::string iso_time(Clock::time_point when, std::chrono::minutes ahead_of_utc);

/// The text in one line: line breaks and other control characters are written as "\n", "\x1B", so
/// that what HNS or a conf says cannot make up lines of a log.
std::string escaped(std::string_view text);

/// "<time> <process> <level> <context> <text>" with a line break at its end; a context that is
/// empty is left out.
std::string line_of(Clock::time_point when,
                    std::string_view level,
                    std::string_view context,
                    std::string_view text);

} // namespace libcni::log
