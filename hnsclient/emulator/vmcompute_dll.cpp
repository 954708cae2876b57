// SPDX-License-Identifier: Apache-2.0
// The emulator as Wine's vmcompute.dll: HNS v1 is one function of it, and three more attach
// endpoints to containers. They are in no header of Microsoft's; vmcompute.def exports them.
#include <objbase.h>
#include <windows.h>

#include "hnsclient/emulator/emulator.hpp"
#include "hnsclient/emulator/memory.hpp"

namespace {

using hnsclient::api::WideIn;
using hnsclient::api::WideOut;
using hnsclient::emulator::functions;

WideIn twin(PCWSTR text) {
    return reinterpret_cast<WideIn>(text);
}

WideOut twin(PWSTR* out) {
    return reinterpret_cast<WideOut>(out);
}

} // namespace

// NOLINTBEGIN(readability-identifier-naming): Microsoft's names.
extern "C" HRESULT WINAPI HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response);
extern "C" HRESULT WINAPI HcsOpenComputeSystem(PCWSTR id, HANDLE* system, PWSTR* result);
extern "C" HRESULT WINAPI HcsModifyComputeSystem(HANDLE system,
                                                 PCWSTR configuration,
                                                 PWSTR* result);
extern "C" HRESULT WINAPI HcsCloseComputeSystem(HANDLE system);

// NOLINTEND(readability-identifier-naming)

extern "C" HRESULT WINAPI HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response) {
    return functions().hns_call(twin(method), twin(path), twin(request), twin(response));
}

extern "C" HRESULT WINAPI HcsOpenComputeSystem(PCWSTR id, HANDLE* system, PWSTR* result) {
    return functions().open_compute_system(twin(id), system, twin(result));
}

extern "C" HRESULT WINAPI HcsModifyComputeSystem(HANDLE system,
                                                 PCWSTR configuration,
                                                 PWSTR* result) {
    return functions().modify_compute_system(system, twin(configuration), twin(result));
}

extern "C" HRESULT WINAPI HcsCloseComputeSystem(HANDLE system) {
    return functions().close_compute_system(system);
}

// NOLINTNEXTLINE(readability-identifier-naming): Microsoft's name.
extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, void*) {
    // Callers give strings back with CoTaskMemFree.
    if (reason == DLL_PROCESS_ATTACH)
        hnsclient::emulator::memory() = {CoTaskMemAlloc, CoTaskMemFree};
    return TRUE;
}
