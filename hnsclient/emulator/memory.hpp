// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace hnsclient::emulator {

/// Where the strings come from that the caller of an HNS function gives back.
struct Memory {
    /// Null when there is none left.
    void* (*allocate)(std::size_t bytes);
    /// Null is fine.
    void (*release)(void* memory);
};

/// The C library's, unless a DLL has put CoTaskMem's in its place before the first call.
Memory& memory() noexcept;

} // namespace hnsclient::emulator
