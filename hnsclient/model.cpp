// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/model.hpp"

#include <algorithm>

#include "hnsclient/error.hpp"

namespace hnsclient {

const Subnet* subnet_of(const Network& network, const libcni::Address& address) noexcept {
    const auto it = std::ranges::find_if(
        network.subnets, [&](const Subnet& subnet) { return subnet.prefix.contains(address); });
    return it == network.subnets.end() ? nullptr : &*it;
}

bool leads_nowhere(const EndpointRoute& route) noexcept {
    return route.destination.prefix_length() == 0 && route.next_hop
           && route.next_hop->is_unspecified();
}

std::string fault_of(const Endpoint& endpoint) {
    constexpr std::uint32_t degraded = 5;
    constexpr std::uint32_t destroyed = 6;
    std::string text;
    if (endpoint.state == destroyed) text = "destroyed (State 6)";
    if (endpoint.state == degraded) text = "degraded (State 5)";
    if (endpoint.health_error == 0) return text;
    return (text.empty() ? "degraded" : text) + ": " + shown(hresult(endpoint.health_error));
}

} // namespace hnsclient
