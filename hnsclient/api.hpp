// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hnsclient::api {

/// Binary twin of GUID, so that no header of ours includes windows.h.
struct Guid {
    std::uint32_t data1;
    std::uint16_t data2;
    std::uint16_t data3;
    std::uint8_t data4[8];
    friend bool operator==(const Guid&, const Guid&) = default;
};

static_assert(sizeof(Guid) == 16 && sizeof(void*) == 8);

using HResult = std::int32_t;
using Handle = void*;
using WideIn = const char16_t*;
using WideOut = char16_t**;

/// The C functions that the client may call: Microsoft's on Windows, the emulator's elsewhere. A
/// member is null where the system lacks the function. Strings that come back are CoTaskMem memory,
/// given back with free_string.
/// https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-top
struct Functions {
    HResult (*enumerate_networks)(WideIn query, WideOut networks, WideOut error) = nullptr;
    HResult (*create_network)(const Guid&, WideIn settings, Handle*, WideOut error) = nullptr;
    HResult (*open_network)(const Guid&, Handle*, WideOut error) = nullptr;
    HResult (*modify_network)(Handle, WideIn settings, WideOut error) = nullptr;
    HResult (*query_network)(Handle, WideIn query, WideOut properties, WideOut error) = nullptr;
    HResult (*delete_network)(const Guid&, WideOut error) = nullptr;
    HResult (*close_network)(Handle) = nullptr;

    HResult (*enumerate_namespaces)(WideIn query, WideOut namespaces, WideOut error) = nullptr;
    HResult (*create_namespace)(const Guid&, WideIn settings, Handle*, WideOut error) = nullptr;
    HResult (*open_namespace)(const Guid&, Handle*, WideOut error) = nullptr;
    HResult (*modify_namespace)(Handle, WideIn settings, WideOut error) = nullptr;
    HResult (*query_namespace)(Handle, WideIn query, WideOut properties, WideOut error) = nullptr;
    HResult (*delete_namespace)(const Guid&, WideOut error) = nullptr;
    HResult (*close_namespace)(Handle) = nullptr;

    HResult (*enumerate_endpoints)(WideIn query, WideOut endpoints, WideOut error) = nullptr;
    HResult (*create_endpoint)(
        Handle network, const Guid&, WideIn settings, Handle*, WideOut error) = nullptr;
    HResult (*open_endpoint)(const Guid&, Handle*, WideOut error) = nullptr;
    HResult (*modify_endpoint)(Handle, WideIn settings, WideOut error) = nullptr;
    HResult (*query_endpoint)(Handle, WideIn query, WideOut properties, WideOut error) = nullptr;
    HResult (*delete_endpoint)(const Guid&, WideOut error) = nullptr;
    HResult (*close_endpoint)(Handle) = nullptr;

    /// vmcompute.dll's HNSCall: HNS v1, and the service's version number.
    HResult (*hns_call)(WideIn method, WideIn path, WideIn request, WideOut response) = nullptr;

    /// vmcompute.dll's HcsOpenComputeSystem, HcsModifyComputeSystem and HcsCloseComputeSystem: how
    /// an endpoint of HNS v1 gets into a container that runs. `result` is more about a
    /// failure (JSON), or null.
    HResult (*open_compute_system)(WideIn id, Handle*, WideOut result) = nullptr;
    HResult (*modify_compute_system)(Handle, WideIn configuration, WideOut result) = nullptr;
    HResult (*close_compute_system)(Handle) = nullptr;

    /// Lets the host's interface that has this address forward packets (SetIpInterfaceEntry of
    /// iphlpapi.dll); ERROR_NOT_FOUND while none has it. `error` is left as it is.
    HResult (*enable_forwarding)(WideIn address, WideOut error) = nullptr;

    /// CoTaskMemFree.
    void (*free_string)(void*) = nullptr;
};

/// True where load() gives the emulator's functions, which is everywhere but on Windows.
extern const bool is_emulated;

/// Loaded once: from System32 alone on Windows, the emulator on Linux. Throws HnsError
/// (kind unavailable) when the DLLs are missing.
const Functions& load();

} // namespace hnsclient::api
