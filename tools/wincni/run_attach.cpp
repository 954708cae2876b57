// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/guid.hpp"
#include "hnsclient/model.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/undo.hpp"
#include "tools/wincni/hns_session.hpp"
#include "tools/wincni/run.hpp"
#include "tools/wincni/run_parts.hpp"

namespace wincni::run {

using libcni::ErrorCode;
using libcni::runtime::Attached;
using libcni::runtime::Cache;
using libcni::runtime::CacheEntry;
using libcni::runtime::ConfList;
using libcni::runtime::ProcessPlugins;
using libcni::runtime::Runtime;

namespace {

constexpr std::size_t digits_of_a_name = 8;

/// "wincni-5f2c81aa"
std::string new_container_id() {
    std::string digits = hnsclient::new_id().substr(0, digits_of_a_name);
    for (char& c : digits)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    return "wincni-" + digits;
}

std::string new_namespace() {
    return with_hns([](hnsclient::ClientV2& client) {
               hnsclient::Namespace wanted;
               wanted.id = hnsclient::new_id();
               wanted.type = "Host";
               return client.create_namespace(wanted).id;
           })
        .out;
}

/// The attachment of ADD.
Attached new_attachment(const Options& options) {
    if (options.netns.empty() && !options.new_namespace)
        throw Misuse("there is no sandbox to attach",
                     "give --netns GUID (\"wincni hns list namespaces\" has them), or "
                     "--new-namespace to have one made");
    Attached attached = attached_of(options, std::nullopt);
    if (attached.container_id.empty()) attached.container_id = new_container_id();
    return attached;
}

/// Which containers the cache has of a network, for a person who has named none.
std::string known_containers(const Cache& cache, const ConfList& list) {
    std::vector<std::string> known;
    for (const auto& entry : cache.entries())
        if (entry.network == list.name) known.push_back(entry.attached.container_id);
    if (known.empty())
        return "nothing of this network is in the cache " + libcni::utf8_of(cache.folder());
    return "in the cache are " + libcni::joined(known, ", ");
}

/// What was attached before, and the cache's entry of it.
struct Known {
    std::optional<CacheEntry> entry;
    Attached attached;
};

Known require_known(const Options& options, const ConfList& list, const Cache& cache) {
    if (options.container.empty())
        throw Misuse("--container is missing", known_containers(cache, list));
    libcni::runtime::require_names(
        list, {.container_id = options.container, .interface_name = options.interface_name});
    auto entry = cache.find(list.name, options.container, options.interface_name);
    Attached attached = attached_of(options, entry);
    return {.entry = std::move(entry), .attached = std::move(attached)};
}

/// What an ADD ends with, and how to look closer at one that failed.
struct Adding {
    const Options& options;
    ConfList list;
    Attached attached;
    Cache cache;
    ProcessPlugins plugins;
    Runtime runtime{plugins, cache};
    /// For stderr: before and behind what ADD says itself.
    std::string told = {};
    std::string told_of_undo = "DEL was run after it\n";

    void make_namespace(libcni::Undo& undo) {
        if (!options.new_namespace) return;
        attached.netns = new_namespace();
        told += "made namespace " + attached.netns + "\n";
        if (!options.keep_on_failure)
            undo.add("the namespace", [this] { remove_made_namespace(attached.netns); });
    }

    std::string add(libcni::Undo& undo) {
        make_namespace(undo);
        if (!options.keep_on_failure)
            undo.add("the attachment of " + attached.container_id,
                     [this] { runtime.del(list, attached); });
        const auto result =
            runtime.add(list, attached, options.new_namespace ? attached.netns : "");
        return encode(result.result, result.version);
    }

    void tell_what_stays(const std::vector<libcni::LeftBehind>& left) {
        told_of_undo.clear();
        for (const auto& one : left)
            told_of_undo += "could not give back " + one.what + ": " + one.reason + "\n";
    }

