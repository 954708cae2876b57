// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnbridge/sdnbridge.hpp"

#include <array>

#include "libcni/base/text.hpp"
#include "plugins/common/new_network.hpp"
#include "plugins/common/optional_flags.hpp"
#include "plugins/win-bridge/win_bridge.hpp"

namespace sdnbridge {

namespace {

constexpr std::array<std::string_view, 3> network_types{"L2Bridge", "L2Tunnel", "Transparent"};

/// Confs of Microsoft's first plugin, wincni, ask for a type of network by its name. Empty for any
/// other name.
std::string type_in_name(const std::string& name) {
    for (const auto type : network_types)
        if (libcni::same_ignoring_case(type, name)) return std::string(type);
    return {};
}

} // namespace

const plugins::Driver driver{.name = "sdnbridge",
                             .network_types = network_types,
                             .read_conf = read_conf,
                             .plan = win_bridge::plan,
                             .is_reserved = win_bridge::is_reserved};

plugins::EndpointConf read_conf(const libcni::Request& request) {
    plugins::EndpointConf conf = plugins::read_endpoint_conf(request);
    plugins::read_optional_flags(request, conf);
    if (conf.new_network) return conf;
    conf.new_network = plugins::network_of_ipam(request);
    if (conf.new_network) conf.new_network->type = type_in_name(request.conf.name);
    return conf;
}

} // namespace sdnbridge
