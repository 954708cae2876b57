// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wincni {

/// How much of a trace is shown: processes and HNS calls, or also what went in and came out.
enum class TraceDetail { calls, full };

/// A trace (libcni/trace.hpp) for people: who started whom, each call of HNS with its time and
/// HRESULT, and what came of it. Lines that do not read are left out; empty for an empty trace.
std::string trace_text(std::string_view lines, TraceDetail detail);

} // namespace wincni
