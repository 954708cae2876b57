// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

/// What libFuzzer, or replay.cpp, calls with each input. A fault is a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// The input as text.
inline std::string text_of(const std::uint8_t* data, std::size_t size) {
    return {data, data + size};
}

/// Ends the program, which is how a fuzzer learns of a fault, unless what must hold holds.
inline void must(bool holds) {
    if (!holds) std::abort();
}
