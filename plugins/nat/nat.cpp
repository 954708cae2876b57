// SPDX-License-Identifier: Apache-2.0
#include "plugins/nat/nat.hpp"

#include <array>

#include "plugins/common/new_network.hpp"

namespace nat {

NatEndpoint::NatEndpoint(const libcni::Request& request) : EndpointKind(request) {
    auto& network = own_conf().new_network;
    if (!network) network = plugins::network_of_ipam(request);
}

std::span<const std::string_view> NatEndpoint::network_types() const {
    static constexpr std::array<std::string_view, 1> types{"NAT"};
    return types;
}

std::optional<libcni::Address> NatEndpoint::gateway_by_rule(const hnsclient::Network& network,
                                                            const libcni::IpConfig& ip) const {
    return plugins::network_gateway(network, ip);
}

std::string_view Nat::about() const {
    return "CNI plugin that attaches Windows pods to an HNS network of type NAT, and creates it "
           "when it is missing.";
}

std::unique_ptr<const plugins::EndpointKind> Nat::kind_of(const libcni::Request& request) const {
    return std::make_unique<NatEndpoint>(request);
}

} // namespace nat
