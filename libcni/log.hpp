// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Logs go to stderr, or to the file that WINCNI_LOG_FILE names; never to stdout, which carries the
// result. A log that cannot be written is never a reason to fail.
namespace libcni::log {

enum class Level { trace, debug, info, warning, error, off };

/// What WINCNI_LOG (debug, info, warning, error, off) asks for; warning when it is not set.
bool enabled(Level level) noexcept;

void trace(std::string_view text) noexcept;
void debug(std::string_view text) noexcept;
void info(std::string_view text) noexcept;
void warning(std::string_view text) noexcept;
void error(std::string_view text) noexcept;

/// Names the plugin and the container in every line from now on.
void set_context(std::string context) noexcept;

} // namespace libcni::log
