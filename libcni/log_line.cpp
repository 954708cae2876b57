// SPDX-License-Identifier: Apache-2.0
#include "libcni/log_line.hpp"

#include <memory>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "libcni/base/text.hpp"

namespace libcni::log {

namespace {

std::string escape_of(char c) {
    switch (c) {
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto code = static_cast<unsigned char>(c);
        return {'\\', 'x', digits[code >> 4U], digits[code & 0xFU]};
    }
}

std::string said(std::string_view context, std::string_view text) {
    return context.empty() ? escaped(text) : escaped(context) + " " + escaped(text);
}

spdlog::details::log_msg message(Clock::time_point when, Level level, const std::string& text) {
    return {when, {}, "wincni", spdlog::level::from_str(std::string(to_string(level))), text};
}

std::unique_ptr<spdlog::formatter> formatter() {
    // A line ends alike on both platforms: files go from one to the other.
    return std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%e%z %P %l %v", spdlog::pattern_time_type::local, "\n");
}

} // namespace

std::string escaped(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (const char c : text)
        if (is_control_character(c))
            line += escape_of(c);
        else
            line += c;
    return line;
}

std::string
line_of(Clock::time_point when, Level level, std::string_view context, std::string_view text) {
    spdlog::memory_buf_t line;
    formatter()->format(message(when, level, said(context, text)), line);
    return {line.data(), line.size()};
}

void write_to_stderr(Clock::time_point when,
                     Level level,
                     std::string_view context,
                     std::string_view text) {
    spdlog::sinks::stderr_sink_st sink;
    sink.set_formatter(formatter());
    sink.log(message(when, level, said(context, text)));
    sink.flush();
}

} // namespace libcni::log
