// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/key_catalogue.hpp"
#include "libcni/unread_keys.hpp"
#include "tools/wincni/conf/placeholder.hpp"
#include "tools/wincni/conf/rules.hpp"

// Keys that nobody reads, and values of the wrong kind.
namespace wincni::conf {

namespace {

/// A key that nobody reads, with where it stands.
struct Unread {
    const Node* node;
    const Node* parent;
    std::string place;
    std::string meant;
    const Part* part;
};

/// The object that the last key of a path is in.
std::string_view object_of(std::string_view path) {
    const auto end = path.find_last_of(".[");
    return end == std::string_view::npos ? path : path.substr(0, end);
}

std::string_view last_of(std::string_view path) {
    return path.substr(object_of(path).size() + 1);
}

std::vector<Unread> unread_in(const Part& part) {
    std::vector<Unread> found;
    const Node& root = part.outer == nullptr ? *part.object : *part.outer;
    for (const auto& key : part.unread) {
        const Node* node = node_at(root, key.place);
        const bool is_there =
            node != nullptr && node != &root && rest_behind(root, key.place).empty();
        if (!is_there) continue;
        const Node* parent = node_at(root, object_of(key.place));
        found.push_back({node, parent, key.place, key.meant, &part});
    }
    return found;
}

/// One key is told once, though flannel and its delegate both look at it.
std::vector<Unread> all_unread(const Document& document) {
    std::vector<Unread> all;
    for (const Part& part : document.parts)
        for (const Unread& one : unread_in(part))
            if (std::ranges::find(all, one.node, &Unread::node) == all.end()) all.push_back(one);
    return all;
}

bool is_capability(const Unread& unread) {
    return object_of(unread.place).ends_with(".capabilities");
}

bool is_level_up(const Unread& unread) {
    return unread.meant.starts_with("conf.delegate.") && object_of(unread.place) == "conf"
           && libcni::same_ignoring_case(last_of(unread.meant), last_of(unread.place));
}

void unknown_key(const Document& document, const Context&, Findings& found) {
    for (const Unread& one : all_unread(document)) {
        if (is_capability(one) || is_level_up(one)) continue;
        auto& finding = found.add(one.node->key_span, "nobody reads " + in_quotes(one.node->key))
                            .so("it does nothing, and no error tells so");
        if (one.meant.empty()) continue;
        const std::string meant(last_of(one.meant));
        finding.at("did you mean " + in_quotes(meant) + "?");
        const bool is_here = object_of(one.meant) == object_of(one.place);
        if (is_here)
            finding.maybe("rename the key", {{one.node->key_span, in_quotes(meant)}});
        else
            finding.advise("it belongs at " + one.meant);
    }
}

/// Spellings that the plugins pass over in silence and a runtime does not take.
std::string_view meant_by_runtime(std::string_view key, bool is_entry) {
    if (is_entry) return libcni::same_ignoring_case(key, "dnsCapabilities") ? "dns" : "";
    constexpr std::array<std::string_view, 2> wrong{"capabilites", "capability"};
    const auto is_it = [&](auto one) { return libcni::same_ignoring_case(one, key); };
    return std::ranges::any_of(wrong, is_it) ? "capabilities" : "";
}

void tell_capability(const Node& node, std::string_view meant, Findings& found) {
    found.add(node.key_span, "no runtime reads " + in_quotes(node.key))
        .at("did you mean " + in_quotes(meant) + "?")
        .so("the runtime does not send what it stands for, and no error tells so")
        .safe("rename the key", {{node.key_span, in_quotes(meant)}});
}

void capability_unknown(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const Node& key : part.object->children) {
            if (const auto meant = meant_by_runtime(key.key, false); !meant.empty())
                tell_capability(key, meant, found);
            if (!libcni::same_ignoring_case(key.key, "capabilities")) continue;
            for (const Node& entry : key.children)
                if (const auto meant = meant_by_runtime(entry.key, true); !meant.empty())
                    tell_capability(entry, meant, found);
        }
    for (const Unread& one : all_unread(document))
        if (is_capability(one) && !one.meant.empty())
            tell_capability(*one.node, last_of(one.meant), found);
}

void capability_unused(const Document& document, const Context&, Findings& found) {
    for (const Unread& one : all_unread(document))
        if (is_capability(one) && one.meant.empty())
            found
                .add(one.node->key_span,
                     "no plugin reads what the capability " + in_quotes(one.node->key) + " brings")
                .so("what the runtime sends for it has no effect")
                .maybe("remove it", {removal_of(*one.parent, *one.node)});
}

/// Also by a name that C305 tells of.
bool has_capability(const Node& capabilities, std::string_view name) {
    return std::ranges::any_of(capabilities.children, [&](const Node& entry) {
        return libcni::same_ignoring_case(entry.key, name)
               || meant_by_runtime(entry.key, true) == name;
    });
}

void tell_missing_capabilities(const Part& part, Findings& found) {
    const Node* capabilities = nullptr;
    for (const Node& child : part.object->children)
        if (libcni::same_ignoring_case(child.key, "capabilities")
            || !meant_by_runtime(child.key, false).empty())
            capabilities = &child;
    std::vector<std::string> missing;
    for (const char* name : {"portMappings", "dns"})
        if (capabilities == nullptr || !has_capability(*capabilities, name))
            missing.push_back(in_quotes(name));
    if (missing.empty()) return;
    const bool is_there = capabilities != nullptr;
    found
        .add(is_there ? capabilities->key_span : Span{part.object->span.offset, 1},
             "no capability " + libcni::joined(missing, ", no "))
        .so("the runtime does not send what it stands for: hostPort, or the DNS settings of a pod, "
            "do nothing")
        .advise(
            "write \"capabilities\": {\"portMappings\": true, \"dns\": true} where pods need it");
}

void capability_missing(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        if (part.outer == nullptr && (part.is_windows() || part.plugin == "flannel"))
            tell_missing_capabilities(part, found);
}

void key_one_level_up(const Document& document, const Context&, Findings& found) {
    for (const Unread& one : all_unread(document)) {
        if (!is_level_up(one)) continue;
        const Node* delegate = one.parent->find("delegate");
        auto& finding =
            found
                .add(one.node->key_span,
                     in_quotes(one.node->key) + " is the delegate's: here nobody reads it")
                .so("it does nothing, and no error tells so");
        if (delegate == nullptr || !delegate->is_object()) {
            finding.advise("it belongs at " + one.meant);
            continue;
        }
        const std::string member(document.text.at(one.node->whole()));
        finding.safe(
            "move it into \"delegate\"",
            {removal_of(*one.parent, *one.node), insertion_into(document.text, *delegate, member)});
    }
}

/// A kind of value that the catalogue's word for a type can only mean; null for none.
std::optional<Kind> kind_of_type(std::string_view type) {
    if (type == "object") return Kind::object;
    if (type == "bool") return Kind::boolean;
    if (type.starts_with("list")) return Kind::array;
    if (type == "string" || type == "path" || type == "absolute path" || type == "address"
        || type == "prefix" || type == "MAC address")
        return Kind::string;
    return std::nullopt;
}

std::string_view words_for(Kind kind) {
    switch (kind) {
    case Kind::object:
        return "an object";
    case Kind::boolean:
        return "true or false";
    case Kind::array:
        return "a list";
    case Kind::string:
        return "a text in quotes";
    case Kind::number:
        return "a number";
    case Kind::null:
        break;
    }
    return "null";
}

/// What plugins also take, or refuse in words of their own.
bool is_tolerated(Kind wanted, const Node& node) {
    if (node.kind == wanted || node.kind == Kind::null) return true;
    const bool is_word = node.is_string()
                         && (libcni::same_ignoring_case(node.text, "true")
                             || libcni::same_ignoring_case(node.text, "false"));
    return (wanted == Kind::boolean && is_word) || (wanted == Kind::array && node.is_string());
}

/// A key of the catalogue in this part, and its value.
template <class Tell>
void each_known(const Node& object, const std::string& path, libcni::PluginSet plugins, Tell tell) {
    for (const Node& child : object.children) {
        const std::string place =
            object.is_array() ? path + "[]" : (path.empty() ? "" : path + ".") + child.key;
        for (const auto& known : libcni::key_catalogue())
            if ((known.plugins & plugins) != 0 && libcni::same_ignoring_case(known.path, place))
                tell(known, child);
        each_known(child, place, plugins, tell);
    }
}

libcni::PluginSet readers_of(const Part& part) {
    auto readers = libcni::plugin_set_of(part.plugin);
    if (part.outer == nullptr && part.host_local() != nullptr) readers |= libcni::of_host_local;
    return readers;
}

void wrong_type(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        each_known(*part.object, "", readers_of(part), [&](const auto& known, const Node& node) {
            const auto wanted = kind_of_type(known.type);
            if (known.about.empty() || !wanted || is_tolerated(*wanted, node)) return;
            if (found.is_told(node.span, Severity::error)) return;
            auto& finding =
                found
                    .add(node.span,
                         in_quotes(node.key) + " must be " + std::string(words_for(*wanted)))
                    .so("the plugin refuses the conf, or the runtime does");
            const std::string text(document.text.at(node.span));
            if (known.type == "list" && node.is_object())
                finding.safe("put it into a list", {{node.span, "[" + text + "]"}});
            if (*wanted == Kind::string && node.kind == Kind::number)
                finding.safe("put it into quotes", {{node.span, in_quotes(text)}});
        });
}

void tell_scalar(const Document& document, const Node& node, Findings& found) {
    if (!node.is_string() || node.text.empty()) return;
    found.add(node.span, "a text where a list is wanted")
        .so("wincni takes it for a list of one; the Go plugins refuse the conf")
        .advise("PowerShell's ConvertTo-Json unrolls lists: write @(...) around them")
        .safe("put it into a list",
              {{node.span, "[" + std::string(document.text.at(node.span)) + "]"}});
}

void scalar_for_list(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        each_known(*part.object, "", readers_of(part), [&](const auto& known, const Node& node) {
            if (known.type.starts_with("list of") && !found.is_told(node.span, Severity::note))
                tell_scalar(document, node, found);
        });
        for (const Policy& policy : part.policies)
            for (const char* name : {"Exceptions", "ExceptionList", "Destinations"})
                if (const Node* list = policy.find({name})) tell_scalar(document, *list, found);
    }
}

