// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>

#include <nlohmann/json.hpp>

#include "hnsclient/host_endpoint.hpp"
#include "hnsclient/removal.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::ClientV2;
using hnsclient::Endpoint;

namespace {

/// "2 endpoints (a, b)"; empty when there are none. Ten names are enough for a person.
std::string counted(const char* noun, const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    if (names.empty()) return {};
    const std::vector<std::string> first(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most)));
    return std::to_string(names.size()) + " " + noun + (names.size() == 1 ? "" : "s") + " ("
           + libcni::joined(first, ", ", [](const std::string& name) { return printable(name); })
           + (names.size() > most ? ", ..." : "") + ")";
}

std::string name_of(const Endpoint& endpoint) {
    return endpoint.name.empty() ? endpoint.id : endpoint.name;
}

std::vector<std::string> names_of(const std::vector<Endpoint>& endpoints) {
    std::vector<std::string> names;
    names.reserve(endpoints.size());
    for (const auto& endpoint : endpoints)
        names.push_back(name_of(endpoint));
    return names;
}

void require_unused(const hnsclient::Network& network, std::vector<Endpoint> endpoints) {
    // The host's own is the network's, and goes with it.
    std::erase_if(endpoints, [name = hnsclient::host_endpoint_name(network)](const auto& endpoint) {
        return endpoint.name == name;
    });
    if (endpoints.empty()) return;
    throw Refusal("network \"" + network.name + "\" is in use: it has "
                      + counted("endpoint", names_of(endpoints)),
                  "remove its pods first, or delete it with all that is on it: --force");
}

/// The endpoints that a namespace lists and that HNS still has: it may list what is gone.
std::vector<std::string> endpoints_in(ClientV2& client, const hnsclient::Namespace& found) {
    if (found.endpoint_ids.empty()) return {};
    std::vector<std::string> names;
    for (const auto& endpoint : client.list_endpoints())
        if (std::ranges::any_of(found.endpoint_ids, [&](const std::string& id) {
                return libcni::same_ignoring_case(id, endpoint.id);
            }))
            names.push_back(name_of(endpoint));
    return names;
}

void require_unused(ClientV2& client, const hnsclient::Namespace& found) {
    const auto endpoints = counted("endpoint", endpoints_in(client, found));
    const auto containers = counted("container", found.container_ids);
    if (endpoints.empty() && containers.empty()) return;
    const std::string both = endpoints.empty() || containers.empty() ? "" : " and ";
    throw Refusal("namespace " + found.id + " is in use: it has " + endpoints + both + containers,
                  "remove its pod first, or delete the namespace all the same: --force");
}

std::string delete_network(ClientV2& client, const ObjectOptions& options) {
    const auto network = require_network(client, options.reference);
    if (!options.force) require_unused(network, client.list_endpoints_of(network.id));
    client.delete_network(network.id);
    if (options.format == Format::json) return document(to_json(network));
    return "Deleted network " + network.name + " (" + network.id + ").\n";
}

std::string delete_endpoint(ClientV2& client, const ObjectOptions& options) {
    const auto endpoint = require_endpoint(client, options.reference);
    // HNS may keep a trace of an endpoint in its namespace.
    client.detach_all(endpoint);
    hnsclient::remove_endpoint(client, endpoint.id);
    if (options.format == Format::json) return document(to_json(endpoint));
    return "Deleted endpoint " + endpoint.name + " (" + endpoint.id + ").\n";
}

std::string delete_namespace(ClientV2& client, const ObjectOptions& options) {
    const auto found = require_namespace(client, options.reference);
    if (!options.force) require_unused(client, found);
    client.delete_namespace(found.id);
    if (options.format == Format::json) return document(to_json(found));
    return "Deleted namespace " + found.id + ".\n";
}

} // namespace

std::string remove(ClientV2& client, const ObjectOptions& options) {
    switch (options.kind) {
    case Kind::network:
        return delete_network(client, options);
    case Kind::endpoint:
        return delete_endpoint(client, options);
    case Kind::hns_namespace:
        return delete_namespace(client, options);
    }
    return {};
}

} // namespace wincni::hns
