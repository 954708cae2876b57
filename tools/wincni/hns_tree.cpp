// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>

#include <nlohmann/json.hpp>

#include "hnsclient/guid.hpp"
#include "hnsclient/host_endpoint.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::ClientV2;
using hnsclient::Endpoint;
using hnsclient::Namespace;
using hnsclient::Network;

namespace {

/// What an endpoint is to this node.
enum class Standing { pod, container, host, remote, stale, unattached };

std::string_view word_of(Standing standing) {
    switch (standing) {
    case Standing::pod:
        return "pod";
    case Standing::container:
        return "container";
    case Standing::host:
        return "host";
    case Standing::remote:
        return "remote";
    case Standing::stale:
        return "stale";
    case Standing::unattached:
        break;
    }
    return "unattached";
}

struct Leaf {
    Endpoint endpoint;
    Standing standing;
};

/// A network with its endpoints by address.
struct Branch {
    Network network;
    std::vector<Leaf> leaves;
};

Standing standing_of(const Endpoint& endpoint,
                     const Network& network,
                     const std::vector<Namespace>& namespaces) {
    if (endpoint.is_remote) return Standing::remote;
    const auto is_its = [&](const Namespace& one) {
        return hnsclient::same_guid(one.id, endpoint.namespace_id);
    };
    if (!endpoint.namespace_id.empty())
        return std::ranges::any_of(namespaces, is_its) ? Standing::pod : Standing::stale;
    if (!endpoint.container_ids.empty()) return Standing::container;
    return endpoint.name == hnsclient::host_endpoint_name(network) ? Standing::host
                                                                   : Standing::unattached;
}

bool is_before(const Leaf& a, const Leaf& b) {
    const auto key = [](const Leaf& leaf) {
        const auto& addresses = leaf.endpoint.addresses;
        return std::tuple(leaf.standing == Standing::remote,
                          addresses.empty() ? std::optional<libcni::Address>()
                                            : std::optional(addresses.front().address),
                          std::string_view(leaf.endpoint.name),
                          std::string_view(leaf.endpoint.id));
    };
    return key(a) < key(b);
}

std::vector<Network> networks_of(ClientV2& client, const std::string& reference) {
    if (!reference.empty()) return {require_network(client, reference)};
    auto networks = client.list_networks();
    std::ranges::sort(
        networks, {}, [](const Network& one) { return std::tuple(one.name, one.id); });
    return networks;
}

std::vector<Branch> branches_of(ClientV2& client, const TreeOptions& options) {
    std::vector<Branch> branches;
    for (Network& network : networks_of(client, options.network))
        branches.push_back({std::move(network), {}});
    const auto namespaces = client.list_namespaces();
    for (Endpoint& endpoint : client.list_endpoints())
        for (Branch& branch : branches) {
            if (!hnsclient::same_guid(branch.network.id, endpoint.network_id)) continue;
            const Standing standing = standing_of(endpoint, branch.network, namespaces);
            if (!options.stale_only || standing == Standing::stale)
                branch.leaves.push_back({std::move(endpoint), standing});
            break;
        }
    for (Branch& branch : branches)
        std::ranges::sort(branch.leaves, is_before);
    if (options.stale_only)
        std::erase_if(branches, [](const Branch& branch) { return branch.leaves.empty(); });
    return branches;
}

/// How many there are of what is not told one by one: "NAT-3 route-1".
class Summary {
public:
    void count(const std::string& word, std::size_t number) { counts_[word] += number; }

    void say(const std::string& text) { texts_.push_back(text); }

    [[nodiscard]] std::string text() const {
        std::vector<std::string> words;
        for (const auto& [word, number] : counts_)
            words.push_back(word + "-" + std::to_string(number));
        words.insert(words.end(), texts_.begin(), texts_.end());
        return libcni::joined(words, " ");
    }

private:
    std::map<std::string, std::size_t> counts_;
    std::vector<std::string> texts_;
};

struct Summarise {
    Summary& summary;

    void operator()(const hnsclient::OutboundNat& nat) const {
        summary.count("NAT", nat.exceptions.size());
    }

    void operator()(const hnsclient::SdnRoute& /*route*/) const { summary.count("route", 1); }

