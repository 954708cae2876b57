// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "hnsclient/removal.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::ClientV2;

namespace {

std::string delete_network(ClientV2& client, const ObjectOptions& options) {
    const auto network = require_network(client, options.reference);
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
