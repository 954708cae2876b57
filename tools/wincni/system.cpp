// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/system.hpp"

#include "hnsclient/advice.hpp"
#include "hnsclient/api.hpp"
#include "libcni/base/platform.hpp"
#include "tools/wincni/refusal.hpp"

namespace wincni {

void require_hns() {
    if (hnsclient::api::is_emulated
        && libcni::environment_variable("WINCNI_EMULATOR").value_or("").empty())
        throw Refusal("this is not a Windows node, so it has no HNS",
                      "set WINCNI_EMULATOR to a folder to use an emulated HNS that lives in it");
}

std::string_view advice_here(const hnsclient::HnsError& error) noexcept {
    if (hnsclient::api::is_emulated && error.kind() == hnsclient::ErrorKind::unavailable)
        return "check that the folder in WINCNI_EMULATOR can be written";
    return hnsclient::advice_for(error.code());
}

} // namespace wincni
