// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/parts.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/key_catalogue.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "plugins/flannel/delegate_conf.hpp"

namespace wincni::conf {

namespace {

using nlohmann::json;

struct OldName {
    std::string_view old;
    std::string_view now;
};

constexpr std::array old_names{OldName{"l2bridge", "sdnbridge"},
                               OldName{"l2tunnel", "sdnbridge"},
                               OldName{"wincni", "sdnbridge"}};

constexpr std::array<std::string_view, 7> ours{
    "host-local", "win-bridge", "win-overlay", "nat", "sdnbridge", "sdnoverlay", "flannel"};

constexpr std::array<const char*, 3> lists_of_policies{
    "policies", "AdditionalArgs", "HcnPolicyArgs"};

Policy policy_in(const Node& entry, const char* list) {
    Policy policy{.entry = &entry, .list = list};
    policy.value = entry.find("value");
    const bool may_be_bare = libcni::same_ignoring_case(list, "HcnPolicyArgs");
    if (policy.value == nullptr && may_be_bare) policy.value = &entry;
    if (policy.value == nullptr) return policy;
    policy.type = policy.value->text_of("Type");
    const Node* settings = policy.value->find("Settings");
    policy.settings = settings != nullptr && settings->is_object() ? settings : policy.value;
    return policy;
}

std::vector<Policy> policies_in(const Node& object) {
    std::vector<Policy> policies;
    for (const char* key : lists_of_policies) {
        const Node* list = object.find(key);
        if (list == nullptr || !list->is_array()) continue;
        for (const Node& entry : list->children)
            if (entry.is_object()) policies.push_back(policy_in(entry, key));
    }
    return policies;
}

/// As JSON, with the keys that a list gives to each of its plugins.
json conf_of(const Document& document, std::size_t index) {
    const json& root = *document.json;
    if (document.shape != Shape::list) return root;
    const libcni::JsonReader reader(root, "conf");
    const json& plugins = reader.require("plugins").json();
    if (!plugins.is_array() || index >= plugins.size()) return json::object();
    json conf = plugins[index];
    for (const char* key : {"name", "cniVersion"})
        if (const auto value = reader.find(key)) flannel::set_key(conf, key, value->json());
    return conf;
}

/// What flannel would hand to its delegate; no value where it refuses to.
std::optional<libcni::JsonValue> delegate_conf(const json& conf) {
    const libcni::log::Captured silent;
    try {
        return libcni::JsonValue(
            flannel::make_delegate_conf(libcni::parse_config(conf.dump()), sample_environment()));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Part part_of(const Node& object, const json& conf) {
    Part part{.plugin = plugin_named(object.text_of("type")), .object = &object};
    part.conf = conf;
    part.policies = policies_in(object);
    const Node* ipam = object.find("ipam");
    const bool is_request = object.find("type") == nullptr && ipam != nullptr
                            && plugin_named(ipam->text_of("type")) == "host-local";
    if (is_request) part.plugin = "host-local";
    return part;
}

Part delegate_of(const Part& flannel, const Node& delegate) {
    const std::string type = delegate.text_of("type");
    Part part{.plugin = plugin_named(type.empty() ? "win-bridge" : type),
              .object = &delegate,
              .outer = flannel.object};
    part.conf = delegate_conf(**flannel.conf);
    part.policies = policies_in(delegate);
    return part;
}

} // namespace

flannel::SubnetEnv sample_environment() {
    flannel::SubnetEnv env;
    env.networks.push_back(*libcni::Cidr::parse("10.244.0.0/16"));
    env.subnets.push_back(*libcni::Cidr::parse("10.244.4.0/24"));
    env.ip_masq = true;
    return env;
}

std::string plugin_named(std::string_view type) {
    if (const auto now = new_name_of(type); !now.empty()) return std::string(now);
    for (const auto name : ours)
        if (libcni::means_plugin(type, name)) return std::string(name);
    return {};
}

std::string_view new_name_of(std::string_view type) noexcept {
    for (const auto& name : old_names)
        if (libcni::means_plugin(type, name.old)) return name.now;
    return {};
}

std::vector<const Node*> plugin_objects(const Document& document) {
    std::vector<const Node*> objects;
    if (document.shape == Shape::plugin) objects.push_back(document.root.get());
    if (document.shape != Shape::list) return objects;
    const Node* plugins = document.root->find("plugins");
    if (!plugins->is_array()) return objects;
    for (const Node& element : plugins->children)
        if (element.is_object()) objects.push_back(&element);
    return objects;
}

std::vector<Part> parts_of(const Document& document) {
    std::vector<Part> parts;
    const Node* plugins = document.root->find("plugins");
    for (const Node* object : plugin_objects(document)) {
        const auto index = document.shape == Shape::list
                               ? static_cast<std::size_t>(object - plugins->children.data())
                               : 0;
        parts.push_back(part_of(*object, conf_of(document, index)));
        if (parts.back().plugin != "flannel") continue;
        const Node* delegate = object->find("delegate");
        if (delegate != nullptr && delegate->is_object())
            parts.push_back(delegate_of(parts.back(), *delegate));
    }
    return parts;
}

} // namespace wincni::conf
