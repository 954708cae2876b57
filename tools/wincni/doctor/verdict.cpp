// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/doctor/verdict.hpp"

#include <algorithm>
#include <optional>

#include "hnsclient/guid.hpp"
#include "hnsclient/host_endpoint.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/cache_entry.hpp"
#include "tools/wincni/doctor/check.hpp"

namespace wincni::doctor {

using hnsclient::Endpoint;

namespace {

using Fault = std::optional<Verdict>;

constexpr const char* make_anew = "delete the pod, so that a new one is made: kubectl delete pod ";

/// How a person has the pod made anew.
std::string remake(const Subject& subject) {
    const std::string pod = pod_of(subject);
    const auto slash = pod.find('/');
    if (pod.empty()) return "crictl stopp " + subject.container + " ; kubelet makes a new one";
    if (slash == std::string::npos) return make_anew + pod;
    return make_anew + ("-n " + pod.substr(0, slash)) + " " + pod.substr(slash + 1);
}

bool is_alive(const Facts& facts, const Subject& subject) {
    return std::ranges::any_of(subject.namespaces, [&](const std::string& id) {
        return facts.find_namespace(id) != nullptr;
    });
}

Fault of_hns(const Facts& facts) {
    const Hns& hns = facts.node.hns;
    if (hns.fault.empty()) return std::nullopt;
    return Verdict{.text = "HNS does not answer, so no pod gets a network: " + hns.fault,
                   .next = hns.advice};
}

/// Nothing of it is in HNS but, at most, its namespace.
Fault of_missing_endpoint(const Facts& facts, const Subject& subject) {
    if (!subject.endpoints.empty()) return std::nullopt;
    const bool alive = is_alive(facts, subject);
    if (!subject.cached.empty() && alive)
        return Verdict{.text = "its endpoint is gone: the runtime attached it, and somebody has "
                               "deleted the endpoint since",
                       .next = remake(subject)};
    if (!subject.cached.empty())
        return Verdict{.text = "the pod is gone: its namespace is not in HNS, and only what the "
                               "runtime remembers, or its lease, is left",
                       .next = "wincni gc CONF --keep-live --dry-run"};
    if (!subject.leases.empty() && subject.leases.front()->owner
        && is_source_vip(*subject.leases.front()->owner))
        return Verdict{.is_well = true,
                       .text = "this is kube-proxy's address on the overlay; no endpoint has it",
                       .next = "wincni source-vip --network " + subject.leases.front()->network};
    if (!subject.leases.empty() || !subject.stored.empty())
        return Verdict{.text = "no endpoint was made, or it is gone: an ADD is under way or has "
                               "failed, and what it took was left",
                       .next = "the log of the plugin says why; then wincni gc CONF --keep-live"};
    return Verdict{.text = "the namespace has no endpoint: no network was ever attached, or it was "
                           "removed",
                   .next = "the log of the runtime says why; wincni doctor"};
}

std::string addresses_text(const Endpoint& endpoint) {
    return libcni::joined(
        endpoint.addresses, ", ", [](const auto& own) { return own.address.to_string(); });
}

/// Another endpoint of its network that has one of its addresses.
Fault of_twice(const Facts& facts, const EndpointFacts& one) {
    for (const EndpointFacts& other : facts.endpoints) {
        if (other.endpoint == one.endpoint
            || !hnsclient::same_guid(other.endpoint->network_id, one.endpoint->network_id))
            continue;
        for (const auto& own : one.endpoint->addresses)
            if (has_address(*other.endpoint, own.address))
                return Verdict{.text = "endpoint " + other.endpoint->name + " ("
                                       + other.endpoint->id + ") has its address "
                                       + own.address.to_string() + ", too",
                               .next = "wincni hns show endpoint " + other.endpoint->id};
    }
    return std::nullopt;
}

Fault of_leases(const Facts& facts, const EndpointFacts& one) {
    const auto has_leases = [&](const Conf& conf) {
        return conf.facts.network == one.network->name && !conf.facts.lease_folder.empty();
    };
    if (!one.owner || std::ranges::none_of(facts.confs, has_leases)) return std::nullopt;
    for (const auto& own : one.endpoint->addresses) {
        const Lease* lease = facts.find_lease(one.network->name, own.address);
        if (lease != nullptr && lease->owner
            && lease->owner->container_id == one.owner->container_id)
            continue;
        const std::string holder = lease == nullptr ? "nobody"
                                   : !lease->owner  ? "a broken file, " + lease->file->path
                                                    : host_local::to_string(*lease->owner);
        return Verdict{.text = "its address " + own.address.to_string() + " is leased to " + holder
                               + ", so another pod may get it"};
    }
    return std::nullopt;
}

/// The runtime speaks of another namespace, or of other addresses.
Fault of_cache(const Subject& subject, const EndpointFacts& one) {
    if (!one.owner) return std::nullopt;
    for (const Cached* cached : subject.cached) {
        if (cached->entry.network != one.network->name || subject.endpoints.size() > 1) continue;
        const std::string& netns = cached->entry.attached.netns;
        if (hnsclient::parse_guid(netns) && !one.endpoint->namespace_id.empty()
            && !hnsclient::same_guid(netns, one.endpoint->namespace_id))
            return Verdict{.text = "its endpoint is in namespace " + one.endpoint->namespace_id
                                   + ", but the runtime attached " + netns};
        for (const auto& own : wincni::addresses_of(cached->entry))
            if (!has_address(*one.endpoint, own.address()))
                return Verdict{.text = "the runtime was told " + own.address().to_string()
                                       + ", but its endpoint has " + addresses_text(*one.endpoint)};
    }
    return std::nullopt;
}

Fault of_place(const Facts& facts, const EndpointFacts& one) {
    const Endpoint& endpoint = *one.endpoint;
    if (facts.is_stale(endpoint))
        return Verdict{.text = "the pod is gone: the namespace of its endpoint is not in HNS, and "
                               "the endpoint was left",
                       .next = "wincni hns delete endpoint " + endpoint.id};
    if (one.network == nullptr && !endpoint.is_remote)
        return Verdict{.text = "HNS has no network " + endpoint.network_id
                               + ", of which its endpoint is",
                       .next = "wincni hns delete endpoint " + endpoint.id};
    const bool is_hosts =
        one.network != nullptr && endpoint.name == hnsclient::host_endpoint_name(*one.network);
    if (is_unattached(endpoint) && !is_hosts)
        return Verdict{.text = "its endpoint is in no namespace: an ADD is under way, or was ended "
                               "half-way"};
    return std::nullopt;
}

Fault of_endpoint(const Facts& facts, const Subject& subject, const EndpointFacts& one) {
    if (auto fault = of_place(facts, one)) return fault;
    if (const auto health = hnsclient::fault_of(*one.endpoint); !health.empty())
        return Verdict{.text =
                           "HNS has not applied all of its endpoint's policies: it is " + health};
    if (auto fault = of_twice(facts, one)) return fault;
    if (auto fault = of_leases(facts, one)) return fault;
    return of_cache(subject, one);
}

/// What keeps all pods of the node from having a network.
Fault of_node(const Facts& facts) {
    const auto broken = [](const Check& check) {
        return check.severity == Severity::broken && check.id != "N506" && check.id != "N510";
    };
    for (const Finding& finding : findings_in(facts, broken))
        if (finding.severity == Severity::broken)
            return Verdict{.text = "it has all that a pod has, but the node is broken: "
                                   + std::string(finding.id) + " " + std::string(finding.name)
                                   + ", " + finding.what,
                           .next = "wincni doctor"};
    return std::nullopt;
}

Verdict well(const Subject& subject) {
    const Endpoint& endpoint = *subject.endpoints.front()->endpoint;
    const std::string look = "wincni hns show endpoint " + endpoint.id;
    if (endpoint.is_remote)
        return {.is_well = true, .text = "this is an endpoint of another node", .next = look};
    if (subject.container.empty())
        return {.is_well = true, .text = "nothing is missing; no plugin made it", .next = look};
    return {.is_well = true,
            .text = "nothing is missing: it has " + addresses_text(endpoint)
                    + ", in a namespace that is there; its policies are next, services are "
                      "kube-proxy's",
            .next = look};
}

} // namespace

Verdict verdict_on(const Facts& facts, const Subject& subject) {
    if (auto fault = of_hns(facts)) return std::move(*fault);
    if (auto fault = of_missing_endpoint(facts, subject)) return std::move(*fault);
    for (const EndpointFacts* one : subject.endpoints)
        if (auto fault = of_endpoint(facts, subject, *one)) {
            if (fault->next.empty()) fault->next = remake(subject);
            return std::move(*fault);
        }
    if (subject.container.empty()) return well(subject);
    return of_node(facts).value_or(well(subject));
}

} // namespace wincni::doctor
