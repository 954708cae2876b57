// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "hnsclient/network_type.hpp"
#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/hns_session.hpp"

namespace wincni {

namespace {

constexpr std::array<const char*, 4> namespace_types{
    "Host", "HostDefault", "Guest", "GuestDefault"};

/// The options of every subcommand; the one that was called says what to do.
struct Choices {
    hns::ListOptions list;
    hns::TreeOptions tree;
    hns::ObjectOptions show;
    hns::ObjectOptions remove;
    hns::NetworkOptions network;
    hns::EndpointOptions endpoint;
    hns::AttachOptions attach;
    hns::HostEndpointOptions host_endpoint;
    hns::NamespaceOptions hns_namespace;
    hns::Format version_format = hns::Format::text;
    HnsAction action;
};

void add_json_flag(CLI::App& app, hns::Format& format) {
    app.add_flag_callback(
        "--json", [&format] { format = hns::Format::json; }, "one JSON document instead of text");
}

/// The function acts on the options as they are once all arguments are read.
template <class Options>
void on_call(CLI::App& app,
             HnsAction& action,
             const Options& options,
             std::string (*function)(hnsclient::ClientV2&, const Options&)) {
    app.callback([&action, &options, function] {
        action = [options, function](auto& client) { return function(client, options); };
    });
}

CLI::App& add(CLI::App& parent, const char* name, const char* about) {
    return *parent.add_subcommand(name, about);
}

CLI::App& add_group(CLI::App& parent, const char* name, const char* about) {
    return *parent.add_subcommand(name, about)->require_subcommand(1);
}

void add_list(CLI::App& hns_app, Choices& choices) {
    struct Kind {
        hns::Kind kind;
        const char* name;
        const char* alias;
    };

    CLI::App& group = add_group(hns_app, "list", "What HNS has, as a table");
    for (const auto& [kind, name, alias] :
         {Kind{hns::Kind::network, "networks", "network"},
          Kind{hns::Kind::endpoint, "endpoints", "endpoint"},
          Kind{hns::Kind::hns_namespace, "namespaces", "namespace"}}) {
        CLI::App& app = *group.add_subcommand(name)->alias(alias);
        add_json_flag(app, choices.list.format);
        if (kind == hns::Kind::endpoint)
            app.add_option("--network", choices.list.network, "only those of this network");
        app.callback([&choices, kind = kind] {
            choices.list.kind = kind;
            choices.action = [options = choices.list](auto& client) {
                return hns::list(client, options);
            };
        });
    }
}

/// `show` or `delete`: one object by its name or ID.
void add_object_command(CLI::App& group,
                        hns::ObjectOptions& options,
                        HnsAction& action,
                        std::string (*function)(hnsclient::ClientV2&, const hns::ObjectOptions&)) {
    struct Kind {
        hns::Kind kind;
        const char* name;
        const char* reference;
    };

    for (const auto& [kind, name, reference] :
         {Kind{hns::Kind::network, "network", "NAME|ID"},
          Kind{hns::Kind::endpoint, "endpoint", "NAME|ID"},
          Kind{hns::Kind::hns_namespace, "namespace", "ID"}}) {
        CLI::App& app = *group.add_subcommand(name);
        app.add_option(reference, options.reference)->required()->type_name("");
        add_json_flag(app, options.format);
        app.callback([&options, &action, function, kind = kind] {
            options.kind = kind;
            action = [options, function](auto& client) { return function(client, options); };
        });
    }
}

std::vector<std::string> names_of_network_types() {
    std::vector<std::string> names;
    for (const auto& type : hnsclient::network_types())
        names.emplace_back(type.name);
    return names;
}

void add_create_network(CLI::App& group, Choices& choices) {
    hns::NetworkOptions& options = choices.network;
    CLI::App& app = add(group, "network", "A virtual switch with its subnets");
    app.add_option("NAME", options.name, "what confs call it")->required()->type_name("");
    app.add_option("--type", options.type, "NAT, Transparent, L2Bridge, L2Tunnel, Overlay, ...")
        ->transform(CLI::IsMember(names_of_network_types(), CLI::ignore_case))
        ->type_name("TYPE")
        ->capture_default_str();
    app.add_option("--subnet", options.subnets, "a prefix, IPv4 or IPv6; may be repeated")
        ->type_name("PREFIX");
    app.add_option("--gateway", options.gateways, "the gateway of the subnet that holds it")
        ->type_name("ADDRESS");
    app.add_option("--adapter", options.adapter, "the host's adapter; by default HNS chooses")
        ->type_name("NAME");
    app.add_option("--mac-range", options.mac_ranges, "first and last MAC for its endpoints")
        ->type_name("FIRST-LAST");
    app.add_option("--vni", options.vni, "virtual network identifier of an overlay")
        ->check(CLI::Range(1, 0xFFFFFF))
        ->type_name("NUMBER");
    app.add_option("--id", options.id, "by default a new one")->type_name("GUID");
    add_json_flag(app, options.format);
    on_call(app, choices.action, options, hns::create_network);
}

void add_create_endpoint(CLI::App& group, Choices& choices) {
    hns::EndpointOptions& options = choices.endpoint;
    CLI::App& app = add(group, "endpoint", "A port of a network, with addresses");
    app.add_option("NAME", options.name)->required()->type_name("");
    app.add_option("--network", options.network, "its network")->required()->type_name("NAME|ID");
    app.add_option("--ip", options.addresses, "an address, IPv4 or IPv6; by default HNS chooses")
        ->type_name("ADDRESS");
    app.add_option("--mac", options.mac, "its MAC address; by default HNS chooses")
        ->type_name("MAC");
    app.add_option("--namespace", options.hns_namespace, "attach it to this namespace")
        ->type_name("ID");
    app.add_option("--id", options.id, "by default a new one")->type_name("GUID");
    add_json_flag(app, options.format);
    on_call(app, choices.action, options, hns::create_endpoint);
}

void add_create_host_endpoint(CLI::App& group, Choices& choices) {
    hns::HostEndpointOptions& options = choices.host_endpoint;
    CLI::App& app = add(group,
                        "host-endpoint",
                        "The host's own port of an L2Bridge network, which pods send through");
    app.add_option("NETWORK", options.network)->required()->type_name("NAME|ID");
    add_json_flag(app, options.format);
    on_call(app, choices.action, options, hns::create_host_endpoint);
}

void add_create_namespace(CLI::App& group, Choices& choices) {
    hns::NamespaceOptions& options = choices.hns_namespace;
    CLI::App& app = add(group, "namespace", "What a pod's containers share");
    app.add_option("--type", options.type, "Host for process isolation, Guest for Hyper-V")
        ->transform(
            CLI::IsMember(std::vector<std::string>(namespace_types.begin(), namespace_types.end()),
                          CLI::ignore_case))
        ->type_name("TYPE")
        ->capture_default_str();
    app.add_option("--id", options.id, "by default a new one")->type_name("GUID");
    add_json_flag(app, options.format);
    on_call(app, choices.action, options, hns::create_namespace);
}

void add_attach(CLI::App& hns_app,
                Choices& choices,
                const char* name,
                const char* about,
                std::string (*function)(hnsclient::ClientV2&, const hns::AttachOptions&)) {
    hns::AttachOptions& options = choices.attach;
    CLI::App& app = add(hns_app, name, about);
    app.add_option("ENDPOINT", options.endpoint)->required()->type_name("NAME|ID");
    app.add_option("NAMESPACE", options.hns_namespace)->required()->type_name("ID");
    add_json_flag(app, options.format);
    on_call(app, choices.action, options, function);
}

void add_tree(CLI::App& hns_app, Choices& choices) {
    hns::TreeOptions& options = choices.tree;
    CLI::App& app = add(hns_app, "tree", "The networks, with their endpoints below");
    app.add_option("--network", options.network, "only this network")->type_name("NAME|ID");
    app.add_flag("--stale", options.stale_only, "only endpoints of namespaces that are gone");
    app.add_flag("--all", options.with_remote, "remote endpoints, of other nodes, one by one");
    add_json_flag(app, options.format);
    on_call(app, choices.action, options, hns::tree);
}

void add_version(CLI::App& hns_app, Choices& choices) {
    CLI::App& app = add(hns_app, "version", "HNS's version and what it can do");
    add_json_flag(app, choices.version_format);
    app.callback([&choices] {
        choices.action = [format = choices.version_format](auto& client) {
            return hns::version(client, format);
        };
    });
}

} // namespace

void add_hns(CLI::App& root, Action& action) {
    const auto owned = std::make_shared<Choices>();
    Choices& choices = *owned;
    CLI::App& app = add_group(root, "hns", "Windows' Host Network Service: what it has");
    add_list(app, choices);
    add_tree(app, choices);
    CLI::App& show = add_group(app, "show", "Everything known about one object");
    add_object_command(show, choices.show, choices.action, hns::show);
    CLI::App& create = add_group(app, "create", "Creates an object");
    add_create_network(create, choices);
    add_create_endpoint(create, choices);
    add_create_host_endpoint(create, choices);
    add_create_namespace(create, choices);
    CLI::App& remove = add_group(app, "delete", "Deletes an object, without asking");
    add_object_command(remove, choices.remove, choices.action, hns::remove);
    for (const char* kind : {"network", "namespace"})
        remove.get_subcommand(kind)->add_flag(
            "--force", choices.remove.force, "also when endpoints or containers are in it");
    add_attach(app, choices, "attach", "Puts an endpoint into a namespace", hns::attach);
    add_attach(app, choices, "detach", "Takes an endpoint out of a namespace", hns::detach);
    add_version(app, choices);
    // After those of the subcommands.
    app.callback(
        [owned, &action] { action = [choice = owned->action] { return with_hns(choice); }; });
}

std::vector<std::string> words_of_hns() {
    auto words = names_of_network_types();
    words.insert(words.end(), namespace_types.begin(), namespace_types.end());
    return words;
}

} // namespace wincni
