// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/system.hpp"

#include "hnsclient/api.hpp"
#include "libcni/base/platform.hpp"
#include "tools/wincni/refusal.hpp"

namespace wincni {

void require_hns() {
    if (hnsclient::api::is_emulated
        && libcni::environment_variable("WINCNI_EMULATOR").value_or("").empty())
        throw Refusal("this is no Windows node, so there is no HNS here",
                      "set WINCNI_EMULATOR to a folder to use an emulated HNS that lives in it");
}

std::string_view advice_when_hns_is_down() noexcept {
    return hnsclient::api::is_emulated
               ? "see that the folder which WINCNI_EMULATOR names can be written"
               : "see that the Windows feature Containers is installed and that the service runs: "
                 "Get-Service hns; Start-Service hns";
}

} // namespace wincni
