// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/api.hpp"

namespace hnsclient::emulator {

/// Functions::enable_forwarding, for the interfaces that a host with this HNS would have: those of
/// the networks' management addresses and of the endpoints in the host's compartment. The call log
/// tells it as "SetIpInterfaceEntry" with the address.
api::HResult enable_forwarding(api::WideIn address, api::WideOut error);

} // namespace hnsclient::emulator
