// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hnsclient/features.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
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

void remove_stale(Client& hns, const Endpoint& endpoint) {
    const std::string name = "the stale endpoint " + endpoint.name + " (" + endpoint.id + ")";
    libcni::log::warning("removing " + name);
    try {
        remove_endpoint(hns, endpoint.id);
    } catch (const HnsError& error) {
        throw to_cni_error(error).within(name + " is in the way and cannot be removed");
    }
}

/// Endpoints of the pod's name, told apart.
struct Known {
    /// The pod's endpoint from an earlier ADD, if it can be used.
    std::optional<Endpoint> ours;
    /// On another network, or in another namespace: left from an earlier life.
    std::vector<Endpoint> stale;
};

Known find_known(Client& hns, const PlanInput& input, const std::string& sandbox) {
    Known known;
    for (auto& endpoint : hns.find_endpoints(input.endpoint_name)) {
        const bool free_or_here =
            endpoint.namespace_id.empty() || hnsclient::is_in(endpoint, sandbox);
        if (!known.ours && free_or_here
            && hnsclient::same_guid(endpoint.network_id, input.network.id))
            known.ours = std::move(endpoint);
        else
            known.stale.push_back(std::move(endpoint));
    }
    return known;
}

std::string shown_subnets(const hnsclient::Network& network) {
    if (network.subnets.empty()) return "none";
    return libcni::joined(
        network.subnets, ", ", [](const auto& subnet) { return subnet.prefix.to_string(); });
}

std::string shown_ports(const EndpointConf& conf) {
    return libcni::joined(conf.port_mappings, ", ", [](const auto& mapping) {
        return std::to_string(mapping.host_port) + (mapping.protocol == 6 ? "/tcp" : "/udp");
    });
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

/// Version 1 gives no ID before it answers, but the name was free.
void remove_made(Client& hns, const Endpoint& plan) {
    if (hns.api_version() == hnsclient::ApiVersion::v2) return remove_endpoint(hns, plan.id);
    for (const auto& id : hns.endpoint_ids(plan.name))
        remove_endpoint(hns, id);
}

Endpoint create_endpoint(Client& hns, const PlanInput& input, Endpoint plan, Undo& undo) {
    plan.id = hnsclient::new_id();
    // Pushed before the call: when its answer is lost, the endpoint may be there.
    undo.add("endpoint " + plan.name, [&hns, plan] { remove_made(hns, plan); });
    try {
        return hns.create_endpoint(plan);
    } catch (const HnsError& error) {
        throw explained(hns, error, input, plan);
    }
}

/// On a transparent network without subnets the address comes from outside, by DHCP.
void require_addresses(const Endpoint& endpoint, const PlanInput& input) {
    const bool from_outside = libcni::same_ignoring_case(input.network.type, "Transparent")
                              && input.network.subnets.empty();
    if (endpoint.addresses.empty() && !from_outside)
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
    drop_loopback_dsr_if_unsupported(hns, input.conf);
    const auto in_use = [&hns, name = input.endpoint_name] {
        return !hns.endpoint_ids(name).empty();
    };
    input.ipam = take_addresses(driver, request, input, in_use, undo);
    drop_what_api_lacks(hns, input);
    driver.require(input);
    Endpoint endpoint = create_endpoint(hns, input, driver.plan(input), undo);
    require_addresses(endpoint, input);
    return complete_loopback_dsr(hns, input, std::move(endpoint));
}

/// The sandbox's endpoint, for a container that joins it.
Endpoint require_shared(Known known, const PlanInput& input) {
    if (known.ours) return std::move(*known.ours);
    throw Error(ErrorCode::invalid_environment,
                "CNI_NETNS: the sandbox has no endpoint " + input.endpoint_name + " on network \""
                    + input.network.name + "\"",
                "a container can join a sandbox once ADD of the sandbox itself has succeeded");
}

/// What IPAM said to an earlier ADD, as the endpoint still tells.
Result remembered(const Endpoint& endpoint) {
    Result ipam;
    for (const auto& route : endpoint.routes)
        ipam.routes.push_back({.destination = route.destination,
                               .gateway = route.next_hop,
                               .mtu = {},
                               .advmss = {},
                               .priority = {},
                               .table = {},
                               .scope = {}});
    ipam.dns = {.nameservers = endpoint.dns.servers,
                .domain = endpoint.dns.domain,
                .search = endpoint.dns.search,
                .options = endpoint.dns.options};
    return ipam;
}

/// As an earlier ADD left it: its container may be gone since, and the answer is the same.
Result
adopt(Client& hns, const Request& request, const PlanInput& input, const Endpoint& endpoint) {
    const std::string sandbox = sandbox_of(hns.api_version(), request);
    try {
        if (!hnsclient::is_in(endpoint, sandbox)) hns.attach(sandbox, endpoint.id);
    } catch (const HnsError& error) {
        const bool v1 = hns.api_version() == hnsclient::ApiVersion::v1;
        if (!v1 || error.kind() != ErrorKind::not_found) throw;
        libcni::log::warning("endpoint " + endpoint.name + " is there already, but container "
                             + sandbox + " is not running: " + error.what());
    }
    return result_for(endpoint, input.network, remembered(endpoint), input.conf.dns, request.netns);
}

/// The network, made when the conf says so, though not for a container that joins another; the
/// sandbox is looked for before.
void prepare_network(Client& hns,
                     const Driver& driver,
                     const Request& request,
                     const std::string& sandbox,
                     PlanInput& input) {
    auto network = find_network(hns, driver, request);
    if (network) {
        input.network = std::move(*network);
        return;
    }
    if (!input.conf.new_network || shares_sandbox(request))
        refuse_missing_network(hns, driver, request.conf.name);
    require_sandbox(hns, sandbox);
    input.network = make_network(hns, driver, request, *input.conf.new_network);
}

Result
add_to(Client& hns, const Driver& driver, const Request& request, PlanInput input, Undo& undo) {
    const std::string sandbox = sandbox_of(hns.api_version(), request);
    require_ipam(request);
    prepare_network(hns, driver, request, sandbox, input);
    driver.require(input);
    // A namespace costs one call to look for, and a container is looked for when it is needed.
    if (hns.api_version() == hnsclient::ApiVersion::v2) require_sandbox(hns, sandbox);
    Known known = find_known(hns, input, sandbox);
    if (shares_sandbox(request))
        return adopt(hns, request, input, require_shared(std::move(known), input));
    for (const auto& endpoint : known.stale)
        remove_stale(hns, endpoint);
    if (known.ours) return adopt(hns, request, input, *known.ours);
    require_sandbox(hns, sandbox);
    const Endpoint endpoint = make_endpoint(hns, driver, request, input, undo);
    hns.attach(sandbox, endpoint.id);
    return result_for(endpoint, input.network, input.ipam, input.conf.dns, request.netns);
}

} // namespace

Result add(const Driver& driver, const Request& request) {
    PlanInput input{.endpoint_name = endpoint_name(request),
                    .conf = driver.read_conf(request),
                    .network = {},
                    .ipam = {}};
    const auto version = api_version_for(request, input.conf.api_version);
    check_new_network(driver, version, input.conf.new_network);
    return translating([&] {
        const auto hns = connect(version);
        return libcni::transaction([&](Undo& undo) {
            return translating(
                [&] { return add_to(*hns, driver, request, std::move(input), undo); });
        });
    });
}

} // namespace plugins
