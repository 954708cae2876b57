// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-bridge/win_bridge.hpp"

#include <array>

#include "libcni/base/text.hpp"
#include "plugins/common/gateways.hpp"

namespace win_bridge {

using hnsclient::Network;
using libcni::IpConfig;

std::span<const std::string_view> BridgeEndpoint::network_types() const {
    static constexpr std::array<std::string_view, 2> types{"L2Bridge", "L2Tunnel"};
    return types;
}

plugins::MappingStyle BridgeEndpoint::mapping_style(const Network& network) const {
    return {.flags = libcni::same_ignoring_case(network.type, "L2Bridge")
                         ? plugins::local_routed_vip
                         : 0};
}

std::optional<libcni::Address> BridgeEndpoint::gateway_by_rule(const Network& network,
                                                               const IpConfig& ip) const {
    constexpr std::uint64_t bridge = 2;
    // IPAM may hand out a part of the network's subnet, or of a wider one.
    const auto* const subnet = hnsclient::subnet_of(network, ip.address.address());
    const auto prefix = (subnet == nullptr ? ip.address : subnet->prefix).network();
    const auto gateway = libcni::plus(prefix.address(), bridge);
    return gateway && plugins::is_reached(*gateway, network, ip.address) ? gateway : std::nullopt;
}

std::string_view WinBridge::about() const {
    return "CNI plugin that attaches Windows pods to an HNS network of type L2Bridge or L2Tunnel.";
}

std::unique_ptr<const plugins::EndpointKind>
WinBridge::kind_of(const libcni::Request& request) const {
    return std::make_unique<BridgeEndpoint>(request);
}

} // namespace win_bridge
