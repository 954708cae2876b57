// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/explain_key.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/key_catalogue.hpp"
#include "tools/wincni/conf/schema.hpp"
#include "tools/wincni/nearest.hpp"
#include "tools/wincni/run_parts.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::conf {

namespace {

using libcni::KeyFacts;
using nlohmann::ordered_json;

constexpr std::string_view delegate = "delegate.";

/// "conf.plugins[0].delegate.policies[2]" as the catalogue and people name it: "policies[]".
std::string general_path(std::string_view path) {
    std::string general;
    bool is_index = false;
    for (const char c : path) {
        if (c == ']') is_index = false;
        if (!is_index) general += c;
        if (c == '[') is_index = true;
    }
    for (const std::string_view prefix :
         {std::string_view("conf."), std::string_view("plugins[].")})
        if (general.starts_with(prefix)) general.erase(0, prefix.size());
    return general;
}

/// Without what stands for the elements of lists: "ipam.ranges.subnet".
std::string without_brackets(std::string_view path) {
    std::string plain;
    std::ranges::copy_if(
        path, std::back_inserter(plain), [](char c) { return c != '[' && c != ']'; });
    return plain;
}

bool is_path(const KeyFacts& key, std::string_view path) {
    return libcni::same_ignoring_case(without_brackets(key.path), without_brackets(path));
}

std::vector<const KeyFacts*> keys_at(std::string_view path) {
    std::vector<const KeyFacts*> keys;
    for (const KeyFacts& key : libcni::key_catalogue())
        if (is_path(key, path)) keys.push_back(&key);
    return keys;
}

std::vector<const KeyFacts*> keys_below(std::string_view path) {
    std::vector<const KeyFacts*> keys;
    const auto parent = without_brackets(path);
    for (const KeyFacts& key : libcni::key_catalogue())
        if (libcni::same_ignoring_case(without_brackets(libcni::parent_of(key.path)), parent))
            keys.push_back(&key);
    return keys;
}

std::vector<std::string> all_paths() {
    std::vector<std::string> paths;
    for (const KeyFacts& key : libcni::key_catalogue())
        paths.push_back(without_brackets(key.path));
    return paths;
}

/// A key of the delegate, unless it is flannel's own of that name.
struct Wanted {
    std::string path;
    bool is_delegates = false;
    std::vector<const KeyFacts*> keys = {};
};

Wanted wanted_of(const std::string& asked) {
    Wanted wanted{.path = general_path(asked)};
    wanted.keys = keys_at(wanted.path);
    if (wanted.keys.empty() && wanted.path.starts_with(delegate)) {
        wanted.is_delegates = true;
        wanted.path.erase(0, delegate.size());
        wanted.keys = keys_at(wanted.path);
        std::erase_if(wanted.keys, [](const KeyFacts* key) {
            return (key->plugins & ~(libcni::of_flannel | libcni::of_host_local)) == 0;
        });
    }
    const auto is_read = [](const KeyFacts* key) { return !key->about.empty(); };
    if (std::ranges::any_of(wanted.keys, is_read))
        std::erase_if(wanted.keys, [&](const KeyFacts* key) { return !is_read(key); });
    return wanted;
}

std::string default_of(const KeyFacts& key) {
    if (key.otherwise == "required") return "none: the key is required";
    return key.otherwise.empty() ? "none" : std::string(key.otherwise);
}

void show(const KeyFacts& key, Table& table) {
    const bool is_read = !key.about.empty();
    table.add({"Meaning",
               is_read ? std::string(key.about)
                       : "for the runtime or for other plugins; ours do not read it"});
    table.add({"Type", std::string(key.type)});
    if (is_read) table.add({"Default", default_of(key)});
    if (is_read) table.add({"Read by", libcni::joined(readers_of(key), ", ")});
    if (!key.api.empty()) table.add({"API", "only with apiVersion " + std::string(key.api)});
    if (!key.aliases.empty()) table.add({"Not", libcni::joined(libcni::words(key.aliases), ", ")});
}

/// The value in a conf, where it stands there.
const Node* node_in(const Document* document, const std::string& asked, const Wanted& wanted) {
    if (document == nullptr || !document->root) return nullptr;
    for (const Part& part : document->parts) {
        if (wanted.is_delegates != (part.outer != nullptr)) continue;
        std::string path = "conf." + asked;
        if (asked.starts_with("conf.")) path = asked;
        if (wanted.is_delegates) path = "conf." + wanted.path;
        const Node* node = node_at(*part.object, path);
        if (node != nullptr && node != part.object && rest_behind(*part.object, path).empty())
            return node;
    }
    return nullptr;
}

std::string said_in(const Document& document, const Node* node) {
    if (node == nullptr) return "not set";
    constexpr std::size_t most = 60;
    std::string text(document.text.at(node->span).substr(0, most));
    if (node->span.length > most) text += "...";
    std::ranges::replace(text, '\n', ' ');
    return "line " + std::to_string(document.text.place_of(node->span.offset).line) + ": " + text;
}

std::string as_text(const Wanted& wanted, const Document* document, const Node* node) {
    std::string text = (wanted.is_delegates ? std::string(delegate) : "") + wanted.path + "\n\n";
    Table table;
    for (const KeyFacts* key : wanted.keys)
        show(*key, table);
    if (document != nullptr) table.add({document->file, said_in(*document, node)});
    text += table.text();
    const auto below = keys_below(wanted.path);
    if (below.empty()) return text;
    text += "\nBelow it:\n";
    Table keys;
    for (const KeyFacts* key : below)
        keys.add({"  " + std::string(libcni::name_of(*key)),
                  std::string(key->type),
                  std::string(key->about)});
    return text + keys.text();
}

ordered_json facts_of(const KeyFacts& key) {
    const auto or_null = [](std::string_view text) {
        return text.empty() ? ordered_json() : ordered_json(text);
    };
    return {{"path", key.path},
            {"type", key.type},
            {"default", or_null(key.otherwise)},
            {"apiVersion", or_null(key.api)},
            {"about", or_null(key.about)},
            {"plugins", readers_of(key)}};
}

ordered_json array_of(const std::vector<const KeyFacts*>& keys) {
    ordered_json array = ordered_json::array();
    for (const KeyFacts* key : keys)
        array.push_back(facts_of(*key));
    return array;
}

Answer unknown(const std::string& asked, const Wanted& wanted) {
    const auto nearest = nearest_to(without_brackets(wanted.path), all_paths());
    const std::string prefix = wanted.is_delegates ? std::string(delegate) : "";
    return {.out = {},
            .error = run::complaint("no plugin of ours reads a key \"" + printable(asked) + "\"",
                                    nearest.empty() ? "the keys are in docs/configuration.md"
                                                    : "did you mean \"" + prefix + nearest + "\"?"),
            .status = wrong_arguments};
}

} // namespace

Answer explain_key(const std::string& path, const Document* document, bool as_json) {
    const Wanted wanted = wanted_of(path);
    if (wanted.keys.empty()) return unknown(path, wanted);
    const Node* const node = node_in(document, path, wanted);
    if (!as_json) return {.out = as_text(wanted, document, node)};
    ordered_json report{{"keys", array_of(wanted.keys)},
                        {"below", array_of(keys_below(wanted.path))}};
    if (document != nullptr)
        report["value"] =
            node == nullptr ? ordered_json() : ordered_json(document->text.at(node->span));
    return {.out = wincni::document(report)};
}

} // namespace wincni::conf
