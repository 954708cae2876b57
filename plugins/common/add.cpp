// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hnsclient/features.hpp"
#include "hnsclient/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using hnsclient::ErrorKind;
using hnsclient::HnsError;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;
using libcni::Result;
using libcni::Undo;

namespace {

/// Opening it now finds out that it is missing before anything is taken.
void require_namespace(Client& hns, const std::string& id) {
    try {
        hns.open_namespace(id);
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        throw Error(ErrorCode::invalid_environment,
                    "CNI_NETNS: HNS has no namespace " + id,
                    "the pod's namespace is gone, so the pod is too; by hand, make one with "
                    "\"wincni hns create "
                    "namespace\"");
    }
}

void remove_stale(Client& hns, const Endpoint& endpoint) {
    const std::string name = "the stale endpoint " + endpoint.name + " (" + endpoint.id + ")";
    libcni::log::warning("removing " + name);
    try {
        remove_endpoint(hns, endpoint.id);
    } catch (const HnsError& error) {
        throw to_cni_error(error).within(name + " is in the way and cannot be removed");
    }
}

/// The pod's endpoint from an earlier ADD, if it can be used. One on another network, or in another
/// namespace, is left from an earlier life and is removed.
std::optional<Endpoint>
adopt_endpoint(Client& hns, const PlanInput& input, const std::string& namespace_id) {
    std::optional<Endpoint> ours;
    for (auto& endpoint : hns.find_endpoints(input.endpoint_name)) {
        const bool free_or_here = endpoint.namespace_id.empty()
                                  || hnsclient::same_guid(endpoint.namespace_id, namespace_id);
        if (!ours && free_or_here && hnsclient::same_guid(endpoint.network_id, input.network.id)) {
            ours = std::move(endpoint);
            continue;
        }
        remove_stale(hns, endpoint);
    }
    return ours;
}

std::string shown_subnets(const hnsclient::Network& network) {
    std::string all;
    for (const auto& subnet : network.subnets)
        all += (all.empty() ? "" : ", ") + subnet.prefix.to_string();
    return all.empty() ? "none" : all;
}

std::string shown_ports(const EndpointConf& conf) {
    std::string all;
    for (const auto& mapping : conf.port_mappings)
        all += (all.empty() ? "" : ", ") + std::to_string(mapping.host_port) + "/"
               + (mapping.protocol == 6 ? "tcp" : "udp");
    return all;
}

bool is_dual_stack(const Endpoint& endpoint) {
    const auto is_v4 = [](const auto& address) { return address.address.is_v4(); };
    return std::ranges::any_of(endpoint.addresses, is_v4)
           && !std::ranges::all_of(endpoint.addresses, is_v4);
}

/// What the person needs to know beside HNS's own words. The version is asked for only now, because
/// it costs a round trip.
Error explained(Client& hns, const HnsError& error, const PlanInput& input, const Endpoint& plan) {
    using hnsclient::Feature;
    Error cni = to_cni_error(error);
    cni.within("endpoint " + input.endpoint_name);
    if (error.code() == hnsclient::address_outside_subnets)
        cni.add_detail("the subnets of network \"" + input.network.name
                       + "\" are: " + shown_subnets(input.network));
    if (error.code() == hnsclient::port_already_exists && !input.conf.port_mappings.empty())
        cni.add_detail("one of these host ports is taken: " + shown_ports(input.conf));
    const bool may_be_version =
        error.kind() == ErrorKind::invalid || error.kind() == ErrorKind::unsupported;
    if (may_be_version && is_dual_stack(plan)
        && !hnsclient::supports(hns.version(), Feature::ipv6_dual_stack))
        cni.add_detail("this HNS does not know "
                       + std::string(hnsclient::name_of(Feature::ipv6_dual_stack)) + " (versions "
                       + std::string(hnsclient::versions_of(Feature::ipv6_dual_stack)) + " do)");
    return cni;
}

Endpoint create_endpoint(Client& hns, const PlanInput& input, Endpoint plan, Undo& undo) {
    plan.id = hnsclient::new_id();
    // Pushed before the call: when its answer is lost, the endpoint may be there.
    undo.add("endpoint " + plan.name + " (" + plan.id + ")",
             [&hns, id = plan.id] { remove_endpoint(hns, id); });
    try {
        return hns.create_endpoint(plan);
    } catch (const HnsError& error) {
        throw explained(hns, error, input, plan);
    }
}

void require_addresses(const Endpoint& endpoint, const PlanInput& input) {
    if (endpoint.addresses.empty())
        throw Error(ErrorCode::hns_failure,
                    "HNS gave the endpoint " + endpoint.name + " no address",
                    "the subnets of network \"" + input.network.name
                        + "\" are: " + shown_subnets(input.network)
                        + "; name an IPAM plugin in the conf, or make the network with a subnet");
}

/// With an address of HNS's choosing the pod's own address is known only now.
Endpoint complete_loopback_dsr(Client& hns, const PlanInput& input, Endpoint endpoint) {
    if (!input.conf.loopback_dsr || !input.ipam.ips.empty()) return endpoint;
    std::vector<hnsclient::Policy> policies;
    for (const auto& address : endpoint.addresses)
        hnsclient::add_nat_destination(policies, address.address.to_string());
    return policies.empty() ? endpoint : hns.add_policies(endpoint.id, policies);
}

Endpoint make_endpoint(
    Client& hns, const Driver& driver, const Request& request, PlanInput& input, Undo& undo) {
    const auto in_use = [&hns, name = input.endpoint_name] {
        return !hns.endpoint_ids(name).empty();
    };
    input.ipam = take_addresses(driver, request, input, in_use, undo);
    Endpoint endpoint = create_endpoint(hns, input, driver.plan(input), undo);
    require_addresses(endpoint, input);
    return complete_loopback_dsr(hns, input, std::move(endpoint));
}

Result
add_to(Client& hns, const Driver& driver, const Request& request, PlanInput input, Undo& undo) {
    const std::string namespace_id = namespace_of(request);
    require_ipam(request);
    input.network = require_network(hns, driver, request);
    require_namespace(hns, namespace_id);
    auto endpoint = adopt_endpoint(hns, input, namespace_id);
    if (!endpoint) {
        drop_loopback_dsr_if_unsupported(hns, input.conf);
        endpoint = make_endpoint(hns, driver, request, input, undo);
    }
    if (!hnsclient::same_guid(endpoint->namespace_id, namespace_id))
        hns.attach(namespace_id, endpoint->id);
    return result_for(*endpoint, input.network, input.ipam, input.conf.dns, request.netns);
}

} // namespace

Result add(const Driver& driver, const Request& request) {
    PlanInput input{.endpoint_name = endpoint_name(request),
                    .conf = read_endpoint_conf(request),
                    .network = {},
                    .ipam = {}};
    return translating([&] {
        Client hns = connect();
        return libcni::transaction([&](Undo& undo) {
            return translating(
                [&] { return add_to(hns, driver, request, std::move(input), undo); });
        });
    });
}

} // namespace plugins
