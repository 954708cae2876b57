// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/forwarding_windows.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

// Each of these needs those before it.
// clang-format off
#include <winsock2.h>
#include <ws2ipdef.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <netioapi.h>
// clang-format on

#include "libcni/base/unicode.hpp"
#include "libcni/ip.hpp"

namespace hnsclient::api {

namespace {

/// What is used of iphlpapi.dll; a member is null where Windows lacks it.
struct Library {
    decltype(&GetUnicastIpAddressTable) addresses = nullptr;
    decltype(&FreeMibTable) release = nullptr;
    decltype(&InitializeIpInterfaceEntry) initialize = nullptr;
    decltype(&GetIpInterfaceEntry) get = nullptr;
    decltype(&SetIpInterfaceEntry) set = nullptr;

    [[nodiscard]] bool is_whole() const {
        return addresses != nullptr && release != nullptr && initialize != nullptr && get != nullptr
               && set != nullptr;
    }
};

template <class Function>
void bind(Function& slot, HMODULE library, const char* name) {
    slot = reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(library, name)));
}

const Library& library() {
    static const Library table = [] {
        Library bound;
        HMODULE dll = LoadLibraryExW(L"iphlpapi.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
        if (dll == nullptr) return bound;
        bind(bound.addresses, dll, "GetUnicastIpAddressTable");
        bind(bound.release, dll, "FreeMibTable");
        bind(bound.initialize, dll, "InitializeIpInterfaceEntry");
        bind(bound.get, dll, "GetIpInterfaceEntry");
        bind(bound.set, dll, "SetIpInterfaceEntry");
        return bound;
    }();
    return table;
}

bool is_same(const SOCKADDR_INET& row, const libcni::Address& address) {
    char text[64] = {};
    const bool is_v4 = row.si_family == AF_INET;
    const void* const bytes = is_v4 ? static_cast<const void*>(&row.Ipv4.sin_addr)
                                    : static_cast<const void*>(&row.Ipv6.sin6_addr);
    if (inet_ntop(row.si_family, bytes, text, sizeof text) == nullptr) return false;
    return libcni::parse_address(text) == address;
}

/// The interface that has the address. ERROR_NOT_FOUND where none has it.
DWORD find_interface(const libcni::Address& address, NET_LUID& luid) {
    PMIB_UNICASTIPADDRESS_TABLE table = nullptr;
    const DWORD listed = library().addresses(AF_UNSPEC, &table);
    if (listed != NO_ERROR) return listed;
    const std::unique_ptr<void, decltype(library().release)> owned(table, library().release);
    const std::span rows(table->Table, table->NumEntries);
    const auto row =
        std::ranges::find_if(rows, [&](const auto& one) { return is_same(one.Address, address); });
    if (row == rows.end()) return ERROR_NOT_FOUND;
    luid = row->InterfaceLuid;
    return NO_ERROR;
}

DWORD forward_on(const NET_LUID& luid, bool is_v4) {
    MIB_IPINTERFACE_ROW entry;
    library().initialize(&entry);
    entry.Family = static_cast<ADDRESS_FAMILY>(is_v4 ? AF_INET : AF_INET6);
    entry.InterfaceLuid = luid;
    if (const DWORD got = library().get(&entry); got != NO_ERROR) return got;
    // Windows refuses its own answer otherwise.
    if (is_v4) entry.SitePrefixLength = 0;
    entry.ForwardingEnabled = TRUE;
    return library().set(&entry);
}

} // namespace

HResult enable_forwarding(WideIn address, WideOut /*error*/) {
    const auto wanted = libcni::parse_address(libcni::to_utf8(address));
    if (!wanted) return E_INVALIDARG;
    if (!library().is_whole()) return HRESULT_FROM_WIN32(ERROR_PROC_NOT_FOUND);
    NET_LUID luid{};
    const DWORD found = find_interface(*wanted, luid);
    return HRESULT_FROM_WIN32(found != NO_ERROR ? found : forward_on(luid, wanted->is_v4()));
}

} // namespace hnsclient::api
