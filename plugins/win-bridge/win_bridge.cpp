// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-bridge/win_bridge.hpp"

#include <array>

namespace win_bridge {

using plugins::PlanInput;

namespace {

constexpr std::array<std::string_view, 2> network_types{"L2Bridge", "L2Tunnel"};

} // namespace

const plugins::Driver driver{
    .name = "win-bridge", .network_types = network_types, .plan = plan, .is_reserved = is_reserved};

std::optional<libcni::Address> bridge_address(const PlanInput&, const libcni::IpConfig& ip) {
    return libcni::plus(ip.address.network().address(), 2);
}

hnsclient::Endpoint plan(const PlanInput& input) {
    return plugins::plan_endpoint(input, bridge_address);
}

bool is_reserved(const PlanInput& input, const libcni::IpConfig& ip) {
    return plugins::gateway_for(input, ip, bridge_address) == ip.address.address();
}

} // namespace win_bridge
