// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Logs go to stderr, or to a file; never to stdout, which carries the result. A log that cannot be
// written is never a reason to fail. Any thread may log.
namespace libcni::log {

/// From all there is to see to nothing. `trace` is for what goes over the wire, `debug` for each
/// call, `info` for what was done, `warning` for what somebody should know, `error` for why a
/// command failed.
enum class Level { trace, debug, info, warning, error, off };

/// The level of that name in any case; also "warn", and what multus and whereabouts call "verbose"
/// (info) and "panic" (error). No value for other text.
std::optional<Level> parse_level(std::string_view name) noexcept;

/// "warning".
std::string_view to_string(Level level) noexcept;

/// What a conf says of the log.
struct Wishes {
    /// Where lines go; it must be absolute, since nobody knows a runtime's working directory.
    std::optional<std::filesystem::path> file;
    /// As the conf spells it.
    std::optional<std::string> level;
};

/// Takes what the conf says where the environment (WINCNI_LOG, WINCNI_LOG_FILE) says nothing. What
/// cannot be taken is told in a warning, and is as good as not said.
void configure(const Wishes& wishes) noexcept;

/// True when lines of this level are written, or somebody captures them. Without a level from the
/// environment or the conf, warnings and errors are.
bool enabled(Level level) noexcept;

void trace(std::string_view text) noexcept;
void debug(std::string_view text) noexcept;
void info(std::string_view text) noexcept;
void warning(std::string_view text) noexcept;
void error(std::string_view text) noexcept;

/// Names the plugin, the command and the container in every line from now on.
void set_context(std::string context) noexcept;

/// Keeps what this process logs while it lives, whatever the level is, for tests. What is enabled
/// is written all the same.
class Captured {
public:
    struct Record {
        Level level;
        std::string text;
    };

    Captured();
    ~Captured();
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

    /// What was logged so far, in order.
    [[nodiscard]] std::vector<Record> records() const;

    /// The texts of one level, in order.
    [[nodiscard]] std::vector<std::string> texts(Level level) const;

    /// True when a text of that level holds this part.
    [[nodiscard]] bool holds(Level level, std::string_view part) const;

private:
    friend class Log;

    std::vector<Record> records_;
    /// Who captured before, and will again.
    Captured* outer_ = nullptr;
};

} // namespace libcni::log
