// SPDX-License-Identifier: Apache-2.0
#include "libcni/log.hpp"

#include <array>
#include <memory>

// Names of files are UTF-16 on Windows; spdlog reads this there only.
#define SPDLOG_WCHAR_FILENAMES
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "libcni/base/platform.hpp"

namespace libcni::log {

namespace {

std::string& context() {
    static std::string text;
    return text;
}

Level level_asked_for() {
    constexpr std::array<std::string_view, 6> names{
        "trace", "debug", "info", "warning", "error", "off"};
    const std::string asked = environment_variable("WINCNI_LOG").value_or("");
    for (std::size_t i = 0; i < names.size(); ++i)
        if (asked == names[i]) return static_cast<Level>(i);
    return Level::warning;
}

spdlog::sink_ptr make_sink() {
    const auto file = environment_variable("WINCNI_LOG_FILE");
    if (file && !file->empty()) {
        try {
            return std::make_shared<spdlog::sinks::basic_file_sink_st>(path_of(*file).native());
        } catch (const spdlog::spdlog_ex&) {
            // A log that cannot be written must not cost a pod its network.
        }
    }
    return std::make_shared<spdlog::sinks::stderr_sink_st>();
}

spdlog::logger& logger() {
    static const std::unique_ptr<spdlog::logger> instance = [] {
        auto made = std::make_unique<spdlog::logger>("wincni", make_sink());
        made->set_level(spdlog::level::trace);
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %P %l %v");
        return made;
    }();
    return *instance;
}

void write(Level level, spdlog::level::level_enum spelled, std::string_view text) noexcept try {
    if (!enabled(level)) return;
    logger().log(spelled, "{}: {}", context(), text);
    logger().flush();

} catch (...) {

    return;
}

} // namespace

bool enabled(Level level) noexcept {
    static const Level lowest = level_asked_for();
    return level >= lowest;
}

void trace(std::string_view text) noexcept {
    write(Level::trace, spdlog::level::trace, text);
}

void debug(std::string_view text) noexcept {
    write(Level::debug, spdlog::level::debug, text);
}

void info(std::string_view text) noexcept {
    write(Level::info, spdlog::level::info, text);
}

void warning(std::string_view text) noexcept {
    write(Level::warning, spdlog::level::warn, text);
}

void error(std::string_view text) noexcept {
    write(Level::error, spdlog::level::err, text);
}

void set_context(std::string text) noexcept {
    context() = std::move(text);
}

} // namespace libcni::log
