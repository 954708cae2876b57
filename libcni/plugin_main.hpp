// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "libcni/request.hpp"
#include "libcni/result.hpp"

namespace libcni {

/// What a plugin can do. Handlers return values or throw Error; they never touch stdin, stdout or
/// the environment.
struct Handlers {
    std::string_view name;
    /// One sentence for people who start the executable by hand.
    std::string_view about;
    Result (*add)(const Request&) = nullptr;
    void (*del)(const Request&) = nullptr;
    void (*check)(const Request&) = nullptr;
    void (*status)(const Request&) = nullptr;
    void (*gc)(const Request&) = nullptr;
};

/// What the process is to print on stdout, and its exit code.
struct Outcome {
    int status;
    std::string output;
};

/// Checks, dispatches and encodes. Strings in, strings out, so tests need no process.
Outcome dispatch(const Handlers& plugin, const Environment& env, std::string conf) noexcept;

/// dispatch() on the real environment, stdin and stdout: the only code in a plugin that touches
/// them. Started by hand with --help, --version or on a terminal without CNI_COMMAND, it explains
/// itself.
int plugin_main(const Handlers& plugin, int argc, char** argv) noexcept;

} // namespace libcni
