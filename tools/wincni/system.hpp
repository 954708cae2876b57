// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hnsclient/error.hpp"

// What Windows and Linux do differently; system_windows.cpp and system_linux.cpp.
namespace wincni {

/// The arguments without the program's name, in UTF-8.
std::vector<std::string> arguments(int argc, char** argv);

/// Makes a console show the UTF-8 that we write.
void use_utf8_console();

/// Throws Refusal when this machine cannot have an HNS: on Linux, when no folder is named for the
/// emulated one.
void require_hns();

/// What a person does next about a failure of that kind: hnsclient::advice_for(), but for what can
/// be wrong with an emulated HNS only.
std::string_view advice_for(hnsclient::ErrorKind kind) noexcept;

} // namespace wincni
