// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnoverlay/sdnoverlay.hpp"

#include "plugins/common/optional_flags.hpp"
#include "plugins/win-overlay/win_overlay.hpp"

namespace sdnoverlay {

const plugins::Driver driver{.name = "sdnoverlay",
                             .network_types = win_overlay::network_types,
                             .read_conf = read_conf,
                             .plan = win_overlay::plan,
                             .require = win_overlay::require,
                             .needs_management_address = true};

plugins::EndpointConf read_conf(const libcni::Request& request) {
    plugins::EndpointConf conf = win_overlay::read_conf(request);
    const auto gateway_from = conf.gateway_from;
    plugins::read_optional_flags(request, conf);
    // The gateway of an overlay is the network's, whatever IPAM or the conf think.
    conf.gateway_from = gateway_from;
    conf.gateways.clear();
    return conf;
}

} // namespace sdnoverlay
