// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "hnsclient/mac_address.hpp"
#include "libcni/request.hpp"

namespace plugins {

/// The MAC address that the runtime or the author wants for the interface: the first that is there
/// of `runtimeConfig.mac` (capability "mac"), `args.cni.mac` and MAC in CNI_ARGS, as the Go plugins
/// look for it. No value leaves the choice to the plugin or HNS. Throws libcni::Error (code 7, of
/// CNI_ARGS code 4) for what is not the address of one interface: other text, zero, broadcast and
/// multicast. https://www.cni.dev/docs/conventions/
std::optional<hnsclient::MacAddress> read_mac(const libcni::Request& request);

} // namespace plugins
