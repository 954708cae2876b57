// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/answer.hpp"

namespace CLI {
class App;
} // namespace CLI

// The groups of commands, each in a command_line_<group>.cpp: these are the only files that know
// CLI11, which costs seconds to compile. `action` becomes that of the command that was called; it
// must live until the arguments are parsed.
namespace wincni {

/// `wincni hns`
void add_hns(CLI::App& root, Action& action);

/// Words that values of `wincni hns` may be, for "did you mean".
std::vector<std::string> words_of_hns();

} // namespace wincni
