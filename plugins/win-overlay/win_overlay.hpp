// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "plugins/common/hns_plugin.hpp"

/// Pods on HNS networks of type Overlay (VXLAN). IPv4 only.
namespace win_overlay {

/// The gateway is the network's, the MAC address a prefix and the four bytes of the pod's address
/// unless somebody asks for another one.
/// A ProviderAddress policy with the network's management address is added unless the author wrote
/// one. Reads `ipMasq` and `endpointMacPrefix` besides the shared keys.
class OverlayEndpoint : public plugins::EndpointKind {
public:
    /// Throws libcni::Error (code 7) for a prefix that is not two hex bytes "xx-xx", or
    /// libcni::BadShape.
    explicit OverlayEndpoint(const libcni::Request& request);

    [[nodiscard]] std::string_view plugin() const override { return "win-overlay"; }

    [[nodiscard]] std::span<const std::string_view> network_types() const override;

    [[nodiscard]] bool needs_management_address() const override { return true; }

    /// Throws libcni::Error (code 11) for a network without a subnet, or without a management
    /// address where the author wrote none.
    void require_own_fit(const hnsclient::Network& network) const override;

    /// Throws libcni::Error (code 7) for an IPv6 address.
    void require_own_fit(const hnsclient::Network& network,
                         const libcni::Result& addresses) const override;

    [[nodiscard]] hnsclient::Endpoint plan(const plugins::Pod& pod,
                                           const plugins::EndpointConf& conf,
                                           const hnsclient::Network& network,
                                           const libcni::Result& addresses) const override;

    /// The network's own prefix is exempt from NAT ("ipMasq").
    [[nodiscard]] bool ip_masq() const noexcept { return ip_masq_; }

    /// The first two bytes of a pod's MAC address ("endpointMacPrefix").
    [[nodiscard]] const std::string& mac_prefix() const noexcept { return mac_prefix_; }

protected:
    [[nodiscard]] std::optional<libcni::Address>
    gateway_by_rule(const hnsclient::Network& network, const libcni::IpConfig& ip) const override;

private:
    bool ip_masq_ = false;
    std::string mac_prefix_;
};

class WinOverlay final : public plugins::HnsPlugin {
public:
    [[nodiscard]] std::string_view name() const override { return "win-overlay"; }

    [[nodiscard]] std::string_view about() const override;
    [[nodiscard]] std::unique_ptr<const plugins::EndpointKind>
    kind_of(const libcni::Request& request) const override;
};

} // namespace win_overlay
