// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hnsclient/model.hpp"
#include "libcni/request.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/common/endpoint_plan.hpp"
#include "plugins/common/pod.hpp"

namespace plugins {

/// The kind of endpoint that a plugin makes, with what the conf of one request asks of it. A plugin
/// derives from it, reads the keys that only it knows in its constructor, and overrides in what it
/// differs. Everything here is pure: no HNS, no files, no clock.
class EndpointKind {
public:
    virtual ~EndpointKind() = default;
    EndpointKind(const EndpointKind&) = delete;
    EndpointKind& operator=(const EndpointKind&) = delete;

    /// The name of the plugin, for messages.
    [[nodiscard]] virtual std::string_view plugin() const = 0;

    /// The types of HNS networks that the plugin works on, as HNS spells them; it makes the first
    /// one where `createNetwork` names none.
    [[nodiscard]] virtual std::span<const std::string_view> network_types() const = 0;

    /// True when the plan needs the network's management address.
    [[nodiscard]] virtual bool needs_management_address() const { return false; }

    /// Throws libcni::Error for what the plugin cannot do on this network: what only it cannot,
    /// then IPv6 alone, which Windows does not run, and host ports on addresses of a family that
    /// pods will not have.
    void require_fit(const hnsclient::Network& network) const;

    /// The same once IPAM has given these addresses.
    void require_fit(const hnsclient::Network& network, const libcni::Result& addresses) const;

    /// True for an address that must not be a pod's even when IPAM gives it: a gateway of the
    /// network's, or the one that the pod itself would send through, as a bridge's own.
    [[nodiscard]] bool is_reserved(const hnsclient::Network& network,
                                   const libcni::IpConfig& ip) const;

    /// The endpoint for a pod: every address that IPAM gave, a default route per family through
    /// gateway_of(), IPAM's other routes, DNS, policies, port mappings per family. Without
    /// addresses HNS chooses. `conf` is conf(), or what HNS can do of it. ADD makes it so, CHECK
    /// compares with it.
    [[nodiscard]] virtual hnsclient::Endpoint plan(const Pod& pod,
                                                   const EndpointConf& conf,
                                                   const hnsclient::Network& network,
                                                   const libcni::Result& addresses) const;

    /// The gateway for one address: the author's own where the address reaches it, else as
    /// "gatewayFrom" says, else by the plugin's rule. Never one out of reach.
    [[nodiscard]] std::optional<libcni::Address> gateway_of(const EndpointConf& conf,
                                                            const hnsclient::Network& network,
                                                            const libcni::IpConfig& ip) const;

    /// The shared keys of the conf.
    [[nodiscard]] const EndpointConf& conf() const noexcept { return conf_; }

protected:
    /// Reads the shared keys; throws as read_endpoint_conf() does.
    explicit EndpointKind(const libcni::Request& request) : conf_(read_endpoint_conf(request)) {}

    /// The gateway where the conf says nothing of it.
    [[nodiscard]] virtual std::optional<libcni::Address>
    gateway_by_rule(const hnsclient::Network& network, const libcni::IpConfig& ip) const = 0;

    /// The gateways of the author's that go before every rule, in the order in which they count:
    /// here those of the conf where "gatewayFrom" is "ipam".
    [[nodiscard]] virtual std::vector<AuthorGateway>
    gateways_of_author(const EndpointConf& conf) const;

    [[nodiscard]] virtual MappingStyle mapping_style(const hnsclient::Network&) const { return {}; }

    /// What require_fit() asks beyond that of all plugins.
    virtual void require_own_fit(const hnsclient::Network&) const {}

    virtual void require_own_fit(const hnsclient::Network&, const libcni::Result&) const {}

    /// For a constructor that adds to the shared keys what keys of its own say.
    EndpointConf& own_conf() noexcept { return conf_; }

private:
    EndpointConf conf_;
};

} // namespace plugins