void find_nulls(const Node& node, Findings& found) {
    for (const Node& child : node.children) {
        if (node.is_array() && child.kind == Kind::null)
            found.add(child.span, "null in a list")
                .so("it is passed over: a variable of a script was empty, and what should be here "
                    "is missing")
                .maybe("remove it", {removal_of(node, child)});
        find_nulls(child, found);
    }
}

void null_in_list(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        if (part.outer == nullptr && !part.plugin.empty()) find_nulls(*part.object, found);
}

constexpr std::array<std::string_view, 3> keys_of_linux{"hairpinMode", "isGateway", "mtu"};

void linux_key(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        if (!part.is_windows()) continue;
        for (const auto name : keys_of_linux)
            if (const Node* node = part.object->find(name))
                found.add(node->key_span, in_quotes(node->key) + " does nothing on Windows")
                    .so("it is for Linux' bridge plugin")
                    .safe("remove it", {removal_of(*part.object, *node)});
    }
}

void dropped_key(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        const Node* policies = part.is_windows() ? part.object->find("HcnPolicyArgs") : nullptr;
        if (policies == nullptr || part.api() != "1") continue;
        found.add(policies->key_span, "\"HcnPolicyArgs\" is for HCN, and apiVersion is 1")
            .so("pods get none of these policies")
            .advise("write them as \"policies\", or set apiVersion to 2");
    }
}

