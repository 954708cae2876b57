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

/// `wincni conf`
void add_conf(CLI::App& root, Action& action);

/// `wincni doctor`
void add_doctor(CLI::App& root, Action& action);

/// `wincni why`
void add_why(CLI::App& root, Action& action);

/// `wincni code`
void add_code(CLI::App& root, Action& action);

/// `wincni source-vip`
void add_source_vip(CLI::App& root, Action& action);

/// `wincni completion`
void add_completion(CLI::App& root, Action& action);

/// What the last of the words, from which its last character is taken, may become: a line each. A
/// shell asks so, by `wincni __complete`.
Answer complete(const CLI::App& root, std::vector<std::string> words);

/// The subcommand of that name or alias; null where there is none.
const CLI::App* find_below(const CLI::App& app, const std::string& word);

/// The names of the subcommands that may follow.
std::vector<std::string> names_below(const CLI::App& app);

/// The long options of a command, with their dashes.
std::vector<std::string> options_of(const CLI::App& app);

/// `wincni add`, `check`, `del`, `status`, `gc` and `attachments`
void add_run(CLI::App& root, Action& action);

/// Words that values of `wincni hns` may be, for "did you mean".
std::vector<std::string> words_of_hns();

} // namespace wincni
