// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/hns_plugin.hpp"

#include "hnsclient/abilities.hpp"
#include "libcni/error.hpp"
#include "libcni/status.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/attachment.hpp"
#include "plugins/common/connection.hpp"
#include "plugins/common/endpoint_result.hpp"
#include "plugins/common/expectation.hpp"
#include "plugins/common/free_address.hpp"
#include "plugins/common/gateways.hpp"
#include "plugins/common/host_endpoint.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/makeable.hpp"
#include "plugins/common/network.hpp"
#include "plugins/common/removal.hpp"
#include "plugins/common/sandbox.hpp"
#include "plugins/common/supported.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using hnsclient::Network;
using hnsclient::Sandbox;
using libcni::Command;
using libcni::Request;
using libcni::Result;
using libcni::Undo;

namespace {

/// The part of ADD that takes something: each thing goes back when a later step fails.
Result attach_new(const Order& order) {
    return giving_back([&](Undo& undo) {
        const Made made = make_with_free_address(order, undo);
        const Endpoint endpoint = attach(order.hns, order.pod, made.endpoint, order.network);
        warn_of_unused_gateways(order.conf, endpoint);
        return result_for(endpoint, order.network, made.addresses, order.conf.dns, order.pod.netns);
    });
}

/// Without its IPAM plugin an ADD takes nothing, and the DEL that follows has nothing to give back.
/// Where there is an endpoint its address has been leased: removed, it would leave nobody to tell
/// of that.
void require_nothing_taken(Client& hns, const Request& request, const Pod& pod) {
    if (Ownership(request, pod).ids(hns).empty()) return;
    require_ipam(request);
}

} // namespace

Result HnsPlugin::add(const Request& request) const {
    const auto kind = kind_of(request);
    const Pod pod = pod_of(request, kind->conf().api_version);
    const auto& abilities = hnsclient::abilities_of(pod.api);
    require_makeable(*kind, abilities);
    return with_hns(pod.api, [&](Client& hns) {
        const Sandbox& sandbox = sandbox_of(pod);
        require_ipam(request);
        const Network network = prepare_network(hns, *kind, pod);
        kind->require_fit(network);
        // A namespace takes its endpoints along when it goes; those of a container that has ended
        // are still there, to be told about once more.
        if (abilities.namespaces) require_sandbox(hns, sandbox);
        const EndpointConf conf = supported_conf(abilities, kind->conf());
        const Ownership owner(request, pod);
        const Known known = find_known(hns, pod, owner, network);
        if (pod.joins) return adopt(hns, pod, require_shared(known, pod), network, conf);
        remove_stale(hns, known);
        if (known.ours) {
            renew_leases(request, *known.ours);
            return adopt(hns, pod, *known.ours, network, conf);
        }
        require_sandbox(hns, sandbox);
        const Pod new_pod = named(pod, known);
        const EndpointConf here = supported_here(hns, conf);
        return attach_new({hns, *kind, request, new_pod, owner, here, network});
    });
}

void HnsPlugin::del(const Request& request) const {
    const Pod pod = pod_of(request, find_api_version(request.conf.reader()));
    // A container that joins another's sandbox took nothing; in a namespace there is nothing to
    // leave, either.
    if (pod.joins && !hnsclient::abilities_of(pod.api).sharing) return;
    const bool cannot_release = !pod.joins && lacks_ipam(request);
    with_hns(pod.api, [&](Client& hns) {
        if (pod.joins)
            leave_endpoints(hns, pod, Ownership(request, pod));
        else if (cannot_release)
            require_nothing_taken(hns, request, pod);
        else
            remove_endpoints(hns, pod, Ownership(request, pod));
    });
    if (!pod.joins && !cannot_release) release_addresses(request);
}

void HnsPlugin::check(const Request& request) const {
    const auto kind = kind_of(request);
    const Pod pod = pod_of(request, kind->conf().api_version);
    const auto told = libcni::read_prev_result(request.conf);
    const EndpointConf wanted = supported_conf(hnsclient::abilities_of(pod.api), kind->conf());
    with_hns(pod.api, [&](Client& hns) {
        (void)sandbox_of(pod);
        const Network network = require_network(hns, *kind, pod.network_name);
        const Endpoint found = require_endpoint(hns, pod, Ownership(request, pod), network);
        const EndpointConf conf = supported_here(hns, wanted);
        const auto previous =
            told ? std::optional(own_part(*told, request.conf, found, network)) : std::nullopt;
        const Result addresses = supported_addresses(
            hns.abilities(), previous ? *previous : addresses_of(found, network));
        Endpoint plan = kind->plan(pod, conf, network, addresses);
        expect_what_hns_chose(plan, request.conf, previous, addresses);
        if (conf.mac) plan.mac = conf.mac;
        require_no_difference(pod, plan, found);
        warn_of_missing_host_endpoint(hns, *kind, network);
    });
    // The address is the sandbox's, not that of a container that joins it.
    if (!pod.joins) pass_to_ipam(Command::check, request);
}

void HnsPlugin::status(const Request& request) const {
    const auto kind = kind_of(request);
    const Pod pod = pod_of(request, kind->conf().api_version);
    require_makeable(*kind, hnsclient::abilities_of(pod.api));
    libcni::as_not_available([&] {
        require_ipam(request);
        with_hns(pod.api,
                 [&](Client& hns) { require_usable_network(hns, *kind, pod.network_name); });
        pass_to_ipam(Command::status, request);
    });
}

void HnsPlugin::gc(const Request& request) const {
    const auto valid = libcni::require_valid_attachments(request.conf);
    const Pod pod = pod_of(request, find_api_version(request.conf.reader()));
    Faults faults;
    faults.gather([&] {
        with_hns(pod.api, [&](Client& hns) {
            for (const auto& endpoint : garbage(hns, request.conf, valid))
                faults.gather([&] { remove_garbage(hns, endpoint); });
        });
    });
    // An address must stay reserved while HNS holds an endpoint with it.
    if (faults.empty()) faults.gather([&] { pass_to_ipam(Command::gc, request); });
    faults.throw_if_any("GC of network \"" + pod.network_name + "\" is not complete");
}

} // namespace plugins