    void operator()(const hnsclient::PortMapping& mapping) const {
        summary.say(std::to_string(mapping.external_port) + "->"
                    + std::to_string(mapping.internal_port) + "/" + mapping.protocol.name());
    }

    void operator()(const hnsclient::ProviderAddress& provider) const {
        summary.say("PA " + provider.address);
    }

    void operator()(const hnsclient::SharedPolicy& policy) const { summary.count(policy.type, 1); }

    void operator()(const hnsclient::OtherPolicy& policy) const {
        summary.count(libcni::JsonReader(*policy.value, "policy").text_or_empty("Type"), 1);
    }
};

std::string summary_of(const std::vector<hnsclient::Policy>& policies) {
    Summary summary;
    for (const auto& policy : policies)
        std::visit(Summarise{summary}, policy);
    return summary.text();
}

/// Where it is, and what is wrong with it.
std::string place_of(const Leaf& leaf) {
    const Endpoint& endpoint = leaf.endpoint;
    const std::string fault = hnsclient::fault_of(endpoint);
    std::string place;
    if (leaf.standing == Standing::pod)
        place = "namespace " + endpoint.namespace_id;
    else if (leaf.standing == Standing::stale)
        place = "stale: namespace " + endpoint.namespace_id + " is gone";
    else if (leaf.standing == Standing::container)
        place = "container " + libcni::joined(endpoint.container_ids, ", ");
    else
        place = "(" + std::string(word_of(leaf.standing)) + ")";
    return fault.empty() ? place : place + "; " + fault;
}

std::string headline_of(const Network& network) {
    std::string text = printable(network.name) + "  " + printable(network.type);
    for (const auto& subnet : network.subnets) {
        text += "  " + subnet.prefix.to_string();
        if (subnet.gateway) text += " by " + subnet.gateway->to_string();
        if (subnet.vni) text += "  VNI " + std::to_string(*subnet.vni);
    }
    if (network.management_address) text += "  host " + network.management_address->to_string();
    return text;
}

std::string picture_of(const Branch& branch, bool with_remote) {
    const auto remote = std::ranges::count(branch.leaves, Standing::remote, &Leaf::standing);
    const bool is_cut = !with_remote && remote > 0;
    const std::size_t shown =
        branch.leaves.size() - (is_cut ? static_cast<std::size_t>(remote) : 0);
    Table table;
    for (std::size_t i = 0; i < shown; ++i) {
        const Endpoint& endpoint = branch.leaves[i].endpoint;
        table.add(
            {(i + 1 == shown && !is_cut ? "`- " : "|- ") + endpoint.name,
             libcni::joined(endpoint.addresses, ", ", [](const auto& a) { return text_of(a); }),
             endpoint.mac ? endpoint.mac->to_string() : "",
             summary_of(endpoint.policies),
             place_of(branch.leaves[i])});
    }
    std::string text = headline_of(branch.network) + (branch.leaves.empty() ? "  no endpoints" : "")
                       + "\n" + (table.empty() ? "" : table.text(libcni::stdout_columns()));
    if (is_cut)
        text += "`- " + std::to_string(remote) + " remote endpoints, of other nodes (--all)\n";
    return text;
}

nlohmann::ordered_json to_json(const Branch& branch) {
    auto json = wincni::to_json(branch.network);
    json["endpoints"] = nlohmann::ordered_json::array();
    for (const Leaf& leaf : branch.leaves) {
        auto endpoint = wincni::to_json(leaf.endpoint);
        endpoint["standing"] = word_of(leaf.standing);
        json["endpoints"].push_back(std::move(endpoint));
    }
    return json;
}

} // namespace

std::string tree(ClientV2& client, const TreeOptions& options) {
    const auto branches = branches_of(client, options);
    if (options.format == Format::json) {
        auto all = nlohmann::ordered_json::array();
        for (const Branch& branch : branches)
            all.push_back(to_json(branch));
        return document(all);
    }
    std::string text;
    for (const Branch& branch : branches)
        text += picture_of(branch, options.with_remote);
    if (!text.empty()) return text;
    return options.stale_only ? "HNS has no stale endpoints.\n" : "HNS has no networks.\n";
}

} // namespace wincni::hns
