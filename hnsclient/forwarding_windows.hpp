// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/api.hpp"

namespace hnsclient::api {

/// Functions::enable_forwarding on Windows. iphlpapi.dll is loaded by the first call, from System32
/// alone.
/// https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-setipinterfaceentry
HResult enable_forwarding(WideIn address, WideOut error);

} // namespace hnsclient::api
