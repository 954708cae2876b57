// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "hnsclient/guid.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::ClientV2;
using hnsclient::Endpoint;
using hnsclient::Namespace;
using hnsclient::Sandbox;

namespace {

std::string told(ClientV2& client,
                 const Endpoint& endpoint,
                 const AttachOptions& options,
                 const std::string& sentence) {
    if (options.format == Format::text) return sentence;
    return document(to_json(client.read_endpoint(endpoint.id).value_or(endpoint)));
}

} // namespace

std::string attach(ClientV2& client, const AttachOptions& options) {
    const Endpoint endpoint = require_endpoint(client, options.endpoint);
    const Namespace found = require_namespace(client, options.hns_namespace);
    const bool is_elsewhere =
        !endpoint.namespace_id.empty() && !hnsclient::same_guid(endpoint.namespace_id, found.id);
    if (is_elsewhere)
        throw Refusal(
            "endpoint " + endpoint.name + " is attached to namespace " + endpoint.namespace_id,
            "take it out first: wincni hns detach " + endpoint.id + " " + endpoint.namespace_id);
    client.attach(Sandbox::of_namespace(found.id), endpoint.id);
    return told(client,
                endpoint,
                options,
                "Attached endpoint " + endpoint.name + " to namespace " + found.id + ".\n");
}

std::string detach(ClientV2& client, const AttachOptions& options) {
    const Endpoint endpoint = require_endpoint(client, options.endpoint);
    const Namespace found = require_namespace(client, options.hns_namespace);
    if (!endpoint.namespace_id.empty() && !hnsclient::same_guid(endpoint.namespace_id, found.id))
        throw Refusal("endpoint " + endpoint.name + " is attached to namespace "
                          + endpoint.namespace_id + ", not to " + found.id,
                      "name that one");
    if (!endpoint.namespace_id.empty()) client.detach(Sandbox::of_namespace(found.id), endpoint.id);
    return told(client,
                endpoint,
                options,
                "Endpoint " + endpoint.name + " is not attached to namespace " + found.id
                    + " any more.\n");
}

} // namespace wincni::hns
