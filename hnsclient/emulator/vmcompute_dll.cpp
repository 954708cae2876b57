// SPDX-License-Identifier: Apache-2.0
// The emulator as Wine's vmcompute.dll, of which HNS version 1 is one function. It is in no header
// of Microsoft's; vmcompute.def exports it.
#include <windows.h>

#include "hnsclient/emulator/emulator.hpp"

extern "C" HRESULT WINAPI HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response);

extern "C" HRESULT WINAPI HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response) {
    const auto twin = [](PCWSTR text) { return reinterpret_cast<hnsclient::api::WideIn>(text); };
    return hnsclient::emulator::functions().hns_call(
        twin(method),
        twin(path),
        twin(request),
        reinterpret_cast<hnsclient::api::WideOut>(response));
}
