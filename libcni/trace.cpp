// SPDX-License-Identifier: Apache-2.0
#include "libcni/trace.hpp"

#include <exception>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"

namespace libcni {

namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

void add_line(const std::string& file, const json& line) noexcept {
    try {
        base::append(path_of(file),
                     line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
    } catch (...) { // NOLINT(bugprone-empty-catch): who looks on changes nothing
    }
}

double since(Clock::time_point began) {
    return milliseconds(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began));
}

} // namespace

std::string trace_file() {
    return environment_variable(trace_variable).value_or("");
}

void trace_call(const std::string& file, const TracedCall& call) noexcept {
    add_line(file,
             {{"event", "call"},
              {"name", call.name},
              {"hr", call.code},
              {"ms", milliseconds(call.took)},
              {"request", call.request},
              {"answer", call.answer}});
}

Ended run_traced(const std::string& file,
                 std::string_view type,
                 std::string_view command,
                 const Start& start) {
    if (file.empty()) return run_program(start);
    add_line(file,
             {{"event", "start"},
              {"plugin", type},
              {"command", command},
              {"file", utf8_of(start.executable)},
              {"input", start.input}});
    const auto began = Clock::now();
    try {
        Ended ended = run_program(start);
        add_line(file,
                 {{"event", "end"},
                  {"exit", ended.exit_code},
                  {"ms", since(began)},
                  {"output", ended.output}});
        return ended;
    } catch (const std::exception& error) {
        add_line(file, {{"event", "end"}, {"ms", since(began)}, {"error", error.what()}});
        throw;
    }
}

} // namespace libcni
