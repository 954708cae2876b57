// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include "hnsclient/advice.hpp"
#include "hnsclient/text.hpp"
#include "tools/wincni/system.hpp"

namespace wincni {

std::vector<std::string> arguments(int, char**) {
    // argv is in the ANSI code page, which has no place for most names.
    int count = 0;
    const std::unique_ptr<wchar_t*, decltype(&LocalFree)> wide(
        CommandLineToArgvW(GetCommandLineW(), &count), LocalFree);
    std::vector<std::string> result;
    for (int i = 1; i < count; ++i)
        result.push_back(hnsclient::to_utf8(reinterpret_cast<const char16_t*>(wide.get()[i])));
    return result;
}

void use_utf8_console() {
    SetConsoleOutputCP(CP_UTF8);
}

void require_hns() {}

std::string_view advice_for(hnsclient::ErrorKind kind) noexcept {
    return hnsclient::advice_for(kind);
}

} // namespace wincni
