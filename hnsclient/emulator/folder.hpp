// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace hnsclient::emulator {

/// The folder that WINCNI_EMULATOR names now; no value when it is unset or empty.
std::optional<std::filesystem::path> folder_variable();

} // namespace hnsclient::emulator
