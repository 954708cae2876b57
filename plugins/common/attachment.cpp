// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/attachment.hpp"

#include <algorithm>
#include <string>

#include "hnsclient/advice.hpp"
#include "hnsclient/guid.hpp"
#include "hnsclient/network_type.hpp"
#include "hnsclient/removal.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/bandwidth.hpp"
#include "plugins/common/endpoint_result.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/refused.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using hnsclient::HnsError;
using hnsclient::Network;
using hnsclient::Sandbox;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Undo;

namespace {

/// On a network that may lack subnets, and does, the address comes from outside, by DHCP.
void require_addresses(const Endpoint& endpoint, const Network& network) {
    if (!endpoint.addresses.empty()) return;
    const auto* const type = hnsclient::find_network_type(network.type);
    if (type != nullptr && type->may_lack_subnet && network.subnets.empty()) return;
    throw Error(ErrorCode::hns_failure,
                "HNS gave the endpoint " + endpoint.name + " no address",
                sentence_on_subnets(network)
                    + "; name an IPAM plugin in the conf, or create the network with a subnet");
}

/// HNS may say that all went well, and mean an endpoint that carries nothing.
void require_well(const Endpoint& endpoint) {
    const std::string fault = hnsclient::fault_of(endpoint);
    if (fault.empty()) return;
    throw Error(ErrorCode::hns_failure,
                "HNS reports the endpoint " + endpoint.name + " (" + endpoint.id + ") as " + fault,
                std::string(hnsclient::advice_for(hnsclient::degraded_operation)));
}

std::string shown_limit(const std::optional<std::uint64_t>& bytes) {
    return bytes ? std::to_string(*bytes) + " bytes per second" : "nothing";
}

/// An endpoint that is there is left as it is: HNS takes changes without putting them into effect.
void warn_of_what_stays(const Endpoint& endpoint, const EndpointConf& conf) {
    const auto warn = [&](const std::string& found, const std::string& wanted) {
        libcni::log::warning("endpoint " + endpoint.name + " already exists with " + found
                             + " and keeps it: " + wanted
                             + " is asked for, which only a DEL and a new ADD bring about");
    };
    if (conf.mac && endpoint.mac != conf.mac)
        warn("the MAC address " + (endpoint.mac ? endpoint.mac->to_string() : "none"),
             conf.mac->to_string());
    const auto is_default = [](const auto& route) {
        return route.destination.prefix_length() == 0;
    };
    if (!conf.is_default_gateway && std::ranges::any_of(endpoint.routes, is_default))
        warn("a default route", "none");
    const auto limit = egress_limit_in(endpoint.policies);
    const auto wanted = egress_limit_in(conf.policies);
    if (conf.egress_limit && limit != wanted)
        warn("outgoing traffic limited to " + shown_limit(limit), shown_limit(wanted));
}

/// With an address of HNS's choosing the pod's own address is known only now.
Endpoint with_loopback_dsr(Client& hns, const Endpoint& endpoint) {
    std::vector<hnsclient::Policy> policies;
    for (const auto& address : endpoint.addresses)
        hnsclient::add_nat_destination(policies, address.address.to_string());
    return policies.empty() ? endpoint : hns.add_policies(endpoint.id, policies);
}

} // namespace

Known find_known(Client& hns, const Pod& pod, const Ownership& owner, const Network& network) {
    const Sandbox& sandbox = sandbox_of(pod);
    Known known;
    auto named = endpoints_named_for(hns, pod);
    const std::size_t all = named.size();
    auto ours = owner.ours_among(hns, std::move(named));
    known.name_is_taken = ours.size() < all;
    for (Endpoint& endpoint : ours) {
        const bool free_or_here = endpoint.namespace_id.empty() || sandbox.holds(endpoint);
        if (!known.ours && free_or_here && hnsclient::same_guid(endpoint.network_id, network.id))
            known.ours = std::move(endpoint);
        else
            known.stale.push_back(std::move(endpoint));
    }
    return known;
}

Pod named(Pod pod, const Known& known) {
    if (known.name_is_taken && !pod.second_name.empty()) pod.endpoint_name = pod.second_name;
    return pod;
}

const Endpoint& require_shared(const Known& known, const Pod& pod) {
    if (known.ours) return *known.ours;
    throw Error(ErrorCode::invalid_environment,
                "CNI_NETNS: the sandbox has no endpoint " + pod.endpoint_name + " on network \""
                    + pod.network_name + "\"",
                "a container can join a sandbox once ADD of the sandbox itself has succeeded");
}

void remove_stale(Client& hns, const Known& known) {
    for (const auto& endpoint : known.stale) {
        const std::string name = "the stale endpoint " + endpoint.name + " (" + endpoint.id + ")";
        libcni::log::warning("removing " + name);
        try {
            hnsclient::remove_endpoint(hns, endpoint.id);
        } catch (const HnsError& error) {
            Error cni = to_cni_error(error);
            cni.within(name + " is in the way and cannot be removed");
            throw Error(std::move(cni));
        }
    }
}

libcni::Result adopt(Client& hns,
                     const Pod& pod,
                     const Endpoint& endpoint,
                     const Network& network,
                     const EndpointConf& conf) {
    const Sandbox& sandbox = sandbox_of(pod);
    try {
        if (!sandbox.holds(endpoint)) hns.attach(sandbox, endpoint.id);
    } catch (const HnsError& error) {
        const bool may_have_ended = sandbox.kind() == Sandbox::Kind::container;
        if (!may_have_ended || !hnsclient::is_missing_system(error.code()))
            throw refused_attachment(error, endpoint, sandbox);
        libcni::log::warning("endpoint " + endpoint.name + " already exists, but "
                             + sandbox.to_string() + " is not running: " + error.what());
    }
    require_well(endpoint);
    warn_of_what_stays(endpoint, conf);
    libcni::Result result =
        result_for(endpoint, network, remembered(endpoint), conf.dns, pod.netns);
    result.was_there = true;
    return result;
}

Endpoint make_endpoint(Client& hns,
                       const Endpoint& wanted,
                       const EndpointConf& conf,
                       const Network& network,
                       Undo& undo) {
    // Pushed before the call: when its answer is lost, the endpoint may be there.
    undo.add("endpoint " + wanted.name, [&hns, wanted] { hns.remove_made(wanted); });
    Endpoint endpoint;
    try {
        endpoint = hns.create_unseen(wanted);
    } catch (const HnsError& error) {
        Error cni = refused_endpoint(hns, error, wanted, conf, network);
        if (says_taken(error)) {
            const bool may_be_port = error.code() == hnsclient::object_already_exists
                                     && !host_ports(wanted, conf).empty();
            throw AddressTaken(std::move(cni), may_be_port);
        }
        throw Error(std::move(cni));
    }
    if (!conf.loopback_dsr || !wanted.addresses.empty()) return endpoint;
    return with_loopback_dsr(hns, hns.look_at(endpoint));
}

Endpoint attach(Client& hns, const Pod& pod, const Endpoint& endpoint, const Network& network) {
    const Sandbox& sandbox = sandbox_of(pod);
    try {
        hns.attach(sandbox, endpoint.id);
    } catch (const HnsError& error) {
        throw refused_attachment(error, endpoint, sandbox);
    }
    Endpoint attached = hns.look_at(endpoint);
    require_addresses(attached, network);
    require_well(attached);
    return attached;
}

} // namespace plugins
