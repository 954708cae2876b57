// SPDX-License-Identifier: Apache-2.0
#include "plugins/nat/nat.hpp"

#include <array>

#include "plugins/common/new_network.hpp"

namespace nat {

namespace {

constexpr std::array<std::string_view, 1> network_types{"NAT"};

} // namespace

const plugins::Driver driver{
    .name = "nat", .network_types = network_types, .read_conf = read_conf, .plan = plan};

plugins::EndpointConf read_conf(const libcni::Request& request) {
    plugins::EndpointConf conf = plugins::read_endpoint_conf(request);
    if (!conf.new_network) conf.new_network = plugins::network_of_ipam(request);
    return conf;
}

hnsclient::Endpoint plan(const plugins::PlanInput& input) {
    return plugins::plan_endpoint(input, plugins::network_gateway);
}

} // namespace nat
