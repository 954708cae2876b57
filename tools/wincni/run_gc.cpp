// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "hnsclient/client_v2.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/hns_session.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/run.hpp"
#include "tools/wincni/run_live.hpp"
#include "tools/wincni/run_parts.hpp"

namespace wincni::run {

using libcni::Attachment;
using libcni::runtime::Cache;
using libcni::runtime::CacheEntry;
using libcni::runtime::ConfList;
using libcni::runtime::Runtime;

namespace {

/// What our cache and the runtime's have of the network.
std::vector<CacheEntry> known_of(const GcOptions& options, const ConfList& list) {
    const Cache of_runtime(options.runtime_cache.empty() ? runtime_cache()
                                                         : libcni::path_of(options.runtime_cache));
    std::vector<CacheEntry> known;
    for (const auto& cache : {cache_of(options.run), of_runtime})
        for (auto& entry : cache.entries())
            if (entry.network == list.name) known.push_back(std::move(entry));
    return known;
}

/// "ID/IFNAME"; of "ID" all interfaces that a cache knows, and the usual one.
void keep(const std::string& reference,
          const std::vector<CacheEntry>& known,
          std::vector<Attachment>& valid) {
    if (const auto slash = reference.find('/'); slash != std::string::npos) {
        valid.push_back({.container_id = reference.substr(0, slash),
                         .interface_name = reference.substr(slash + 1)});
        return;
    }
    valid.push_back({.container_id = reference, .interface_name = Options().interface_name});
    for (const auto& entry : known)
        if (entry.attached.container_id == reference)
            valid.push_back(
                {.container_id = reference, .interface_name = entry.attached.interface_name});
}

void refuse_unknown(const std::vector<hnsclient::Endpoint>& unknown) {
    const auto& first = unknown.front();
    const std::string others =
        unknown.size() > 1 ? " and " + std::to_string(unknown.size() - 1) + " others" : "";
    throw Refusal("endpoint \"" + first.name + "\" (" + first.id + ")" + others
                      + " is in use, but no cache knows whose it is: a plugin's GC may cut it off",
                  "say whose it is with --keep ID beside --keep-live, or where the runtime's cache "
                  "is with --runtime-cache DIR");
}

/// What named containers have is known, however they came to be.
void leave_out_named(std::vector<hnsclient::Endpoint>& unknown,
                     const std::vector<Attachment>& valid) {
    std::erase_if(unknown, [&](const hnsclient::Endpoint& endpoint) {
        return std::ranges::any_of(valid, [&](const Attachment& one) {
            return endpoint.name.starts_with(one.container_id + "_");
        });
    });
}

void keep_live(const ConfList& list,
               const std::vector<CacheEntry>& known,
               std::vector<Attachment>& valid) {
    Live live;
    (void)with_hns([&](hnsclient::ClientV2& client) {
        const auto network = client.find_network(list.name);
        live = live_of(known,
                       client.list_namespaces(),
                       network ? client.list_endpoints_of(network->id)
                               : std::vector<hnsclient::Endpoint>());
        return std::string();
    });
    leave_out_named(live.unknown, valid);
    if (!live.unknown.empty()) refuse_unknown(live.unknown);
    valid.insert(valid.end(), live.attachments.begin(), live.attachments.end());
}

std::string shown(const Attachment& attachment) {
    return attachment.container_id + "/" + attachment.interface_name;
}

std::string shown(const CacheEntry& entry) {
    return entry.attached.container_id + "/" + entry.attached.interface_name;
}

template <class Things>
std::string line(const char* what, const Things& things) {
    return std::string(what)
           + (things.empty()
                  ? "nothing"
                  : libcni::joined(things, ", ", [](const auto& one) { return shown(one); }))
           + "\n";
}

std::vector<Attachment> valid_of(const GcOptions& options, const ConfList& list) {
    const auto known = known_of(options, list);
    std::vector<Attachment> valid;
    for (const auto& reference : options.keep)
        keep(reference, known, valid);
    if (options.keep_live) keep_live(list, known, valid);
    // Each once, in the order of their names: a container may be named and be alive.
    std::ranges::sort(valid, {}, [](const Attachment& one) { return shown(one); });
    valid.erase(std::unique(valid.begin(), valid.end()), valid.end());
    return valid;
}

void remove_namespaces_of(libcni::runtime::Collected& collected) {
    for (const auto& entry : collected.removed) {
        try {
            remove_made_namespace(entry.made_namespace);
        } catch (const Refusal& refusal) {
            collected.faults.emplace_back(refusal.what());
        }
    }
}

Answer collect(Runtime& runtime, const ConfList& list, const std::vector<Attachment>& valid) {
    auto collected = runtime.gc(list, valid);
    remove_namespaces_of(collected);
    Answer answer{.out = std::move(collected.output),
                  .error = line("kept ", valid) + line("removed ", collected.removed)};
    for (const auto& fault : collected.faults)
        answer.error += "wincni: " + fault + "\n";
    if (!collected.faults.empty()) answer.status = failed;
    return answer;
}

Answer gc_network(const GcOptions& options, const std::string& trace) {
    if (options.keep.empty() && !options.keep_live && !options.keep_none)
        throw Misuse("GC removes every attachment that is not said to be valid",
                     "give --keep ID for each, --keep-live for those whose namespace is there, or "
                     "--keep-none");
    const ConfList list = conf_of(options.run);
    if (list.disable_gc) return {.out = {}, .error = "nothing was run: the conf says disableGC\n"};
    const Cache cache = cache_of(options.run);
    libcni::runtime::ProcessPlugins plugins(plugin_folders_of(options.run), trace);
    Runtime runtime(plugins, cache);
    const auto valid = valid_of(options, list);
    if (!options.dry_run) return collect(runtime, list, valid);
    return {.out = {},
            .error = line("would keep ", valid) + line("would remove ", runtime.stale(list, valid))
                     + "and each plugin would remove what else it has of others\n"};
}

} // namespace

Answer gc(const GcOptions& options) {
    return traced(options.run, [&](const auto& trace) { return gc_network(options, trace); });
}

} // namespace wincni::run
