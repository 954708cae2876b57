// SPDX-License-Identifier: Apache-2.0
// The emulator as Wine's computenetwork.dll. Microsoft's header holds the signatures to the letter;
// computenetwork.def exports them.
#include <computenetwork.h>
#include <objbase.h>
#include <windows.h>

#include "hnsclient/emulator/emulator.hpp"
#include "hnsclient/emulator/memory.hpp"

namespace {

using hnsclient::api::Guid;
using hnsclient::api::WideIn;
using hnsclient::api::WideOut;

const hnsclient::api::Functions& emulator() {
    return hnsclient::emulator::functions();
}

const Guid& twin(REFGUID id) {
    return reinterpret_cast<const Guid&>(id);
}

WideIn twin(PCWSTR text) {
    return reinterpret_cast<WideIn>(text);
}

WideOut twin(PWSTR* place) {
    return reinterpret_cast<WideOut>(place);
}

} // namespace

extern "C" {

HRESULT WINAPI HcnEnumerateNetworks(PCWSTR query, PWSTR* networks, PWSTR* error) {
    return emulator().enumerate_networks(twin(query), twin(networks), twin(error));
}

HRESULT WINAPI HcnCreateNetwork(REFGUID id, PCWSTR settings, PHCN_NETWORK network, PWSTR* error) {
    return emulator().create_network(twin(id), twin(settings), network, twin(error));
}

HRESULT WINAPI HcnOpenNetwork(REFGUID id, PHCN_NETWORK network, PWSTR* error) {
    return emulator().open_network(twin(id), network, twin(error));
}

HRESULT WINAPI HcnModifyNetwork(HCN_NETWORK network, PCWSTR settings, PWSTR* error) {
    return emulator().modify_network(network, twin(settings), twin(error));
}

HRESULT WINAPI HcnQueryNetworkProperties(HCN_NETWORK network,
                                         PCWSTR query,
                                         PWSTR* properties,
                                         PWSTR* error) {
    return emulator().query_network(network, twin(query), twin(properties), twin(error));
}

HRESULT WINAPI HcnDeleteNetwork(REFGUID id, PWSTR* error) {
    return emulator().delete_network(twin(id), twin(error));
}

HRESULT WINAPI HcnCloseNetwork(HCN_NETWORK network) {
    return emulator().close_network(network);
}

HRESULT WINAPI HcnEnumerateNamespaces(PCWSTR query, PWSTR* namespaces, PWSTR* error) {
    return emulator().enumerate_namespaces(twin(query), twin(namespaces), twin(error));
}

HRESULT WINAPI HcnCreateNamespace(REFGUID id,
                                  PCWSTR settings,
                                  PHCN_NAMESPACE name_space,
                                  PWSTR* error) {
    return emulator().create_namespace(twin(id), twin(settings), name_space, twin(error));
}

HRESULT WINAPI HcnOpenNamespace(REFGUID id, PHCN_NAMESPACE name_space, PWSTR* error) {
    return emulator().open_namespace(twin(id), name_space, twin(error));
}

HRESULT WINAPI HcnModifyNamespace(HCN_NAMESPACE name_space, PCWSTR settings, PWSTR* error) {
    return emulator().modify_namespace(name_space, twin(settings), twin(error));
}

HRESULT WINAPI HcnQueryNamespaceProperties(HCN_NAMESPACE name_space,
                                           PCWSTR query,
                                           PWSTR* properties,
                                           PWSTR* error) {
    return emulator().query_namespace(name_space, twin(query), twin(properties), twin(error));
}

HRESULT WINAPI HcnDeleteNamespace(REFGUID id, PWSTR* error) {
    return emulator().delete_namespace(twin(id), twin(error));
}

HRESULT WINAPI HcnCloseNamespace(HCN_NAMESPACE name_space) {
    return emulator().close_namespace(name_space);
}

HRESULT WINAPI HcnEnumerateEndpoints(PCWSTR query, PWSTR* endpoints, PWSTR* error) {
    return emulator().enumerate_endpoints(twin(query), twin(endpoints), twin(error));
}

HRESULT WINAPI HcnCreateEndpoint(
    HCN_NETWORK network, REFGUID id, PCWSTR settings, PHCN_ENDPOINT endpoint, PWSTR* error) {
    return emulator().create_endpoint(network, twin(id), twin(settings), endpoint, twin(error));
}

HRESULT WINAPI HcnOpenEndpoint(REFGUID id, PHCN_ENDPOINT endpoint, PWSTR* error) {
    return emulator().open_endpoint(twin(id), endpoint, twin(error));
}

HRESULT WINAPI HcnModifyEndpoint(HCN_ENDPOINT endpoint, PCWSTR settings, PWSTR* error) {
    return emulator().modify_endpoint(endpoint, twin(settings), twin(error));
}

HRESULT WINAPI HcnQueryEndpointProperties(HCN_ENDPOINT endpoint,
                                          PCWSTR query,
                                          PWSTR* properties,
                                          PWSTR* error) {
    return emulator().query_endpoint(endpoint, twin(query), twin(properties), twin(error));
}

HRESULT WINAPI HcnDeleteEndpoint(REFGUID id, PWSTR* error) {
    return emulator().delete_endpoint(twin(id), twin(error));
}

HRESULT WINAPI HcnCloseEndpoint(HCN_ENDPOINT endpoint) {
    return emulator().close_endpoint(endpoint);
}

} // extern "C"

// NOLINTNEXTLINE(readability-identifier-naming): Microsoft's name.
extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, void*) {
    // Callers give strings back with CoTaskMemFree.
    if (reason == DLL_PROCESS_ATTACH)
        hnsclient::emulator::memory() = {CoTaskMemAlloc, CoTaskMemFree};
    return TRUE;
}
