// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "libcni/names.hpp"
#include "libcni/unread_keys.hpp"
#include "libcni/version.hpp"
#include "tools/wincni/conf/parts.hpp"
#include "tools/wincni/conf/rules.hpp"

// What a runtime reads: name, version, type, list or single plugin, the folder.
namespace wincni::conf {

namespace {

constexpr Span start{0, 1};

bool is_conf(const Document& document) {
    return document.shape == Shape::plugin || document.shape == Shape::list;
}

/// flanneld's file and what scripts hand to host-local are no confs for a runtime.
bool is_request(const Document& document) {
    return document.parts.size() == 1 && document.parts.front().plugin == "host-local"
           && document.root->find("type") == nullptr;
}

void network_name(const Document& document, const Context&, Findings& found) {
    if (!is_conf(document)) return;
    const Node* name = document.root->find("name");
    if (name == nullptr) {
        found.add(document.root->span, "the network has no name")
            .so("runtimes and plugins refuse the conf")
            .advise("add \"name\": that of the HNS network");
        return;
    }
    if (!name->is_string()) {
        found.add(name->span, "the network's name must be a text in quotes")
            .so("runtimes and plugins refuse the conf");
        return;
    }
    if (libcni::is_identifier(name->text)) return;
    const bool is_template = name->text.find_first_of("{}<>$") != std::string::npos;
    if (is_template) return;
    found.add(name->span, in_quotes(name->text) + " is not a network name")
        .so("runtimes and plugins refuse the conf")
        .advise(
            "begin with a letter or digit, and use only letters, digits, \"_\", \".\" and \"-\"");
}

void name_is_device(const Document& document, const Context&, Findings& found) {
    if (!is_conf(document)) return;
    const Node* name = document.root->find("name");
    if (name == nullptr || !libcni::is_identifier(name->text)) return;
    const auto why = libcni::why_windows_misreads(name->text);
    if (why.empty()) return;
    found.add(name->span, in_quotes(name->text) + " is no name for Windows: " + std::string(why))
        .so("leases are files in a folder of this name, which Windows does not make")
        .maybe("another name", {{name->span, in_quotes(name->text + "net")}});
}

void name_case_twin(const Document& document, const Context& context, Findings& found) {
    if (!is_conf(document)) return;
    const Node* name = document.root->find("name");
    if (name == nullptr || !name->is_string()) return;
    for (const Document* other : context.folder) {
        if (!is_conf(*other)) continue;
        const std::string its = other->root->text_of("name");
        if (its == name->text || !libcni::same_ignoring_case(its, name->text)) continue;
        found
            .add(name->span,
                 in_quotes(name->text) + " is " + in_quotes(its) + " of "
                     + std::string(file_name(*other)) + " but for the case of letters")
            .so("they are two networks to HNS, and one folder of leases to Windows");
        return;
    }
}

void type_missing(const Document& document, const Context&, Findings& found) {
    for (const Node* object : plugin_objects(document)) {
        const Node* type = object->find("type");
        if (type != nullptr && type->is_string() && !type->text.empty()) continue;
        const Span place = type == nullptr ? Span{object->span.offset, 1} : type->span;
        const bool is_other = type != nullptr && !type->is_string();
        auto& finding = found
                            .add(place,
                                 is_other ? "the plugin's type must be a text in quotes"
                                          : "the plugin has no type")
                            .so("a runtime does not know what to start, and refuses the conf");
        if (is_request(document))
            finding.as(Severity::note)
                .advise(
                    "this is what scripts hand to host-local themselves; a runtime cannot use it");
        else
            finding.advise("add \"type\": the name of the plugin's executable");
    }
}

/// Each "type" of a plugin, an IPAM plugin or a delegate.
std::vector<const Node*> all_types(const Document& document) {
    std::vector<const Node*> types;
    const auto add = [&](const Node* object) {
        const Node* type =
            object != nullptr && object->is_object() ? object->find("type") : nullptr;
        if (type != nullptr && type->is_string()) types.push_back(type);
    };
    for (const Node* object : plugin_objects(document)) {
        add(object);
        add(object->find("ipam"));
        add(object->find("delegate"));
    }
    return types;
}

void type_is_path(const Document& document, const Context&, Findings& found) {
    for (const Node* type : all_types(document))
        if (type->text.find_first_of("/\\") != std::string::npos)
            found.add(type->span, in_quotes(type->text) + " is a path")
                .so("plugins are looked for by name in the runtime's folders; this is refused")
                .advise("write the name alone, and put the executable into that folder");
}

/// Nearly the name of one of ours, and none that others have.
std::string_view meant_by(std::string_view type) {
    constexpr std::array<std::string_view, 6> long_names{
        "host-local", "win-bridge", "win-overlay", "sdnbridge", "sdnoverlay", "flannel"};
    constexpr std::size_t most = 2;
    for (const auto name : long_names)
        if (libcni::distance_between(libcni::without_exe(type), name) <= most) return name;
    return {};
}

void plugin_not_found(const Document& document, const Context&, Findings& found) {
    for (const Node* type : all_types(document)) {
        const auto meant = meant_by(type->text);
        if (meant.empty() || !plugin_named(type->text).empty()) continue;
        found.add(type->span, "no plugin is known as " + in_quotes(type->text))
            .at("did you mean " + in_quotes(meant) + "?")
            .so("every ADD fails, unless there is an executable of this name")
            .maybe("write " + in_quotes(meant), {{type->span, in_quotes(meant)}});
    }
}

void type_old_name(const Document& document, const Context&, Findings& found) {
    for (const Node* type : all_types(document)) {
        const std::string now(new_name_of(type->text));
        if (now.empty()) continue;
        const bool is_this = libcni::means_plugin(type->text, "wincni");
        found.add(type->span, in_quotes(type->text) + " is what " + now + " was called once")
            .so(is_this ? "wincni.exe is this tool now; started by a runtime it does what "
                          "sdnbridge does"
                        : "there is no executable of this name, unless somebody made a copy")
            .maybe("write " + in_quotes(now), {{type->span, in_quotes(now)}});
    }
}

void cniversion_unknown(const Document& document, const Context&, Findings& found) {
    if (!is_conf(document)) return;
    const Node* version = document.root->find("cniVersion");
    if (version == nullptr) return;
    if (version->is_string() && libcni::parse_spec_version(version->text)) return;
    std::string nearest;
    std::size_t least = 4;
    for (const auto known : libcni::spec_version_names)
        if (const auto distance = libcni::distance_between(known, version->text);
            distance < least) {
            least = distance;
            nearest = known;
        }
    auto& finding =
        found
            .add(version->span,
                 "there is no CNI version " + std::string(document.text.at(version->span)))
            .so("plugins refuse the conf with code 1");
    if (nearest.empty())
        finding.advise("versions are " + libcni::joined(libcni::spec_version_names, ", "));
    else
        finding.maybe("write " + in_quotes(nearest), {{version->span, in_quotes(nearest)}});
}

void cniversion_missing(const Document& document, const Context&, Findings& found) {
    if (!is_conf(document) || document.root->find("cniVersion") != nullptr) return;
    found.add({document.root->span.offset, 1}, "there is no cniVersion, which means 0.1.0")
        .so("no CHECK, no STATUS and no GC")
        .maybe("add \"cniVersion\": \"1.0.0\"",
               {insertion_into(document.text, *document.root, "\"cniVersion\": \"1.0.0\"")});
}

void cniversion_old(const Document& document, const Context&, Findings& found) {
    if (!is_conf(document)) return;
    const Node* node = document.root->find("cniVersion");
    if (node == nullptr) return;
    const auto version = libcni::parse_spec_version(node->text);
    if (!version || *version >= libcni::SpecVersion::v1_0_0) return;
    const bool checks = *version >= libcni::SpecVersion::v0_4_0;
    found.add(node->span, "cniVersion " + node->text + " is an old one")
        .so(checks ? "no STATUS and no GC, which came with 1.1.0"
                   : "no CHECK, which came with 0.4.0, and no STATUS and no GC")
        .maybe("write \"1.0.0\", which containerd and the Go plugins know for years",
               {{node->span, "\"1.0.0\""}});
}

void list_shape(const Document& document, const Context&, Findings& found) {
    if (document.shape != Shape::list) return;
    const Node* plugins = document.root->find("plugins");
    if (!plugins->is_array() || plugins->children.empty()) {
        found
            .add(plugins->span,
                 plugins->is_array() ? "the list has no plugins" : "\"plugins\" is no list")
            .so("a runtime refuses it")
            .advise("put the plugin's object between [ and ]");
        return;
    }
    for (const Node& element : plugins->children)
        if (!element.is_object())
            found.add(element.span, "this is no plugin: an object is wanted")
                .so("a runtime refuses the list");
}

void wrong_extension(const Document& document, const Context&, Findings& found) {
    if (!is_conf(document) || is_request(document)) return;
    const auto file = file_name(document);
    const bool names_list = file.ends_with(".conflist");
    const bool names_plugin = file.ends_with(".conf") || file.ends_with(".json");
    const bool is_list = document.shape == Shape::list;
    if (is_list ? !names_plugin : !names_list) return;
    const Node* plugins = document.root->find("plugins");
    found
        .add(is_list ? plugins->key_span : Span{document.root->span.offset, 1},
             is_list ? "a list of plugins in a file that is not called .conflist"
                     : "a single plugin in a file that is called .conflist")
        .so(is_list ? "a runtime takes the file for one plugin, and says that its type is missing"
                    : "a runtime looks for \"plugins\", and refuses the file")
        .advise(is_list ? "rename the file to .conflist" : "rename the file to .conf");
}

void not_the_first(const Document& document, const Context& context, Findings& found) {
    if (!is_conf(document)) return;
    for (const Document* other : context.folder) {
        if (other == &document) return;
        if (other->shape == Shape::net_conf) continue;
        found
            .add(start,
                 std::string(file_name(*other)) + " sorts before "
                     + std::string(file_name(document)))
            .so("containerd takes the first file of the folder only; this one does nothing")
            .advise("move one of them out of the folder");
        return;
    }
}

void no_cni_conf_in_folder(const Document& document, const Context& context, Findings& found) {
    if (document.shape != Shape::net_conf || context.folder.empty()) return;
    found.add(start, "this is flanneld's net-conf.json, not a CNI conf")
        .so("a runtime reads each .json of this folder as a CNI conf, and refuses this one")
        .advise("move it to another folder");
}

constexpr std::array<std::string_view, 14> linux_plugins{"bandwidth",
                                                         "bond",
                                                         "bridge",
                                                         "dhcp",
                                                         "dummy",
                                                         "firewall",
                                                         "host-device",
                                                         "ipvlan",
                                                         "loopback",
                                                         "macvlan",
                                                         "portmap",
                                                         "ptp",
                                                         "tuning",
                                                         "vlan"};

void linux_plugin(const Document& document, const Context&, Findings& found) {
    const Node* plugins = document.shape == Shape::list ? document.root->find("plugins") : nullptr;
    for (const Node* object : plugin_objects(document)) {
        const Node* type = object->find("type");
        if (type == nullptr || std::ranges::find(linux_plugins, type->text) == linux_plugins.end())
            continue;
        auto& finding = found.add(type->span, in_quotes(type->text) + " is a plugin for Linux")
                            .so("there is none of it on Windows, so every ADD fails");
        if (type->text == "portmap" || type->text == "bandwidth")
            finding.advise(
                "on Windows that is a capability of the plugin before it: \"capabilities\": {"
                + in_quotes(type->text == "portmap" ? "portMappings" : "bandwidth") + ": true}");
        if (plugins != nullptr && plugins->children.size() > 1)
            finding.maybe("remove it from the list", {removal_of(*plugins, *object)});
    }
}

constexpr std::array rules{
    Rule{"C201",
         "network-name",
         Severity::error,
         network_name,
         "The network has no name, or one that the CNI spec does not allow."},
    Rule{"C202",
         "name-is-device",
         Severity::error,
         name_is_device,
         "The network's name is one that Windows takes for something else, such as nul: leases are "
         "files in a folder of this name."},
    Rule{"C203",
         "name-case-twin",
         Severity::warning,
         name_case_twin,
         "Two networks of a folder differ in the case of letters only. HNS tells them apart, the "
         "folders of their leases are one."},
    Rule{"C204",
         "type-missing",
         Severity::error,
         type_missing,
         "A plugin without a type: a runtime does not know what to start. Of what scripts hand to "
         "host-local themselves this is a note."},
    Rule{"C205",
         "type-is-path",
         Severity::error,
         type_is_path,
         "A type with a slash or backslash: plugins are looked for by name in the runtime's "
         "folders."},
    Rule{"C206",
         "plugin-not-found",
         Severity::warning,
         plugin_not_found,
         "A type that is nearly the name of one of wincni's plugins. Whether the executable is "
         "there is "
         "not looked at."},
    Rule{"C207",
         "type-old-name",
         Severity::warning,
         type_old_name,
         "l2bridge, l2tunnel and wincni.exe are what Microsoft's sdnbridge was called once."},
    Rule{"C208",
         "cniversion-unknown",
         Severity::error,
         cniversion_unknown,
         "A cniVersion that the CNI spec does not have, from 0.1.0 to 1.1.0."},
    Rule{"C209",
         "cniversion-missing",
         Severity::note,
         cniversion_missing,
         "Without cniVersion 0.1.0 is meant: no CHECK, no STATUS, no GC."},
    Rule{"C210",
         "cniversion-old",
         Severity::note,
         cniversion_old,
         "CHECK came with 0.4.0, STATUS and GC with 1.1.0."},
    Rule{"C212",
         "list-shape",
         Severity::error,
         list_shape,
         "A list of plugins that is none, or is empty, or holds something else than objects."},
    Rule{"C213",
         "wrong-extension",
         Severity::warning,
         wrong_extension,
         "A list of plugins is a .conflist, one plugin a .conf or .json: runtimes go by the file's "
         "name."},
    Rule{"C214",
         "not-the-first",
         Severity::warning,
         not_the_first,
         "containerd takes the first file of its folder, by name; the others do nothing. Only told "
         "when a folder is looked at."},
    Rule{"C215",
         "no-cni-conf-in-folder",
         Severity::warning,
         no_cni_conf_in_folder,
         "A runtime reads each .conf, .conflist and .json of its folder as a CNI conf, and "
         "flanneld's "
         "net-conf.json is none. Only told when a folder is looked at."},
    Rule{"C216",
         "linux-plugin",
         Severity::error,
         linux_plugin,
         "portmap, bandwidth, tuning, firewall, loopback and their like are for Linux. Host ports "
         "and bandwidth are capabilities of the Windows plugins."}};

} // namespace

std::span<const Rule> rules_of_frame() noexcept {
    return rules;
}

} // namespace wincni::conf
