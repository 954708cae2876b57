// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libcni/base/platform.hpp"
#include "libcni/log.hpp"
#include "libcni/log_line.hpp"

using libcni::log::Captured;
using libcni::log::Level;
using std::chrono::milliseconds;

namespace {

constexpr auto some_time = libcni::log::Clock::time_point(milliseconds(1'795'643'036'906));

} // namespace

TEST_CASE("A level has its name in any case") {
    for (const Level level :
         {Level::trace, Level::debug, Level::info, Level::warning, Level::error, Level::off})
        CHECK(libcni::log::parse_level(libcni::log::to_string(level)) == level);
    CHECK(libcni::log::parse_level("INFO") == Level::info);
    CHECK(libcni::log::parse_level("Warn") == Level::warning);
    CHECK(libcni::log::parse_level("verbose") == Level::info);
    CHECK(libcni::log::parse_level("panic") == Level::error);
    for (const char* word : {"", "loud", "info ", "3"})
        CHECK_FALSE(libcni::log::parse_level(word));
}

TEST_CASE("A line tells when, who, how bad, where and what") {
    const std::string line =
        libcni::log::line_of(some_time, Level::info, "flannel ADD 3f2a", "it is done");
    CAPTURE(line);
    const std::regex shape(R"(2026-11-2[456]T\d\d:\d\d:56\.906[+-]\d\d:\d\d )"
                           + std::to_string(libcni::process_id())
                           + " info flannel ADD 3f2a it is done\n");
    CHECK(std::regex_match(line, shape));
    CHECK(libcni::log::line_of(some_time, Level::info, "", "x").ends_with(" info x\n"));
}

TEST_CASE("The zone of a line is that of its time") {
    // Both ends of the year: where clocks change, the zones differ, and each must fit its time.
    for (const auto when : {some_time, some_time - std::chrono::hours(24 * 182)}) {
        const std::string line = libcni::log::line_of(when, Level::error, "", "x");
        CAPTURE(line);
        const auto day =
            std::chrono::sys_days(std::chrono::year(std::stoi(line.substr(0, 4)))
                                  / std::stoi(line.substr(5, 2)) / std::stoi(line.substr(8, 2)));
        const auto ahead = (line[23] == '-' ? -1 : 1)
                           * (std::stoi(line.substr(24, 2)) * 60 + std::stoi(line.substr(27, 2)));
        const auto shown = day + std::chrono::hours(std::stoi(line.substr(11, 2)))
                           + std::chrono::minutes(std::stoi(line.substr(14, 2)))
                           + std::chrono::seconds(std::stoi(line.substr(17, 2)));
        CHECK(shown - std::chrono::minutes(ahead)
              == std::chrono::floor<std::chrono::seconds>(when));
    }
}

TEST_CASE("No text makes up a line of its own") {
    CHECK(libcni::log::escaped("a\nb\r\n\tc") == "a\\nb\\r\\n\\tc");
    CHECK(libcni::log::escaped(std::string_view("\0\x1B[1m\x7F", 6)) == "\\x00\\x1B[1m\\x7F");
    CHECK(libcni::log::escaped("C:\\k\\new \xC3\xA4") == "C:\\k\\new \xC3\xA4");
    const std::string line = libcni::log::line_of(some_time, Level::info, "a\nb", "c\nd\n");
    CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("A test sees what was logged, whatever the level is") {
    Captured captured;
    CHECK(libcni::log::enabled(Level::trace));
    libcni::log::trace("t");
    libcni::log::debug("d");
    libcni::log::info("i");
    libcni::log::warning("w1");
    libcni::log::error("e");
    libcni::log::warning("w2");
    CHECK(captured.records().size() == 6);
    CHECK(captured.records()[0].level == Level::trace);
    CHECK(captured.texts(Level::warning) == std::vector<std::string>{"w1", "w2"});
    CHECK(captured.holds(Level::error, "e"));
    CHECK_FALSE(captured.holds(Level::error, "w"));
    CHECK_FALSE(captured.holds(Level::info, "d"));
}

TEST_CASE("Who captures within another's time sees only its own") {
    Captured outer;
    libcni::log::info("before");
    {
        Captured inner;
        libcni::log::info("within");
        CHECK(inner.texts(Level::info) == std::vector<std::string>{"within"});
    }
    libcni::log::info("after");
    CHECK(outer.texts(Level::info) == std::vector<std::string>{"before", "after"});
}
