// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-bridge/win_bridge.hpp"

#include "plugins/common/attachment.hpp"

namespace win_bridge {

using plugins::PlanInput;

namespace {

std::optional<libcni::Address> bridge_address(const PlanInput&, const libcni::IpConfig& ip) {
    return libcni::plus(ip.address.network().address(), 2);
}

const plugins::Driver driver{.name = "win-bridge",
                             .network_types = {"L2Bridge", "L2Tunnel"},
                             .plan = plan,
                             .is_reserved = is_reserved};

} // namespace

hnsclient::Endpoint plan(const PlanInput& input) {
    return plugins::plan_endpoint(input, bridge_address);
}

bool is_reserved(const PlanInput& input, const libcni::IpConfig& ip) {
    return plugins::gateway_for(input, ip, bridge_address) == ip.address.address();
}

libcni::Result add(const libcni::Request& request) {
    return plugins::add(driver, request);
}

void del(const libcni::Request& request) {
    plugins::del(driver, request);
}

void check(const libcni::Request& request) {
    plugins::check(driver, request);
}

void status(const libcni::Request& request) {
    plugins::status(driver, request);
}

void gc(const libcni::Request& request) {
    plugins::gc(driver, request);
}

} // namespace win_bridge
