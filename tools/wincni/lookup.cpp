// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/lookup.hpp"

#include <utility>

#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/view.hpp"

namespace wincni {

using hnsclient::ClientV2;
using hnsclient::Endpoint;
using hnsclient::Namespace;
using hnsclient::Network;

namespace {

/// The ID as HNS writes it, or no value when the reference is not a GUID.
std::optional<std::string> as_id(const std::string& reference) {
    const auto guid = hnsclient::parse_guid(reference);
    return guid ? std::optional(hnsclient::to_text(*guid)) : std::nullopt;
}

/// The only object of that name.
template <class Object>
Object only(std::vector<Object> found, const char* kind, const std::string& name) {
    const std::string plural = std::string(kind) + "s";
    if (found.empty())
        throw Refusal("HNS has no " + std::string(kind) + " \"" + name + "\"",
                      "`wincni hns list " + plural + "` shows what it has");
    if (found.size() > 1) {
        const auto ids = libcni::joined(found, ", ", &Object::id);
        throw Refusal("HNS has " + std::to_string(found.size()) + " " + plural + " named \"" + name
                          + "\"",
                      "choose one by its ID: " + ids);
    }
    return std::move(found.front());
}

/// Part of the text of a GUID, from its beginning.
bool may_begin_an_id(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF-") == text.npos;
}

/// Leaves the objects whose ID begins so; throws Refusal when that is several.
template <class Object>
std::vector<Object>
with_id_from(std::vector<Object> objects, const char* kind, const std::string& beginning) {
    std::erase_if(objects, [&](const Object& object) {
        return !libcni::same_ignoring_case(std::string_view(object.id).substr(0, beginning.size()),
                                           beginning);
    });
    if (objects.size() > 1)
        throw Refusal(std::to_string(objects.size()) + " " + kind + "s have an ID that begins with "
                          + beginning,
                      "give more of it: " + libcni::joined(objects, ", ", &Object::id));
    return objects;
}

} // namespace

Network require_network(ClientV2& client, const std::string& reference) {
    if (const auto id = as_id(reference))
        if (auto network = client.read_network(*id)) return std::move(*network);
    const auto all = client.list_networks();
    auto named = all;
    std::erase_if(named, [&](const Network& network) { return network.name != reference; });
    if (named.empty() && may_begin_an_id(reference))
        named = with_id_from(all, "network", reference);
    return only(std::move(named), "network", reference);
}

Endpoint require_endpoint(ClientV2& client, const std::string& reference) {
    if (const auto id = as_id(reference))
        if (auto endpoint = client.read_endpoint(*id)) return std::move(*endpoint);
    auto named = client.find_endpoints(reference);
    if (named.empty() && may_begin_an_id(reference))
        named = with_id_from(client.list_endpoints(), "endpoint", reference);
    return only(std::move(named), "endpoint", reference);
}

Namespace require_namespace(ClientV2& client, const std::string& reference) {
    const auto id = as_id(reference);
    if (!id && may_begin_an_id(reference))
        return only(
            with_id_from(client.list_namespaces(), "namespace", reference), "namespace", reference);
    if (!id)
        throw Refusal("\"" + reference + "\" is not an ID, and namespaces have no names",
                      "`wincni hns list namespaces` shows the IDs");
    if (auto found = client.read_namespace(*id)) return std::move(*found);
    return only(std::vector<Namespace>(), "namespace", reference);
}

} // namespace wincni
