// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "hnsclient/api.hpp"

/// An HNS that lives in the folder which the environment variable WINCNI_EMULATOR names (looked up
/// at each call): any number of processes share it, and nothing needs to run for it.
namespace hnsclient::emulator {

/// The C functions of computenetwork.dll and vmcompute.dll. They may be called from any thread.
const api::Functions& functions();

/// Handles that this process has opened and not closed.
struct OpenHandles {
    std::size_t networks = 0;
    std::size_t endpoints = 0;
    std::size_t namespaces = 0;
    std::size_t compute_systems = 0;
    friend bool operator==(const OpenHandles&, const OpenHandles&) = default;
};

OpenHandles open_handles();

} // namespace hnsclient::emulator
