// SPDX-License-Identifier: Apache-2.0
#include "libcni/log_line.hpp"

#include <array>
#include <cstdio>

#include "libcni/base/platform.hpp"
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

} // namespace

std::string iso_time(Clock::time_point when, std::chrono::minutes ahead_of_utc) {
    using namespace std::chrono;
    const auto shown = floor<milliseconds>(when) + ahead_of_utc;
    const year_month_day date(floor<days>(shown));
    const hh_mm_ss time(shown - floor<days>(shown));
    const hh_mm_ss zone(ahead_of_utc);
    std::array<char, 128> text{};
    (void)std::snprintf(text.data(),
                        text.size(),
                        "%04d-%02u-%02uT%02d:%02d:%02d.%03d%c%02d:%02d",
                        static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()),
                        static_cast<unsigned>(date.day()),
                        static_cast<int>(time.hours().count()),
                        static_cast<int>(time.minutes().count()),
                        static_cast<int>(time.seconds().count()),
                        static_cast<int>(time.subseconds().count()),
                        zone.is_negative() ? '-' : '+',
                        static_cast<int>(zone.hours().count()),
                        static_cast<int>(zone.minutes().count()));
    return text.data();
}

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

std::string line_of(Clock::time_point when,
                    std::string_view level,
                    std::string_view context,
                    std::string_view text) {
    std::string line = iso_time(when, ahead_of_utc(when));
    line += " " + std::to_string(process_id()) + " ";
    line += level;
    for (const std::string_view part : {context, text})
        if (!part.empty()) line += " " + escaped(part);
    return line + "\n";
}

} // namespace libcni::log
