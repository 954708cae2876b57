// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/hns_plugin.hpp"

/// Pods on an HNS network of type NAT, as Microsoft's plugin of this name does it.
/// https://github.com/microsoft/windows-container-networking
namespace nat {

/// The gateway is the network's. Without `createNetwork` a missing network is made of `master` and
/// `ipam.subnet`.
class NatEndpoint final : public plugins::EndpointKind {
public:
    /// Throws libcni::Error (code 7) or libcni::BadShape.
    explicit NatEndpoint(const libcni::Request& request);

    [[nodiscard]] std::string_view plugin() const override { return "nat"; }

    [[nodiscard]] std::span<const std::string_view> network_types() const override;

protected:
    [[nodiscard]] std::optional<libcni::Address>
    gateway_by_rule(const hnsclient::Network& network, const libcni::IpConfig& ip) const override;
};

class Nat final : public plugins::HnsPlugin {
public:
    [[nodiscard]] std::string_view name() const override { return "nat"; }

    [[nodiscard]] std::string_view about() const override;
    [[nodiscard]] std::unique_ptr<const plugins::EndpointKind>
    kind_of(const libcni::Request& request) const override;
};

} // namespace nat
