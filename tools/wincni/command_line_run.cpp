// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/run.hpp"

namespace wincni {

namespace {

/// The options of every command of the group.
struct Choices {
    run::Options run;
    run::GcOptions gc;
    run::AttachmentsOptions attachments;
};

using Owned = std::shared_ptr<Choices>;

/// Which network, and where its plugins and our cache are.
void add_network_options(CLI::App& app, run::Options& options) {
    app.add_option("CONF", options.conf, "a file, or the name of a network")
        ->required()
        ->type_name("");
    app.add_option("--conf-dir", options.conf_dir, "where its name is looked up; else NETCONFPATH")
        ->type_name("DIR");
    app.add_option("--path", options.path, "where plugins are; else CNI_PATH, else beside wincni")
        ->type_name("DIR")
        ->allow_extra_args(false);
    app.add_option(
           "--cache", options.cache, "what was attached; by default a cache of wincni's own")
        ->type_name("DIR");
    app.add_flag("--trace{calls}",
                 options.trace,
                 "tell on stderr which processes and HNS calls it took; =full: with all their JSON")
        ->check(CLI::IsMember({"calls", "full"}));
}

/// Which attachment.
void add_attachment_options(CLI::App& app, run::Options& options) {
    app.add_option("--container", options.container, "CNI_CONTAINERID")->type_name("ID");
    app.add_option("--ifname", options.interface_name, "CNI_IFNAME")
        ->type_name("NAME")
        ->capture_default_str();
    app.add_option("--netns", options.netns, "CNI_NETNS: a namespace; HNS v1: none, container:ID")
        ->type_name("GUID");
    app.add_option("--capability",
                   options.capabilities,
                   "runtimeConfig for plugins whose conf wants it; may be repeated")
        ->type_name("KEY=JSON")
        ->allow_extra_args(false);
    app.add_option("--arg", options.args, "one of CNI_ARGS; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
}

void add_add(CLI::App& root, const Owned& choices, Action& action) {
    CLI::App& app = *root.add_subcommand("add", "Attaches a container, as a runtime does");
    add_network_options(app, choices->run);
    add_attachment_options(app, choices->run);
    app.get_option("--netns")->excludes(app.add_flag(
        "--new-namespace", choices->run.new_namespace, "make one in HNS; del removes it"));
    app.add_flag("--keep-on-failure",
                 choices->run.keep_on_failure,
                 "no DEL after an ADD that failed: what it made can be looked at");
    app.footer("The result goes to stdout, or the error of the plugin that failed (exit code 1).\n"
               "Example, in PowerShell as in sh:\n"
               "  wincni add cni.conf --new-namespace --arg K8S_POD_NAME=web");
    app.callback(
        [choices, &action] { action = [options = choices->run] { return run::add(options); }; });
}

/// A command on what ADD has attached.
struct Later {
    const char* name;
    const char* about;
    const char* footer;
    Answer (*function)(const run::Options&);
};

void add_later(CLI::App& root, const Owned& choices, Action& action, const Later& later) {
    CLI::App& app = *root.add_subcommand(later.name, later.about);
    add_network_options(app, choices->run);
    add_attachment_options(app, choices->run);
    app.footer(later.footer);
    app.callback([choices, &action, function = later.function] {
        action = [options = choices->run, function] { return function(options); };
    });
}

void add_status(CLI::App& root, const Owned& choices, Action& action) {
    CLI::App& app = *root.add_subcommand("status", "Asks the plugins whether they are ready");
    add_network_options(app, choices->run);
    app.footer("Below CNI 1.1.0 there is no STATUS, and nothing is run.\n"
               "Example, in PowerShell as in sh:\n"
               "  wincni status cbr0 --conf-dir C:/k/cni/config");
    app.callback(
        [choices, &action] { action = [options = choices->run] { return run::status(options); }; });
}

void add_gc(CLI::App& root, const Owned& choices, Action& action) {
    run::GcOptions& options = choices->gc;
    CLI::App& app = *root.add_subcommand("gc", "Removes what is left of containers that are gone");
    add_network_options(app, options.run);
    app.add_option("--keep", options.keep, "a container that is alive; may be repeated")
        ->type_name("ID[/IFNAME]")
        ->allow_extra_args(false);
    app.add_flag(
        "--keep-live",
        options.keep_live,
        "keep what has its namespace in HNS; refused while an endpoint in use is nobody's");
    auto* const none = app.add_flag("--keep-none", options.keep_none, "no container is alive");
    none->excludes("--keep")->excludes("--keep-live");
    app.add_flag("--dry-run", options.dry_run, "only tell what would be removed");
    app.add_option("--runtime-cache",
                   options.runtime_cache,
                   "what the node's runtime has attached; by default /var/lib/cni")
        ->type_name("DIR");
    app.footer("Plugins remove all that is not said to be alive, the runtime's pods, too.\n"
               "Example, in PowerShell as in sh:\n"
               "  wincni gc cni.conf --keep-live --dry-run");
    app.callback(
        [choices, &action] { action = [options = choices->gc] { return run::gc(options); }; });
}

void add_attachments(CLI::App& root, const Owned& choices, Action& action) {
    run::AttachmentsOptions& options = choices->attachments;
    CLI::App& app =
        *root.add_subcommand("attachments", "What the runtime, and wincni, believe to exist");
    app.add_option("--cache", options.cache, "only of this one")->type_name("DIR");
    app.add_flag("--json", options.as_json, "one JSON document instead of text");
    app.callback([choices, &action] {
        action = [options = choices->attachments] { return run::attachments(options); };
    });
}

} // namespace

void add_run(CLI::App& root, Action& action) {
    const auto choices = std::make_shared<Choices>();
    add_add(root, choices, action);
    add_later(root,
              choices,
              action,
              {.name = "check",
               .about = "Asks the plugins whether all is as ADD has left it",
               .footer = "Exit code 3: it is not. What options leave open is as it was for ADD.\n"
                         "Example, in PowerShell as in sh:\n"
                         "  wincni check cni.conf --container wincni-5f2c81aa",
               .function = run::check});
    add_later(root,
              choices,
              action,
              {.name = "del",
               .about = "Removes what ADD has made, and the namespace that was made for it",
               .footer = "What options leave open is as it was for ADD.\n"
                         "Example, in PowerShell as in sh:\n"
                         "  wincni del cni.conf --container wincni-5f2c81aa",
               .function = run::del});
    add_status(root, choices, action);
    add_gc(root, choices, action);
    add_attachments(root, choices, action);
}

} // namespace wincni
