// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "libcni/child_process.hpp"

// What plugins do, for `wincni add --trace`: each appends lines of JSON to the file that
// WINCNI_TRACE names, and so do the plugins that it starts, in the order in which things happen.
// A trace that cannot be written is never a reason to fail.
//
//   {"event":"start","plugin":"host-local","command":"ADD","file":"...","input":"..."}
//   {"event":"end","exit":0,"ms":46.1,"output":"..."}, or with "error" where it did not end
//   {"event":"call","name":"HcnOpenNetwork","hr":0,"ms":0.4,"request":"...","answer":"..."}
namespace libcni {

/// The variable that names the file; a plugin's delegates inherit it.
constexpr const char* trace_variable = "WINCNI_TRACE";

/// One call of HNS.
struct TracedCall {
    /// "HcnOpenNetwork"
    std::string_view name;
    std::int32_t code = 0;
    std::chrono::microseconds took{};
    /// What went in and came out.
    std::string_view request = {};
    std::string_view answer = {};
};

/// The file of WINCNI_TRACE; empty where nobody wants a trace.
std::string trace_file();

/// Adds the call to the trace.
void trace_call(const std::string& file, const TracedCall& call) noexcept;

/// run_program(), which starts the plugin of this type with this command; in the trace, unless
/// `file` is empty. Throws what run_program() does.
Ended run_traced(const std::string& file,
                 std::string_view type,
                 std::string_view command,
                 const Start& start);

} // namespace libcni
