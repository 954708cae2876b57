// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/derive.hpp"

#include <nlohmann/json.hpp>

#include "libcni/runtime/go_json.hpp"

namespace libcni::runtime {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// An object whose keys are sorted, of values whose keys are as they came.
using Members = std::map<std::string, ordered_json>;

Members members_of(const ConfList& list, const PluginConf& plugin) {
    Members members;
    for (const auto& [key, value] : plugin.json->items())
        members[key] = value;
    members["name"] = list.name;
    members["cniVersion"] = list.version;
    return members;
}

std::string text_of(const Members& members) {
    auto object = ordered_json::object();
    for (const auto& [key, value] : members)
        object[key] = value;
    return go_text(object);
}

json runtime_config_of(const PluginConf& plugin, const Attached& attached) {
    auto config = json::object();
    for (const auto& [capability, is_wanted] : plugin.capabilities)
        if (is_wanted && attached.capabilities->contains(capability))
            config[capability] = (*attached.capabilities)[capability];
    return config;
}

} // namespace

std::string stdin_of(const ConfList& list,
                     const PluginConf& plugin,
                     const Attached& attached,
                     const std::optional<VersionedResult>& previous) {
    Members members = members_of(list, plugin);
    if (previous)
        members["prevResult"] = ordered_json::parse(encode(previous->result, previous->version));
    const auto config = runtime_config_of(plugin, attached);
    if (config.empty()) return text_of(members);
    members["runtimeConfig"] = config;
    // libcni reads all of it once more to put this in, and what Go reads it writes sorted.
    return go_text(json::parse(text_of(members)));
}

std::string stdin_of_status(const ConfList& list, const PluginConf& plugin) {
    return text_of(members_of(list, plugin));
}

std::string
stdin_of_gc(const ConfList& list, const PluginConf& plugin, const std::vector<Attachment>& valid) {
    auto attachments = ordered_json::array();
    for (const auto& one : valid)
        attachments.push_back(
            ordered_json{{"containerID", one.container_id}, {"ifname", one.interface_name}});
    Members members = members_of(list, plugin);
    members["cni.dev/valid-attachments"] = attachments;
    members["cni.dev/attachments"] = attachments;
    return text_of(members);
}

} // namespace libcni::runtime
