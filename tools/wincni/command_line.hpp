// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hnsclient/client_v2.hpp"

namespace wincni {

/// Does what was asked for; returns what goes to stdout.
using Action = std::function<std::string(hnsclient::ClientV2& client)>;

/// What the arguments mean.
struct Command {
    /// Empty when there is nothing to do but to print `out` and `error` and to end with `status`.
    Action action;
    int status = 0;
    std::string out;
    std::string error;
};

/// Never throws for arguments that make no sense: they end with status 2.
Command parse_command_line(const std::vector<std::string>& arguments);

} // namespace wincni
