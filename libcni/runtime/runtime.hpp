// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcni/config.hpp"
#include "libcni/error.hpp"
#include "libcni/plugin_answer.hpp"
#include "libcni/runtime/attachment.hpp"
#include "libcni/runtime/cache.hpp"
#include "libcni/runtime/conf_list.hpp"
#include "libcni/runtime/plugins.hpp"

// What a runtime does with a list of plugins, in the order and by the rules of Go's libcni
// (libcni/api.go): CNI spec 1.1.0, section 3.
namespace libcni::runtime {

/// What of a cache GC would take away, and what went wrong.
struct Collected {
    /// Attachments of the network that were not to be kept, in the order of the cache.
    std::vector<CacheEntry> removed = {};
    /// Each failure, of a DEL or of a plugin's GC; the others are gone on with.
    std::vector<std::string> faults = {};
    /// For stdout: the CNI error of the first plugin that failed.
    std::string output = {};
};

class Runtime {
public:
    /// Borrows both.
    Runtime(Plugins& plugins, const Cache& cache) : plugins_(plugins), cache_(cache) {}

    /// ADD of each plugin, each with what the one before came to; then the cache is written.
    /// `made_namespace` goes into it. Throws PluginFailure, Error; what was made stays.
    VersionedResult
    add(const ConfList& list, const Attached& attached, const std::string& made_namespace = {});

    /// CHECK of each plugin with what ADD came to. False where the list has disabled it, and
    /// nothing has run. Throws PluginFailure, Error; Error(incompatible_version) below 0.4.0.
    bool check(const ConfList& list, const Attached& attached);

    /// DEL of each plugin, the last one first, from 0.4.0 on with what ADD came to; then the cache
    /// forgets it. Throws PluginFailure, Error.
    void del(const ConfList& list, const Attached& attached);

    /// STATUS of each plugin. False below 1.1.0, where nothing has run. Throws PluginFailure,
    /// Error.
    bool status(const ConfList& list);

    /// The attachments of the network in the cache that are not among `valid`.
    [[nodiscard]] std::vector<CacheEntry> stale(const ConfList& list,
                                                const std::vector<Attachment>& valid) const;

    /// DEL of all that stale() names, then, from 1.1.0 on, GC of each plugin. Nothing where the
    /// list has disabled it.
    Collected gc(const ConfList& list, const std::vector<Attachment>& valid);

private:
    [[nodiscard]] std::optional<VersionedResult> result_of(const ConfList& list,
                                                           const Attached& attached) const;
    Ended run(Command command,
              const PluginConf& plugin,
              const Attached& attached,
              const std::string& input);
    void collect_in_plugins(const ConfList& list,
                            const std::vector<Attachment>& valid,
                            Collected& collected);

    Plugins& plugins_;
    const Cache& cache_;
};

/// Throws Error for what libcni refuses before it starts a plugin: a container, a network or an
/// interface of a name that is none.
void require_names(const ConfList& list, const Attached& attached);

} // namespace libcni::runtime
