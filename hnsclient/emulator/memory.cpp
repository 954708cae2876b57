// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/memory.hpp"

#include <cstdlib>

namespace hnsclient::emulator {

Memory& memory() noexcept {
    static Memory chosen{std::malloc, std::free};
    return chosen;
}

} // namespace hnsclient::emulator
