// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "libcni/plugin.hpp"
#include "libcni/request.hpp"

namespace libcni {

/// What the process is to print on stdout, and its exit code.
struct Outcome {
    int status;
    std::string output;
    /// An ADD found all there, and took nothing.
    bool was_there = false;
};

/// Checks, calls the plugin, encodes, and leaves one line in the log: at level info, or error when
/// the command failed. Strings in, strings out, so tests need no process.
Outcome dispatch(const Plugin& plugin, const Environment& env, std::string conf) noexcept;

} // namespace libcni
