// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/folder.hpp"

#include "libcni/base/platform.hpp"

namespace hnsclient::emulator {

std::optional<std::filesystem::path> folder_variable() {
    const auto value = libcni::environment_variable("WINCNI_EMULATOR");
    if (!value || value->empty()) return std::nullopt;
    return libcni::path_of(*value);
}

} // namespace hnsclient::emulator
