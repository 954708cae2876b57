// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/api.hpp"
#include "hnsclient/emulator/emulator.hpp"

namespace hnsclient::api {

const bool is_emulated = true;

const Functions& load() {
    return emulator::functions();
}

} // namespace hnsclient::api
