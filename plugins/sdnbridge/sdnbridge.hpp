// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/sdn_flags.hpp"
#include "plugins/win-bridge/win_bridge.hpp"

/// win-bridge for confs of Microsoft's sdnbridge.
/// https://github.com/microsoft/windows-container-networking
namespace sdnbridge {

/// Reads `optionalFlags` and `additionalRoutes` besides the shared keys. A gateway that the author
/// wrote goes before the bridge's own address. Without `createNetwork` a missing network is made of
/// `master` and `ipam.subnet`.
class SdnBridgeEndpoint final : public win_bridge::BridgeEndpoint {
public:
    /// Throws libcni::Error (code 7) or libcni::BadShape.
    explicit SdnBridgeEndpoint(const libcni::Request& request);

    [[nodiscard]] std::string_view plugin() const override { return "sdnbridge"; }

    [[nodiscard]] std::span<const std::string_view> network_types() const override;

protected:
    [[nodiscard]] plugins::MappingStyle
    mapping_style(const hnsclient::Network& network) const override;

    /// On a Transparent network there is no bridge: subnet base + 2 is some machine of the LAN.
    [[nodiscard]] std::optional<libcni::Address>
    gateway_by_rule(const hnsclient::Network& network, const libcni::IpConfig& ip) const override;

    [[nodiscard]] std::vector<plugins::AuthorGateway>
    gateways_of_author(const plugins::EndpointConf&) const override {
        return gateways_;
    }

private:
    void read_gateways(const libcni::Request& request);

    plugins::SdnFlags flags_;
    std::vector<plugins::AuthorGateway> gateways_;
};

class SdnBridge final : public plugins::HnsPlugin {
public:
    [[nodiscard]] std::string_view name() const override { return "sdnbridge"; }

    [[nodiscard]] std::string_view about() const override;
    [[nodiscard]] std::unique_ptr<const plugins::EndpointKind>
    kind_of(const libcni::Request& request) const override;
};

} // namespace sdnbridge