void find_placeholders(const Document& document, const Node& node, Findings& found) {
    if (node.key.starts_with("_")) return;
    if (node.is_string() && is_placeholder(node.text))
        found.add(node.span, in_quotes(node.text) + " is a placeholder")
            .at(document.path_of(node))
            .so("nothing was put in its place: the plugin refuses it, or HNS does")
            .advise("write the value of this cluster or node");
    for (const Node& child : node.children)
        find_placeholders(document, child, found);
}

void placeholder(const Document& document, const Context&, Findings& found) {
    find_placeholders(document, *document.root, found);
}

void delegate_forbidden(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        if (part.outer == nullptr) continue;
        for (const char* name : {"name", "ipam"})
            if (const Node* node = part.object->find(name))
                found.add(node->key_span, "\"delegate\" may have no " + in_quotes(name))
                    .so("flannel refuses the conf: it sets this key itself")
                    .safe("remove it", {removal_of(*part.object, *node)});
    }
}

void flannel_ipam_range(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        const Node* ipam = part.plugin == "flannel" ? part.object->find("ipam") : nullptr;
        if (ipam == nullptr || !ipam->is_object()) continue;
        for (const char* name : {"subnet", "ranges"})
            if (const Node* node = ipam->find(name))
                found.add(node->key_span, in_quotes(node->key) + " is flanneld's to say")
                    .so("it is left out: pods get addresses of the subnet in subnet.env")
                    .safe("remove it", {removal_of(*ipam, *node)});
    }
}

