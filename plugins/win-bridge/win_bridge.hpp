// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/hns_plugin.hpp"

/// Pods on HNS networks of type L2Bridge and L2Tunnel.
namespace win_bridge {

/// The gateway is the bridge's own address, subnet base + 2, unless the conf's "gatewayFrom" says
/// otherwise.
class BridgeEndpoint : public plugins::EndpointKind {
public:
    /// Throws libcni::Error (code 7) or libcni::BadShape.
    explicit BridgeEndpoint(const libcni::Request& request) : EndpointKind(request) {}

    [[nodiscard]] std::string_view plugin() const override { return "win-bridge"; }

    [[nodiscard]] std::span<const std::string_view> network_types() const override;

protected:
    /// Host ports of an l2bridge need flag 1 (local-routed VIP), or nothing answers on them.
    [[nodiscard]] plugins::MappingStyle
    mapping_style(const hnsclient::Network& network) const override;

    [[nodiscard]] std::optional<libcni::Address>
    gateway_by_rule(const hnsclient::Network& network, const libcni::IpConfig& ip) const override;
};

class WinBridge final : public plugins::HnsPlugin {
public:
    [[nodiscard]] std::string_view name() const override { return "win-bridge"; }

    [[nodiscard]] std::string_view about() const override;
    [[nodiscard]] std::unique_ptr<const plugins::EndpointKind>
    kind_of(const libcni::Request& request) const override;
};

} // namespace win_bridge
