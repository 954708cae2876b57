// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/answer.hpp"

namespace wincni {

/// What the arguments mean. Never throws for arguments that make no sense: the action then answers
/// with status 2 and what is wrong.
Action parse_command_line(const std::vector<std::string>& arguments);

} // namespace wincni