    /// After an ADD that failed the cache does not know of the namespace.
    [[nodiscard]] std::string how_to_undo_failure() const {
        return undo_line()
               + (options.new_namespace
                      ? "and: wincni hns delete namespace " + attached.netns + "\n"
                      : "");
    }

    [[nodiscard]] std::string undo_line() const {
        return "undo with: wincni del " + same_again(options, attached.container_id) + "\n";
    }
};

Answer run_add(Adding& adding) {
    try {
        std::string result =
            libcni::transaction([&](libcni::Undo& undo) { return adding.add(undo); },
                                [&](const auto& left) { adding.tell_what_stays(left); });
        const auto file = adding.cache.file_of(
            adding.list.name, adding.attached.container_id, adding.attached.interface_name);
        return {.out = std::move(result),
                .error =
                    adding.told + "cached in " + libcni::utf8_of(file) + "\n" + adding.undo_line()};
    } catch (const libcni::Error& error) {
        Answer answer = answer_of(error);
        answer.error =
            adding.told + answer.error
            + (adding.options.keep_on_failure ? adding.how_to_undo_failure() : adding.told_of_undo);
        return answer;
    }
}

Answer add_attachment(const Options& options, const std::string& trace) {
    ConfList list = conf_of(options);
    Attached attached = new_attachment(options);
    libcni::runtime::require_names(list, attached);
    Adding adding{.options = options,
                  .list = std::move(list),
                  .attached = std::move(attached),
                  .cache = cache_of(options),
                  .plugins = ProcessPlugins(plugin_folders_of(options), trace)};
    return run_add(adding);
}

Answer check_attachment(const Options& options, const std::string& trace) {
    const ConfList list = conf_of(options);
    const Cache cache = cache_of(options);
    const Known known = require_known(options, list, cache);
    ProcessPlugins plugins(plugin_folders_of(options), trace);
    try {
        const bool has_run = Runtime(plugins, cache).check(list, known.attached);
        return {.out = {},
                .error = has_run ? known.attached.container_id + " is as it should be ("
                                       + summary_of(list) + ")\n"
                                 : "nothing was run: the conf says disableCheck\n"};
    } catch (const libcni::runtime::PluginFailure& failure) {
        Answer answer = answer_of(failure);
        if (failure.code() == ErrorCode::check_failed) answer.status = differs;
        return answer;
    }
}

Answer remove_attachment(const Options& options, const std::string& trace) {
    const ConfList list = conf_of(options);
    const Cache cache = cache_of(options);
    const Known known = require_known(options, list, cache);
    ProcessPlugins plugins(plugin_folders_of(options), trace);
    Runtime(plugins, cache).del(list, known.attached);
    const std::string made = known.entry ? known.entry->made_namespace : "";
    remove_made_namespace(made);
    return {.out = {},
            .error = "removed " + known.attached.container_id + " (" + summary_of(list) + ")"
                     + (made.empty() ? "" : ", and namespace " + made) + "\n"};
}

Answer ask_status(const Options& options, const std::string& trace) {
    const ConfList list = conf_of(options);
    const Cache cache = cache_of(options);
    ProcessPlugins plugins(plugin_folders_of(options), trace);
    const bool has_run = Runtime(plugins, cache).status(list);
    return {.out = {},
            .error = has_run ? "ready (" + summary_of(list) + ")\n"
                             : "nothing was run: STATUS came with CNI 1.1.0 (" + summary_of(list)
                                   + ")\n"};
}

} // namespace

Answer add(const Options& options) {
    return traced(options, [&](const auto& trace) { return add_attachment(options, trace); });
}

Answer check(const Options& options) {
    return traced(options, [&](const auto& trace) { return check_attachment(options, trace); });
}

Answer del(const Options& options) {
    return traced(options, [&](const auto& trace) { return remove_attachment(options, trace); });
}

Answer status(const Options& options) {
    return traced(options, [&](const auto& trace) { return ask_status(options, trace); });
}

} // namespace wincni::run
