// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/cache_entry.hpp"
#include "tools/wincni/doctor/check.hpp"

// Whether HNS, leases, stored confs and the runtime's cache tell of the same pods. An ADD leases
// first, then makes the endpoint, then attaches it; the runtime remembers it last.
namespace wincni::doctor {

using hnsclient::Endpoint;
using hnsclient::Network;

namespace {

/// What is younger may be of an ADD that is under way, in seconds.
constexpr std::int64_t under_way = 180;

std::string addresses_of(const Endpoint& endpoint) {
    return libcni::joined(
        endpoint.addresses, ", ", [](const auto& own) { return own.address.to_string(); });
}

/// Its lease is from long ago, or the runtime knows its container.
bool is_old(const Facts& facts, const EndpointFacts& one) {
    if (facts.find_cached(one.network->name, one.owner->container_id) != nullptr) return true;
    return std::ranges::any_of(one.endpoint->addresses, [&](const auto& own) {
        const Lease* lease = facts.find_lease(one.network->name, own.address);
        return lease != nullptr && lease->file->age >= under_way;
    });
}

void stale_endpoint(const Facts& facts, Findings& findings) {
    for (const EndpointFacts& one : facts.endpoints) {
        const Endpoint& endpoint = *one.endpoint;
        const std::string who = "endpoint " + endpoint.name + " (" + addresses_of(endpoint) + ")";
        if (facts.is_stale(endpoint))
            findings.add({.what = who + " is of a pod that is gone",
                          .from = "its namespace " + endpoint.namespace_id + " is not in HNS",
                          .so = "it holds its address; a pod that gets it anew cannot start",
                          .next = "wincni hns delete endpoint " + endpoint.id});
        else if (one.owner && is_unattached(endpoint)) {
            const bool old = is_old(facts, one);
            findings.add(old ? Severity::warning : Severity::note,
                         {.what = who + " is in no namespace",
                          .from = endpoint.id,
                          .so = old ? "its pod has no network, or is gone"
                                    : "an ADD is under way, or was ended half-way",
                          .next = old ? "wincni why " + endpoint.id
                                      : "look again in a minute: wincni doctor --only N503"});
        }
    }
}

void lease_without_endpoint(const Facts& facts, Findings& findings) {
    for (const Lease& lease : facts.leases) {
        if (!lease.owner || is_source_vip(*lease.owner)
            || facts.find_network(lease.network) == nullptr
            || facts.find_endpoint(lease.network, lease.address) != nullptr)
            continue;
        const Cached* cached = facts.find_cached(lease.network, lease.owner->container_id);
        const bool may_come = cached == nullptr && lease.file->age < under_way;
        findings.add(may_come ? Severity::note : Severity::warning,
                     {.what = lease.address.to_string() + " is leased to "
                              + host_local::to_string(*lease.owner) + ", but no endpoint has it",
                      .from = lease.file->path,
                      .so = may_come ? "an ADD is under way, or was ended half-way"
                            : cached != nullptr
                                ? "the runtime believes this pod to have a network: "
                                      + (pod_of(cached->entry).empty() ? lease.owner->container_id
                                                                       : pod_of(cached->entry))
                                : "no pod gets this address",
                      .next = cached != nullptr
                                  ? "wincni why " + lease.address.to_string()
                                  : "if it stays: wincni gc CONF --keep-live releases it"});
    }
}

/// The endpoint's network is of a conf whose addresses host-local leases.
bool has_leases(const Facts& facts, const Network& network) {
    return std::ranges::any_of(facts.confs, [&](const Conf& conf) {
        return conf.facts.network == network.name && !conf.facts.lease_folder.empty();
    });
}

void endpoint_without_lease(const Facts& facts, Findings& findings) {
    for (const EndpointFacts& one : facts.endpoints) {
        if (!one.owner || facts.is_stale(*one.endpoint) || !has_leases(facts, *one.network))
            continue;
        for (const auto& own : one.endpoint->addresses) {
            if (facts.find_lease(one.network->name, own.address) != nullptr) continue;
            findings.add({.what = "endpoint " + one.endpoint->name + " has "
                                  + own.address.to_string() + ", which nobody has leased",
                          .from = one.endpoint->id,
                          .so = "the next pods are refused when the address is their turn",
                          .next = "delete the pod, so that a new one is made: wincni why "
                                  + own.address.to_string()});
        }
    }
}

bool has_lease(const Facts& facts, const std::string& container) {
    return std::ranges::any_of(facts.leases, [&](const Lease& lease) {
        return lease.owner && lease.owner->container_id == container;
    });
}

void stored_conf_dead(const Facts& facts, Findings& findings) {
    for (const Stored& one : facts.stored) {
        if (one.network.empty()) {
            findings.add(Severity::warning,
                         {.what = one.file->path + " is no conf of a delegate",
                          .so = "the DEL of this container goes by the conf of now",
                          .next = "wincni gc CONF --keep-live removes it"});
            continue;
        }
        const bool lives = facts.has_endpoint(one.network, one.sandbox)
                           || facts.find_cached(one.network, one.sandbox) != nullptr
                           || has_lease(facts, one.sandbox) || one.file->age < under_way;
        if (lives) continue;
        findings.add(Severity::note,
                     {.what = "flannel keeps the conf of container " + one.sandbox
                              + ", of which nothing else is left",
                      .from = one.file->path,
                      .so = "it does no harm",
                      .next = "wincni gc CONF --keep-live removes it"});
    }
}

void cache_dead(const Facts& facts, Findings& findings) {
    for (const Cached& one : facts.cached) {
        const auto& attached = one.entry.attached;
        // Docker's "none" and paths of Linux tell nothing.
        if (!hnsclient::parse_guid(attached.netns)) continue;
        if (facts.find_namespace(attached.netns) != nullptr
            || facts.has_endpoint(one.entry.network, attached.container_id)
            || has_lease(facts, attached.container_id))
            continue;
        const std::string pod = pod_of(one.entry);
        findings.add({.what = "the runtime remembers container " + attached.container_id
                              + (pod.empty() ? "" : " of pod " + pod)
                              + ", of which nothing is left",
                      .from = one.file->path,
                      .so = "it does no harm; the runtime's next DEL or GC drops it",
                      .next = "crictl pods"});
    }
}

void range_full(const Facts& facts, Findings& findings) {
    const Conf* conf = facts.used();
    if (conf == nullptr) return;
    for (const auto& set : conf->facts.ranges) {
        const auto taken = std::ranges::count_if(facts.leases, [&](const Lease& lease) {
            const auto* const range = set.find(lease.address);
            return lease.network == conf->facts.network && range != nullptr
                   && range->why_reserved(lease.address) == nullptr;
        });
        if (static_cast<std::uint64_t>(taken) < set.capacity()) continue;
        findings.add({.what = "all " + std::to_string(set.capacity()) + " addresses of "
                              + set.to_string() + " are leased",
                      .from = conf->file->leases.path,
                      .so = "the next pod gets none",
                      .next = "wincni gc CONF --keep-live --dry-run shows leases of pods that are "
                              "gone"});
    }
}

void lease_broken(const Facts& facts, Findings& findings) {
    for (const Lease& lease : facts.leases) {
        if (lease.owner) continue;
        findings.add({.what = "the lease of " + lease.address.to_string() + " names nobody"
                              + (lease.file->fault.empty() ? "" : ": " + lease.file->fault),
                      .from = lease.file->path,
                      .so = "no DEL gives the address back",
                      .next = "wincni gc CONF --keep-live releases it"});
    }
}

void source_vip(const Facts& facts, Findings& findings) {
    for (const Lease& lease : facts.leases) {
        if (!lease.owner || !is_source_vip(*lease.owner)) continue;
        const Network* network = facts.find_network(lease.network);
        if (network == nullptr || network->subnets.empty()
            || hnsclient::subnet_of(*network, lease.address) != nullptr)
            continue;
        const auto subnets = libcni::joined(
            network->subnets, ", ", [](const auto& one) { return one.prefix.to_string(); });
        findings.add({.what = "kube-proxy's address " + lease.address.to_string()
                              + " is outside of " + subnets,
                      .from = lease.file->path,
                      .so = "the node rejoined with another subnet; services work from no pod of "
                            "this node",
                      .next = "wincni source-vip --network " + lease.network
                              + " ; Restart-Service kube-proxy"});
    }
}

constexpr std::array checks{
    Check{"N503",
          "stale-endpoint",
          Severity::warning,
          true,
          stale_endpoint,
          "no endpoint of a pod is in a namespace that is gone, or in none"},
    Check{"N504",
          "lease-without-endpoint",
          Severity::warning,
          true,
          lease_without_endpoint,
          "each leased address is an endpoint's"},
    Check{"N505",
          "endpoint-without-lease",
          Severity::warning,
          true,
          endpoint_without_lease,
          "each endpoint of a pod has its addresses leased"},
    Check{"N507",
          "stored-conf-dead",
          Severity::warning,
          true,
          stored_conf_dead,
          "flannel keeps confs only of containers that are there"},
    Check{"N508",
          "cache-dead",
          Severity::note,
          true,
          cache_dead,
          "the runtime remembers only containers that are there"},
    Check{"N510", "range-full", Severity::broken, false, range_full, "there is a free address"},
    Check{"N511",
          "lease-broken",
          Severity::warning,
          false,
          lease_broken,
          "each lease names its container"},
    Check{"N602",
          "source-vip",
          Severity::warning,
          true,
          source_vip,
          "the address that was leased for kube-proxy is in the network's subnet"},
};

} // namespace

std::span<const Check> checks_of_state() noexcept {
    return checks;
}

} // namespace wincni::doctor
