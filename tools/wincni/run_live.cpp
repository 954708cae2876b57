// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/run_live.hpp"

#include <algorithm>

#include "hnsclient/guid.hpp"

namespace wincni::run {

using hnsclient::Endpoint;
using hnsclient::Namespace;
using libcni::runtime::CacheEntry;

namespace {

bool is_there(const std::vector<Namespace>& namespaces, const std::string& id) {
    return std::ranges::any_of(
        namespaces, [&](const Namespace& one) { return hnsclient::same_guid(one.id, id); });
}

bool may_live(const CacheEntry& entry, const std::vector<Namespace>& namespaces) {
    const std::string& netns = entry.attached.netns;
    return !hnsclient::parse_guid(netns) || is_there(namespaces, netns);
}

bool is_in_use(const Endpoint& endpoint, const std::vector<Namespace>& namespaces) {
    if (endpoint.is_remote) return false;
    return !endpoint.container_ids.empty() || is_there(namespaces, endpoint.namespace_id);
}

/// By its namespace, else by the name that plugins give it, "<container>_<network>".
bool belongs_to(const Endpoint& endpoint, const CacheEntry& entry) {
    return hnsclient::same_guid(endpoint.namespace_id, entry.attached.netns)
           || endpoint.name.starts_with(entry.attached.container_id + "_");
}

} // namespace

Live live_of(const std::vector<CacheEntry>& entries,
             const std::vector<Namespace>& namespaces,
             const std::vector<Endpoint>& endpoints) {
    std::vector<CacheEntry> alive;
    std::ranges::copy_if(entries, std::back_inserter(alive), [&](const CacheEntry& entry) {
        return may_live(entry, namespaces);
    });
    Live live;
    for (const auto& entry : alive)
        live.attachments.push_back({.container_id = entry.attached.container_id,
                                    .interface_name = entry.attached.interface_name});
    std::ranges::copy_if(
        endpoints, std::back_inserter(live.unknown), [&](const Endpoint& endpoint) {
            return is_in_use(endpoint, namespaces)
                   && std::ranges::none_of(
                       alive, [&](const auto& entry) { return belongs_to(endpoint, entry); });
        });
    return live;
}

} // namespace wincni::run
