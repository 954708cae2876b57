// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/dispatch.hpp"
#include "libcni/plugin.hpp"

namespace libcni {

/// dispatch() on the real environment, stdin and stdout: the only code in a plugin that touches
/// them. Started by hand with --help, --version or on a terminal without CNI_COMMAND, it explains
/// itself. Returns the exit code.
int plugin_main(const Plugin& plugin, int argc, char** argv) noexcept;

} // namespace libcni
