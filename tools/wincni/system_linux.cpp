// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/advice.hpp"
#include "libcni/platform.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/system.hpp"

namespace wincni {

std::vector<std::string> arguments(int argc, char** argv) {
    return {argv + (argc > 0 ? 1 : 0), argv + argc};
}

void use_utf8_console() {}

void require_hns() {
    if (libcni::environment_variable("WINCNI_EMULATOR").value_or("").empty())
        throw Refusal("this is not a Windows node, so there is no HNS here",
                      "set WINCNI_EMULATOR to a folder to use an emulated HNS that lives in it");
}

std::string_view advice_for(hnsclient::ErrorKind kind) noexcept {
    if (kind == hnsclient::ErrorKind::unavailable)
        return "see that the folder which WINCNI_EMULATOR names can be written";
    return hnsclient::advice_for(kind);
}

} // namespace wincni
