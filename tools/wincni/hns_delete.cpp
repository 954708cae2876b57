// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::ClientV2;
using hnsclient::Endpoint;

namespace {

std::string delete_network(ClientV2& client, const ObjectOptions& options) {
    const auto network = require_network(client, options.reference);
    client.delete_network(network.id);
    if (options.format == Format::json) return document(to_json(network));
    return "Deleted network " + network.name + " (" + network.id + ").\n";
}

/// HNS may keep a trace of an endpoint in its namespace; gone meanwhile is as good.
void detach_if_attached(ClientV2& client, const Endpoint& endpoint) {
    if (endpoint.namespace_id.empty()) return;
    try {
        client.detach(endpoint.namespace_id, endpoint.id);
    } catch (const hnsclient::HnsError& error) {
        if (error.kind() != hnsclient::ErrorKind::not_found) throw;
    }
}

std::string delete_endpoint(ClientV2& client, const ObjectOptions& options) {
    const auto endpoint = require_endpoint(client, options.reference);
    detach_if_attached(client, endpoint);
    client.delete_endpoint(endpoint.id);
    if (options.format == Format::json) return document(to_json(endpoint));
    return "Deleted endpoint " + endpoint.name + " (" + endpoint.id + ").\n";
}

std::string delete_namespace(ClientV2& client, const ObjectOptions& options) {
    const auto found = require_namespace(client, options.reference);
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
