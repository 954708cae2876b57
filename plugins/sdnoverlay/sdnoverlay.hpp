// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/attachment.hpp"

/// win-overlay for confs of Microsoft's sdnoverlay.
/// https://github.com/microsoft/windows-container-networking
namespace sdnoverlay {

/// Reads `optionalFlags` besides what win-overlay reads.
plugins::EndpointConf read_conf(const libcni::Request& request);

extern const plugins::Driver driver;

} // namespace sdnoverlay
