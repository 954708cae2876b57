// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/schema.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "hnsclient/policy.hpp"
#include "libcni/base/text.hpp"
#include "libcni/key_catalogue.hpp"

namespace wincni::conf {

namespace {

using json = nlohmann::ordered_json;
using libcni::KeyFacts;

struct PluginName {
    libcni::PluginSet set;
    const char* name;
};

constexpr std::array plugin_names{PluginName{libcni::of_host_local, "host-local"},
                                  PluginName{libcni::of_win_bridge, "win-bridge"},
                                  PluginName{libcni::of_win_overlay, "win-overlay"},
                                  PluginName{libcni::of_nat, "nat"},
                                  PluginName{libcni::of_sdnbridge, "sdnbridge"},
                                  PluginName{libcni::of_sdnoverlay, "sdnoverlay"},
                                  PluginName{libcni::of_flannel, "flannel"}};

/// Keys for which people's "true" and "false" are taken.
bool takes_words(std::string_view path) {
    constexpr std::array<std::string_view, 6> keys{"isDefaultGateway",
                                                   "ipMasq",
                                                   "disableCheck",
                                                   "disableGC",
                                                   "loadOnlyInlinedPlugins",
                                                   "hairpinMode"};
    return std::ranges::find(keys, path) != keys.end();
}

json list_of_policies() {
    return {{"type", {"array", "null"}}, {"items", {{"$ref", "#/definitions/policy"}}}};
}

/// "1-3600"; null for another text.
json of_range(std::string_view type) {
    const auto dash = type.find('-');
    const bool is_range = dash != std::string_view::npos
                          && type.find_first_not_of("0123456789-") == std::string_view::npos;
    if (!is_range) return nullptr;
    return {{"type", {"integer", "null"}},
            {"minimum", std::stoll(std::string(type.substr(0, dash)))},
            {"maximum", std::stoll(std::string(type.substr(dash + 1)))}};
}

/// null stands for an absent key everywhere.
json of_type(const KeyFacts& key) {
    const std::string_view type = key.type;
    if (key.path == "policies" || key.path == "AdditionalArgs" || key.path == "HcnPolicyArgs")
        return list_of_policies();
    if (key.path == "delegate") return {{"$ref", "#/definitions/plugin"}};
    if (type == "bool" && takes_words(key.path)) return {{"type", {"boolean", "string", "null"}}};
    if (type == "bool") return {{"type", {"boolean", "null"}}};
    if (type == "object") return {{"type", {"object", "null"}}};
    if (type == "number") return {{"type", {"number", "null"}}};
    if (type == "1 or 2") return {{"enum", {2, 1, "2", "1", nullptr}}};
    if (type == "ipam or network")
        return {{"type", {"string", "null"}}, {"examples", {"ipam", "network"}}};
    if (type == "tcp or udp")
        return {{"type", {"string", "integer", "null"}}, {"examples", {"tcp", "udp"}}};
    if (auto range = of_range(type); !range.is_null()) return range;
    const bool holds_texts =
        type == "list of addresses" || type == "list of names" || type == "list of prefixes";
    if (holds_texts)
        return {{"type", {"array", "string", "null"}}, {"items", {{"type", {"string", "null"}}}}};
    if (type.starts_with("list")) return {{"type", {"array", "null"}}};
    return {{"type", {"string", "null"}}};
}

std::string sentence_on_readers(const KeyFacts& key) {
    if (key.plugins == libcni::of_all) return {};
    if (key.plugins == libcni::of_windows) return " For the Windows plugins.";
    return " For " + libcni::joined(readers_of(key), ", ") + ".";
}

std::string description_of(const KeyFacts& key) {
    if (key.about.empty()) return "For the runtime or for other plugins; wincni's do not read it.";
    std::string text(key.about);
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    text += ".";
    if (key.otherwise == "required")
        text += " Required.";
    else if (!key.otherwise.empty())
        text += " Without it: " + std::string(key.otherwise) + ".";
    if (!key.api.empty()) text += " Only with apiVersion 2.";
    return text + sentence_on_readers(key);
}

/// The other spelling that confs have of a key: "Policies" for "policies".
std::string pattern_of(std::string_view name) {
    const char c = name[0];
    const bool is_lower = c >= 'a' && c <= 'z';
    const char other = static_cast<char>(is_lower ? c - 'a' + 'A' : c - 'A' + 'a');
    return "^" + std::string(1, other) + std::string(name.substr(1)) + "$";
}

bool has_two_spellings(std::string_view name) {
    const bool is_letter = (name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z');
    return is_letter && name.find_first_of("/.") == std::string_view::npos;
}

void put(json& object, const std::string& name, const json& value) {
    object["properties"][name] = value;
    if (has_two_spellings(name)) object["patternProperties"][pattern_of(name)] = value;
}

/// The part of the schema for a path: objects on the way are made, and "[]" goes into items.
json& place_for(json& root, std::string_view parent) {
    json* at = &root;
    if (parent.empty()) return *at;
    for (const auto step : libcni::split(parent, '.')) {
        const auto brackets = step.find('[');
        const std::string name(step.substr(0, brackets));
        at = &(*at)["properties"][name];
        for (auto i = brackets; i < step.size(); i += 2)
            at = &(*at)["items"];
    }
    return *at;
}

/// Members below are of the spelling with a capital, too.
void copy_to_patterns(json& object) {
    if (!object.is_object()) return;
    if (object.contains("items")) copy_to_patterns(object["items"]);
    if (!object.contains("properties")) return;
    json patterns = json::object();
    for (auto& [name, value] : object["properties"].items()) {
        copy_to_patterns(value);
        if (has_two_spellings(name)) patterns[pattern_of(name)] = value;
    }
    object["patternProperties"] = std::move(patterns);
}

/// A key is in the catalogue once for each group of plugins that read it differently.
bool is_better(const KeyFacts& key, const json& there) {
    return !there.contains("description") || !key.about.empty();
}

json plugin_schema() {
    json plugin = {{"type", {"object", "null"}}};
    for (const KeyFacts& key : libcni::key_catalogue()) {
        json& value = place_for(
            plugin, libcni::parent_of(key.path))["properties"][std::string(libcni::name_of(key))];
        if (!is_better(key, value)) continue;
        value.update(of_type(key));
        value["description"] = description_of(key);
    }
    copy_to_patterns(plugin);
    return plugin;
}

json policy_schema() {
    json types = json::array();
    for (const auto type : hnsclient::policy_types())
        types.push_back(type);
    json value = {{"type", {"object", "null"}}, {"description", "The policy itself."}};
    put(value, "Type", {{"type", "string"}, {"examples", types}});
    put(value, "Settings", {{"type", {"object", "null"}}});
    json policy = {{"type", {"object", "null"}}};
    put(policy,
        "name",
        {{"type", {"string", "null"}},
         {"examples", {"EndpointPolicy"}},
         {"description", "EndpointPolicy; entries of another name are passed over."}});
    put(policy, "value", value);
    return policy;
}

} // namespace

std::vector<std::string> readers_of(const KeyFacts& key) {
    std::vector<std::string> names;
    for (const auto& plugin : plugin_names)
        if ((key.plugins & plugin.set) != 0) names.emplace_back(plugin.name);
    return names;
}

std::string schema() {
    json root = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "CNI network configuration for Windows nodes"},
                 {"description", "A conf for one plugin, or a list of plugins (.conflist)."},
                 {"allOf", {{{"$ref", "#/definitions/plugin"}}}}};
    root["properties"]["plugins"] = {
        {"type", "array"},
        {"minItems", 1},
        {"items", {{"$ref", "#/definitions/plugin"}}},
        {"description", "The plugins of a list, which run in this order."}};
    root["required"] = json::array({"name"});
    root["type"] = "object";
    root["definitions"] = {{"plugin", plugin_schema()}, {"policy", policy_schema()}};
    return root.dump(2) + "\n";
}

} // namespace wincni::conf
