// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "libcni/json_reader.hpp"
#include "plugins/common/conf.hpp"

namespace plugins {

/// Reads `runtimeConfig.portMappings`: tcp and udp in any case or by decimal number, nothing means
/// tcp; a host port of 0 is skipped. Throws libcni::Error (code 7) that names what HNS cannot map.
std::vector<PortMapping> read_port_mappings(const libcni::JsonReader& conf);

} // namespace plugins