constexpr std::array rules{
    Rule{"C311",
         "placeholder",
         Severity::error,
         placeholder,
         "A text that a template left: <...>, {{...}}, ${...}, SERVICE_SUBNET, \"ip of host\", or "
         "what "
         "PowerShell writes instead of a value."},
    Rule{
        "C312",
        "delegate-forbidden",
        Severity::error,
        delegate_forbidden,
        "flannel sets name and ipam of its delegate itself, and refuses a delegate that has them."},
    Rule{"C302",
         "wrong-type",
         Severity::error,
         wrong_type,
         "A value of another kind than the key has: a text for a list of policies, a number for a "
         "text."},
    Rule{"C304",
         "null-in-list",
         Severity::warning,
         null_in_list,
         "null in a list: a variable of the script that wrote the conf was empty."},
    Rule{"C305",
         "capability-unknown",
         Severity::warning,
         capability_unknown,
         "A misspelt capability, or \"capabilities\" itself: the runtime sends nothing for it, so "
         "pods "
         "have no host ports or no DNS settings."},
    Rule{"C307",
         "capability-unused",
         Severity::note,
         capability_unused,
         "A capability that no plugin of the chain reads: what the runtime sends has no effect."},
    Rule{"C315",
         "key-one-level-up",
         Severity::warning,
         key_one_level_up,
         "A key of the delegate that stands beside \"delegate\": flannel drops it without a word."},
    Rule{"C308",
         "linux-key",
         Severity::warning,
         linux_key,
         "hairpinMode, isGateway and mtu are for Linux' bridge plugin and do nothing here."},
    Rule{"C309",
         "dropped-key",
         Severity::warning,
         dropped_key,
         "HcnPolicyArgs are policies of HCN (v2); with apiVersion 1 they are left out."},
    Rule{"C313",
         "flannel-ipam-range",
         Severity::warning,
         flannel_ipam_range,
         "subnet and ranges in flannel's ipam are left out: the subnet is what flanneld has "
         "written."},
    Rule{"C301",
         "unknown-key",
         Severity::warning,
         unknown_key,
         "A key that no plugin reads: most often a misspelt one."},
    Rule{
        "C303",
        "scalar-for-list",
        Severity::note,
        scalar_for_list,
        "A text where a list is wanted, as PowerShell writes lists of one. wincni takes it, the Go "
        "plugins do not."},
    Rule{
        "C306",
        "capability-missing",
        Severity::note,
        capability_missing,
        "No capability portMappings or dns: the runtime sends no host ports, or no DNS settings of "
        "pods."}};

} // namespace

std::span<const Rule> rules_of_keys() noexcept {
    return rules;
}

} // namespace wincni::conf
