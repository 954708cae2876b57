// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "plugins/common/pod.hpp"
#include "tools/wincni/doctor/check.hpp"

// What HNS says, and whether it fits the conf that the runtime takes.
namespace wincni::doctor {

using hnsclient::Endpoint;
using hnsclient::Namespace;
using hnsclient::Network;

namespace {

/// The conf that is used where a plugin of ours makes its endpoints; else null.
const Conf* used_conf(const Facts& facts) {
    const Conf* conf = facts.used();
    return conf != nullptr && !conf->facts.plugin.empty() ? conf : nullptr;
}

/// Its network in HNS; null where that is missing.
const Network* used_network(const Facts& facts) {
    const Conf* conf = used_conf(facts);
    return conf == nullptr ? nullptr : facts.find_network(conf->facts.network);
}

/// The types of network that the plugin works on, the one to make first.
std::vector<std::string_view> types_for(const std::string& plugin) {
    if (plugin == "nat") return {"NAT"};
    if (plugin.ends_with("overlay")) return {"Overlay"};
    if (plugin == "sdnbridge") return {"L2Bridge", "L2Tunnel", "Transparent"};
    return {"L2Bridge", "L2Tunnel"};
}

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string named(const Endpoint& endpoint) {
    return "endpoint " + (endpoint.name.empty() ? endpoint.id : endpoint.name);
}

void hns_answers(const Facts& facts, Findings& findings) {
    const Hns& hns = facts.node.hns;
    if (hns.fault.empty()) return;
    findings.add({.what = "HNS does not answer: " + hns.fault,
                  .so = "no pod gets a network, and what HNS has is not looked at here",
                  .next = hns.advice.empty() ? "wincni hns version" : hns.advice});
}

/// How the network comes to be.
std::string how_to_make(const Conf& conf) {
    if (conf.facts.is_flannel) return "Restart-Service flanneld ; wincni hns list networks";
    return "wincni hns create network " + conf.facts.network + " --type "
           + std::string(types_for(conf.facts.plugin).front())
           + " --subnet PREFIX --gateway ADDRESS";
}

void network_missing(const Facts& facts, Findings& findings) {
    const Conf* conf = used_conf(facts);
    if (conf == nullptr || conf->facts.makes_network || used_network(facts) != nullptr) return;
    findings.add({.what = "HNS has no network " + in_quotes(conf->facts.network),
                  .from = conf->file->file.path,
                  .so = "every ADD fails with code 11, and pods stay in ContainerCreating",
                  .next = how_to_make(*conf)});
}

void network_type(const Facts& facts, Findings& findings) {
    const Network* network = used_network(facts);
    if (network == nullptr) return;
    const Conf& conf = *used_conf(facts);
    const auto types = types_for(conf.facts.plugin);
    for (const auto type : types)
        if (libcni::same_ignoring_case(type, network->type)) return;
    findings.add({.what = "network " + in_quotes(network->name) + " is of type " + network->type
                          + ", but " + conf.facts.plugin + " needs "
                          + libcni::joined(types, " or "),
                  .from = conf.file->file.path,
                  .so = "every ADD fails",
                  .next = "name the right plugin or network in " + conf.file->file.path
                          + "; wincni hns list networks"});
}

void management_address(const Facts& facts, Findings& findings) {
    const Network* network = used_network(facts);
    if (network == nullptr || network->management_address) return;
    // These are on an adapter of the host, whose address nodes send packets to.
    if (network->type != "L2Bridge" && network->type != "Overlay") return;
    // The client takes one of 169.254.0.0/16 for none.
    findings.add({.what = "network " + in_quotes(network->name)
                          + " has no address of this host, or one of 169.254.0.0/16",
                  .so = "DHCP had not answered when it was made: pods reach no other node, and "
                        "flanneld waits",
                  .next = used_conf(facts)->facts.is_flannel
                              ? "Get-NetIPAddress -AddressFamily IPv4 ; Restart-Service flanneld"
                              : "Get-NetIPAddress -AddressFamily IPv4 ; make the network anew"});
}

bool holds(const Network& network, const host_local::Range& range) {
    for (const auto& subnet : network.subnets)
        if (subnet.prefix.contains(range.start()) && subnet.prefix.contains(range.end()))
            return true;
    return false;
}

void network_subnet(const Facts& facts, Findings& findings) {
    const Network* network = used_network(facts);
    if (network == nullptr || network->subnets.empty()) return;
    const Conf& conf = *used_conf(facts);
    for (const auto& set : conf.facts.ranges)
        for (const auto& range : set.ranges()) {
            if (holds(*network, range)) continue;
            const auto subnets = libcni::joined(
                network->subnets, ", ", [](const auto& one) { return one.prefix.to_string(); });
            findings.add(
                {.what = "pods get addresses of " + range.subnet().to_string() + ", but network "
                         + in_quotes(network->name) + " has " + subnets,
                 .from = conf.facts.is_flannel ? conf.file->subnet_env.path : conf.file->file.path,
                 .so = "HNS refuses the endpoints, or nobody answers them",
                 .next = conf.facts.is_flannel ? "Restart-Service flanneld"
                                               : "correct the ranges in " + conf.file->file.path});
        }
}

void address_twice(const Facts& facts, Findings& findings) {
    std::map<std::pair<std::string, libcni::Address>, std::vector<const Endpoint*>> holders;
    for (const Endpoint& endpoint : facts.node.hns.endpoints)
        for (const auto& own : endpoint.addresses)
            holders[{libcni::upper_case(endpoint.network_id), own.address}].push_back(&endpoint);
    for (const auto& [place, endpoints] : holders) {
        if (endpoints.size() < 2) continue;
        const auto show = [](const Endpoint* one) {
            return named(*one) + " (" + one->id + (one->is_remote ? ", of another node)" : ")");
        };
        findings.add({.what = place.second.to_string() + " is the address of "
                              + std::to_string(endpoints.size()) + " endpoints",
                      .from = libcni::joined(endpoints, "; ", show),
                      .so = "packets for one reach the other",
                      .next = "wincni why " + place.second.to_string()
                              + " ; delete the pod that came second, or the remote one: wincni hns "
                                "delete endpoint ID"});
    }
    for (const EndpointFacts& one : facts.endpoints) {
        if (!one.owner || facts.is_stale(*one.endpoint)) continue;
        for (const auto& own : one.endpoint->addresses) {
            const Lease* lease = facts.find_lease(one.network->name, own.address);
            if (lease == nullptr || !lease->owner
                || lease->owner->container_id == one.owner->container_id)
                continue;
            findings.add({.what = own.address.to_string() + " is leased to "
                                  + host_local::to_string(*lease->owner) + ", but "
                                  + named(*one.endpoint) + " has it",
                          .from = lease->file->path,
                          .so = "two believe the address to be theirs",
                          .next = "wincni why " + own.address.to_string()
                                  + " ; delete the pod that came second"});
        }
    }
}

void namespace_empty(const Facts& facts, Findings& findings) {
    for (const Namespace& one : facts.node.hns.namespaces) {
        const bool is_default = one.type.ends_with("Default");
        bool is_used = is_default || !one.endpoint_ids.empty() || !one.container_ids.empty();
        for (const Endpoint& endpoint : facts.node.hns.endpoints)
            is_used = is_used || hnsclient::same_guid(endpoint.namespace_id, one.id);
        for (const Cached& cached : facts.cached)
            is_used = is_used || hnsclient::same_guid(cached.entry.attached.netns, one.id);
        if (is_used) continue;
        findings.add({.what = "namespace " + one.id + " has no endpoints and no containers",
                      .so = "a pod is being started, or was not wholly removed; it does no harm",
                      .next = "if it stays: wincni hns delete namespace " + one.id});
    }
}

void endpoint_health(const Facts& facts, Findings& findings) {
    for (const EndpointFacts& one : facts.endpoints) {
        const std::string fault = hnsclient::fault_of(*one.endpoint);
        if (fault.empty()) continue;
        findings.add({.what = named(*one.endpoint) + " is " + fault,
                      .from = one.endpoint->id,
                      .so = "HNS has not applied all of its policies: NAT, routes or host ports",
                      .next = one.endpoint->is_remote
                                  ? "Restart-Service kube-proxy"
                                  : "delete the pod, so that a new one is made"});
    }
}

constexpr std::array checks{
    Check{"N301", "hns-answers", Severity::broken, false, hns_answers, "HNS answers"},
    Check{"N303",
          "network-missing",
          Severity::broken,
          true,
          network_missing,
          "HNS has the network of the conf, or the plugin makes it"},
    Check{"N304",
          "network-type",
          Severity::broken,
          true,
          network_type,
          "the network is of a type that the plugin works on"},
    Check{"N305",
          "management-address",
          Severity::broken,
          true,
          management_address,
          "the network has an address of this host, and none that stands for missing DHCP"},
    Check{"N307",
          "network-subnet",
          Severity::broken,
          true,
          network_subnet,
          "addresses that pods get are in a subnet of the network"},
    Check{"N506",
          "address-twice",
          Severity::broken,
          true,
          address_twice,
          "no two endpoints, remote ones included, have one address; leases agree"},
    Check{"N509",
          "namespace-empty",
          Severity::note,
          true,
          namespace_empty,
          "each namespace has an endpoint or a container"},
    Check{"N513",
          "endpoint-health",
          Severity::warning,
          true,
          endpoint_health,
          "HNS calls each endpoint well"},
};

} // namespace

std::span<const Check> checks_of_hns() noexcept {
    return checks;
}

} // namespace wincni::doctor
