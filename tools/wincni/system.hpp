// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// What Windows and Linux do differently; system_windows.cpp and system_linux.cpp.
namespace wincni {

/// The arguments without the program's name, in UTF-8.
std::vector<std::string> arguments(int argc, char** argv);

/// Makes a console show the UTF-8 that we write.
void use_utf8_console();

/// Throws Refusal when this machine cannot have an HNS: on Linux, when no folder is named for the
/// emulated one.
void require_hns();

/// What to do when HNS does not answer.
extern const std::string_view advice_when_hns_is_down;

} // namespace wincni
