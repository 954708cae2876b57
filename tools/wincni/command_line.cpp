// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/command_line.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <CLI/CLI.hpp>

#include "hnsclient/network_type.hpp"
#include "libcni/unread_keys.hpp"
#include "tools/wincni/hns.hpp"

// The only file that knows CLI11: it costs seconds to compile and a megabyte of .exe.
namespace wincni {

namespace {

constexpr int usage_error = 2;

constexpr std::array<const char*, 4> namespace_types{
    "Host", "HostDefault", "Guest", "GuestDefault"};

constexpr const char* examples =
    "Examples, in PowerShell as in sh:\n"
    "  wincni hns list endpoints --network cbr0\n"
    "  wincni hns create network cbr0 --subnet 10.244.4.0/24 --gateway 10.244.4.1\n"
    "  wincni hns show network cbr0 --json";

/// The options of every subcommand, and the action of the one that was called.
struct Choices {
    hns::ListOptions list;
    hns::ObjectOptions show;
    hns::ObjectOptions remove;
    hns::NetworkOptions network;
    hns::EndpointOptions endpoint;
    hns::AttachOptions attach;
    hns::HostEndpointOptions host_endpoint;
    hns::NamespaceOptions hns_namespace;
    hns::Format version_format = hns::Format::text;
    Action action;
};

void add_json_flag(CLI::App& app, hns::Format& format) {
    app.add_flag_callback(
        "--json", [&format] { format = hns::Format::json; }, "one JSON document instead of text");
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
                        Action& action,
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
    app.callback([&choices] {
        choices.action = [options = choices.network](auto& client) {
            return hns::create_network(client, options);
        };
    });
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
    app.callback([&choices] {
        choices.action = [options = choices.endpoint](auto& client) {
            return hns::create_endpoint(client, options);
        };
    });
}

void add_create_host_endpoint(CLI::App& group, Choices& choices) {
    hns::HostEndpointOptions& options = choices.host_endpoint;
    CLI::App& app = add(group,
                        "host-endpoint",
                        "The host's own port of an L2Bridge network, which pods send through");
    app.add_option("NETWORK", options.network)->required()->type_name("NAME|ID");
    add_json_flag(app, options.format);
    app.callback([&choices] {
        choices.action = [options = choices.host_endpoint](auto& client) {
            return hns::create_host_endpoint(client, options);
        };
    });
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
    app.callback([&choices] {
        choices.action = [options = choices.hns_namespace](auto& client) {
            return hns::create_namespace(client, options);
        };
    });
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
    app.callback([&choices, function] {
        choices.action = [options = choices.attach, function](auto& client) {
            return function(client, options);
        };
    });
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

void add_hns(CLI::App& root, Choices& choices) {
    CLI::App& app = add_group(root, "hns", "Windows' Host Network Service: what it has");
    add_list(app, choices);
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
}

/// The names of the subcommands that may follow.
std::vector<std::string> names_below(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(below->get_name());
    return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames())
            names.push_back("--" + name);
    return names;
}

/// What was most likely meant by a word that nobody knows; empty where nothing is near.
std::string nearest_to(const std::string& word, const std::vector<std::string>& known) {
    constexpr std::size_t letters_an_error = 3;
    const std::size_t most = std::max<std::size_t>(1, word.size() / letters_an_error);
    std::string nearest;
    std::size_t least = most + 1;
    for (const std::string& name : known)
        if (const auto distance = libcni::distance_between(word, name); distance < least) {
            least = distance;
            nearest = name;
        }
    return least == 0 ? std::string() : nearest;
}

/// One that is no option's value is a subcommand while there are any.
std::vector<std::string> known_for(const std::string& word, const CLI::App& app) {
    if (word.starts_with("--")) return options_of(app);
    const auto below = names_below(app);
    if (!below.empty()) return below;
    auto known = names_of_network_types();
    for (const char* type : namespace_types)
        known.emplace_back(type);
    return known;
}

/// "did you mean ...?" for the first wrong word.
std::string suggestion(const CLI::App& root, const std::vector<std::string>& words) {
    const CLI::App* app = &root;
    for (const std::string& word : words) {
        const auto below =
            app->get_subcommands([&](const CLI::App* one) { return one->check_name(word); });
        if (!below.empty()) {
            app = below.front();
            continue;
        }
        const auto nearest = nearest_to(word, known_for(word, *app));
        if (!nearest.empty()) return "Did you mean \"" + nearest + "\"?\n";
    }
    return "";
}

Command
ended(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = app.exit(error, out, err);
    return {.action = nullptr,
            .status = status == 0 ? 0 : usage_error,
            .out = out.str(),
            .error = err.str() + (status == 0 ? "" : suggestion(app, words))};
}

} // namespace

Command parse_command_line(const std::vector<std::string>& arguments) {
    CLI::App app("wincni: looks at and changes what the CNI plugins for Windows work on", "wincni");
    app.set_version_flag("--version", "wincni " WINCNI_VERSION);
    app.require_subcommand(1);
    Choices choices;
    add_hns(app, choices);
    // Last, since subcommands would inherit them.
    app.footer(examples);
    try {
        // CLI11 wants them in reverse.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return ended(app, error, arguments);
    }
    return {.action = choices.action, .status = 0, .out = {}, .error = {}};
}

} // namespace wincni
