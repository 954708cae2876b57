// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include <computenetwork.h>
#include <objbase.h>
#include <windows.h>

#include "hnsclient/api.hpp"
#include "hnsclient/error.hpp"
#include "hnsclient/forwarding_windows.hpp"

namespace hnsclient::api {

namespace {

template <class Type>
constexpr std::size_t size_of = sizeof(Type);

template <>
constexpr std::size_t size_of<void> = 0;

/// Our spelling and Microsoft's header must agree in shape: same number of parameters, same sizes.
template <class R1, class... A1, class R2, class... A2>
constexpr bool same_shape(R1 (*)(A1...), R2 (*)(A2...)) {
    if constexpr (sizeof...(A1) == sizeof...(A2))
        return size_of<R1> == size_of<R2> && ((size_of<A1> == size_of<A2>)&&...);
    return false;
}

/// A null pointer of a function's type: the shape needs no function to be there.
template <class Function>
constexpr Function* shape_of(Function&) {
    return nullptr;
}

constexpr Functions ours{};
static_assert(same_shape(ours.enumerate_networks, shape_of(HcnEnumerateNetworks)));
static_assert(same_shape(ours.create_network, shape_of(HcnCreateNetwork)));
static_assert(same_shape(ours.open_network, shape_of(HcnOpenNetwork)));
static_assert(same_shape(ours.modify_network, shape_of(HcnModifyNetwork)));
static_assert(same_shape(ours.query_network, shape_of(HcnQueryNetworkProperties)));
static_assert(same_shape(ours.delete_network, shape_of(HcnDeleteNetwork)));
static_assert(same_shape(ours.close_network, shape_of(HcnCloseNetwork)));
static_assert(same_shape(ours.enumerate_namespaces, shape_of(HcnEnumerateNamespaces)));
static_assert(same_shape(ours.create_namespace, shape_of(HcnCreateNamespace)));
static_assert(same_shape(ours.open_namespace, shape_of(HcnOpenNamespace)));
static_assert(same_shape(ours.modify_namespace, shape_of(HcnModifyNamespace)));
static_assert(same_shape(ours.query_namespace, shape_of(HcnQueryNamespaceProperties)));
static_assert(same_shape(ours.delete_namespace, shape_of(HcnDeleteNamespace)));
static_assert(same_shape(ours.close_namespace, shape_of(HcnCloseNamespace)));
static_assert(same_shape(ours.enumerate_endpoints, shape_of(HcnEnumerateEndpoints)));
static_assert(same_shape(ours.create_endpoint, shape_of(HcnCreateEndpoint)));
static_assert(same_shape(ours.open_endpoint, shape_of(HcnOpenEndpoint)));
static_assert(same_shape(ours.modify_endpoint, shape_of(HcnModifyEndpoint)));
static_assert(same_shape(ours.query_endpoint, shape_of(HcnQueryEndpointProperties)));
static_assert(same_shape(ours.delete_endpoint, shape_of(HcnDeleteEndpoint)));
static_assert(same_shape(ours.close_endpoint, shape_of(HcnCloseEndpoint)));
static_assert(same_shape(ours.free_string, shape_of(CoTaskMemFree)));
// HNSCall and the Hcs functions of vmcompute.dll are in no header; hcsshim declares them with these
// parameters.
static_assert(sizeof(HResult) == sizeof(HRESULT) && sizeof(Guid) == sizeof(GUID)
              && sizeof(char16_t) == sizeof(wchar_t));

/// From System32 alone: a DLL beside the plugin or on PATH is nobody's HNS. Null when missing.
HMODULE open_system_library(const wchar_t* name) {
    return LoadLibraryExW(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

/// Stays null for what this Windows lacks.
template <class Function>
void bind(Function*& slot, HMODULE library, const char* name) {
    slot = reinterpret_cast<Function*>(reinterpret_cast<void*>(GetProcAddress(library, name)));
}

void bind_networks(Functions& f, HMODULE hcn) {
    bind(f.enumerate_networks, hcn, "HcnEnumerateNetworks");
    bind(f.create_network, hcn, "HcnCreateNetwork");
    bind(f.open_network, hcn, "HcnOpenNetwork");
    bind(f.modify_network, hcn, "HcnModifyNetwork");
    bind(f.query_network, hcn, "HcnQueryNetworkProperties");
    bind(f.delete_network, hcn, "HcnDeleteNetwork");
    bind(f.close_network, hcn, "HcnCloseNetwork");
}

void bind_namespaces(Functions& f, HMODULE hcn) {
    bind(f.enumerate_namespaces, hcn, "HcnEnumerateNamespaces");
    bind(f.create_namespace, hcn, "HcnCreateNamespace");
    bind(f.open_namespace, hcn, "HcnOpenNamespace");
    bind(f.modify_namespace, hcn, "HcnModifyNamespace");
    bind(f.query_namespace, hcn, "HcnQueryNamespaceProperties");
    bind(f.delete_namespace, hcn, "HcnDeleteNamespace");
    bind(f.close_namespace, hcn, "HcnCloseNamespace");
}

void bind_endpoints(Functions& f, HMODULE hcn) {
    bind(f.enumerate_endpoints, hcn, "HcnEnumerateEndpoints");
    bind(f.create_endpoint, hcn, "HcnCreateEndpoint");
    bind(f.open_endpoint, hcn, "HcnOpenEndpoint");
    bind(f.modify_endpoint, hcn, "HcnModifyEndpoint");
    bind(f.query_endpoint, hcn, "HcnQueryEndpointProperties");
    bind(f.delete_endpoint, hcn, "HcnDeleteEndpoint");
    bind(f.close_endpoint, hcn, "HcnCloseEndpoint");
}

void bind_v1(Functions& f, HMODULE v1) {
    bind(f.hns_call, v1, "HNSCall");
    bind(f.open_compute_system, v1, "HcsOpenComputeSystem");
    bind(f.modify_compute_system, v1, "HcsModifyComputeSystem");
    bind(f.close_compute_system, v1, "HcsCloseComputeSystem");
}

Functions bind_all() {
    HMODULE hcn = open_system_library(L"computenetwork.dll");
    const HRESULT why = hcn != nullptr ? S_OK : HRESULT_FROM_WIN32(GetLastError());
    HMODULE v1 = open_system_library(L"vmcompute.dll");
    if (hcn == nullptr && v1 == nullptr)
        throw HnsError("Loading computenetwork.dll", why, "it is not in System32");
    Functions f;
    // Each API works without the other's DLL.
    if (hcn != nullptr) {
        bind_networks(f, hcn);
        bind_namespaces(f, hcn);
        bind_endpoints(f, hcn);
    }
    if (v1 != nullptr) bind_v1(f, v1);
    f.enable_forwarding = &enable_forwarding;
    f.free_string = &CoTaskMemFree;
    return f;
}

} // namespace

const bool is_emulated = false;

const Functions& load() {
    static const Functions table = bind_all();
    return table;
}

} // namespace hnsclient::api
