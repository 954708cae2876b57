// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>

#include <nlohmann/json.hpp>

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

template <class Object>
std::string json_list(const std::vector<Object>& objects) {
    auto array = nlohmann::ordered_json::array();
    for (const auto& object : objects)
        array.push_back(to_json(object));
    return document(array);
}

std::string text_or(const Table& table, const char* when_empty) {
    return table.empty() ? when_empty : table.text(libcni::stdout_columns());
}

std::string table_of(const std::vector<Network>& networks) {
    Table table({"NAME", "TYPE", "SUBNETS", "GATEWAYS", "ID"});
    for (const auto& network : networks) {
        const auto prefix = [](const auto& subnet) { return subnet.prefix.to_string(); };
        const auto gateway = [](const auto& subnet) {
            return subnet.gateway ? subnet.gateway->to_string() : "-";
        };
        table.add({network.name,
                   network.type,
                   libcni::joined(network.subnets, ", ", prefix),
                   libcni::joined(network.subnets, ", ", gateway),
                   network.id});
    }
    return text_or(table, "HNS has no networks.\n");
}

std::string table_of(const std::vector<Namespace>& namespaces) {
    Table table({"ID", "TYPE", "COMPARTMENT", "ENDPOINTS"});
    for (const auto& found : namespaces)
        table.add({found.id,
                   found.type,
                   std::to_string(found.compartment),
                   std::to_string(found.endpoint_ids.size())});
    return text_or(table, "HNS has no namespaces.\n");
}

/// A network's name, or its ID when it has gone in the meantime.
class NetworkNames {
public:
    explicit NetworkNames(ClientV2& client) {
        for (const auto& network : client.list_networks())
            names_[network.id] = network.name;
    }

    [[nodiscard]] std::string of(const std::string& id) const {
        const auto found = names_.find(id);
        return found == names_.end() ? id : found->second;
    }

private:
    std::map<std::string, std::string> names_;
};

/// By network, then by address as a number; what has no address comes first.
void sort(std::vector<Endpoint>& endpoints, const NetworkNames& names) {
    const auto before = [&](const Endpoint& a, const Endpoint& b) {
        const auto network_a = names.of(a.network_id);
        const auto network_b = names.of(b.network_id);
        if (network_a != network_b) return network_a < network_b;
        if (a.addresses.empty() || b.addresses.empty())
            return std::tuple(!a.addresses.empty(), a.name, a.id)
                   < std::tuple(!b.addresses.empty(), b.name, b.id);
        return std::tuple(a.addresses.front().address, a.name, a.id)
               < std::tuple(b.addresses.front().address, b.name, b.id);
    };
    std::ranges::sort(endpoints, before);
}

void sort(std::vector<Network>& networks) {
    std::ranges::sort(
        networks, {}, [](const Network& one) { return std::tuple(one.name, one.id); });
}

void sort(std::vector<Namespace>& namespaces) {
    std::ranges::sort(namespaces, {}, &Namespace::id);
}

std::string table_of(const std::vector<Endpoint>& endpoints, const NetworkNames& names) {
    Table table({"NAME", "ADDRESSES", "NETWORK", "NAMESPACE", "ID"});
    for (const auto& endpoint : endpoints)
        table.add(
            {endpoint.name,
             libcni::joined(endpoint.addresses, ", ", [](const auto& a) { return text_of(a); }),
             names.of(endpoint.network_id),
             endpoint.is_remote ? "(remote)" : endpoint.namespace_id,
             endpoint.id});
    return text_or(table, "HNS has no endpoints.\n");
}

std::string list_endpoints(ClientV2& client, const ListOptions& options) {
    auto endpoints = options.network.empty()
                         ? client.list_endpoints()
                         : client.list_endpoints_of(require_network(client, options.network).id);
    const NetworkNames names(client);
    sort(endpoints, names);
    if (options.format == Format::json) return json_list(endpoints);
    return endpoints.empty() ? "HNS has no such endpoints.\n" : table_of(endpoints, names);
}

} // namespace

std::string list(ClientV2& client, const ListOptions& options) {
    if (options.kind == Kind::endpoint) return list_endpoints(client, options);
    const bool as_json = options.format == Format::json;
    if (options.kind == Kind::network) {
        auto networks = client.list_networks();
        sort(networks);
        return as_json ? json_list(networks) : table_of(networks);
    }
    auto namespaces = client.list_namespaces();
    sort(namespaces);
    return as_json ? json_list(namespaces) : table_of(namespaces);
}

} // namespace wincni::hns
