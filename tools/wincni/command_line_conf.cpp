// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/conf/explain.hpp"
#include "tools/wincni/conf/lint.hpp"
#include "tools/wincni/conf/new_conf.hpp"
#include "tools/wincni/conf/schema.hpp"

namespace wincni {

namespace {

constexpr const char* examples_of_lint =
    "Exit codes: 0 nothing at --fail-on or above, 1 a file cannot be read, 2 wrong arguments, 3 "
    "findings.\n"
    "Examples, in PowerShell as in sh:\n"
    "  wincni conf lint cni.conf\n"
    "  wincni conf lint --service-cidr 10.96.0.0/12 --cluster-cidr 10.244.0.0/16 cni.conf\n"
    "  wincni conf lint --fix --diff cni.conf\n"
    "  wincni conf lint --rules";

constexpr const char* examples_of_explain =
    "Exit codes: 0 done, 1 the plugin refuses the conf or the file cannot be read, 2 wrong "
    "arguments, 3 lint finds errors in it.\n"
    "Examples, in PowerShell as in sh:\n"
    "  wincni conf explain cni.conf\n"
    "  wincni conf explain --live --api both cni.conf\n"
    "  wincni conf explain --key delegate.ipMasq\n"
    "  wincni conf explain --key ipam.ranges cni.conf";

constexpr const char* examples_of_new =
    "What each mode needs: nat --pod-cidr, all others --cluster-cidr and --service-cidr; l2bridge "
    "and "
    "flannel-host-gw --node-cidr, too; l2bridge and overlay --pod-cidr, too.\n"
    "Examples, in PowerShell as in sh:\n"
    "  wincni conf new --mode flannel-vxlan --cluster-cidr 10.244.0.0/16 --service-cidr "
    "10.96.0.0/12\n"
    "  wincni conf new --mode nat --pod-cidr 172.20.16.0/20 --createnetwork --out nat.conf";

/// What `wincni conf lint` was called with.
struct Choices {
    conf::LintOptions lint;
    std::string fail_on = "error";
    bool rules = false;
};

void add_networks(CLI::App& app, conf::LintOptions& options) {
    app.add_option("--cluster-cidr", options.clusters, "the pods' networks, separated by commas")
        ->allow_extra_args(false)
        ->type_name("PREFIX");
    app.add_option("--service-cidr", options.services, "the service networks")
        ->allow_extra_args(false)
        ->type_name("PREFIX");
    app.add_option("--node-cidr", options.nodes, "the networks of the nodes' own addresses")
        ->allow_extra_args(false)
        ->type_name("PREFIX");
    app.add_option("--runtime", options.runtime, "containerd or docker")
        ->transform(CLI::IsMember({"containerd", "docker"}, CLI::ignore_case))
        ->type_name("NAME");
}

void add_choice_of_rules(CLI::App& app, Choices& choices) {
    conf::LintOptions& options = choices.lint;
    app.add_option("--only", options.only, "these rules only; may be repeated")
        ->allow_extra_args(false)
        ->type_name("ID|NAME");
    app.add_option("--skip", options.skip, "not these rules; may be repeated")
        ->allow_extra_args(false)
        ->type_name("ID|NAME");
    app.add_option("--fail-on", choices.fail_on, "what the exit code 3 needs")
        ->transform(CLI::IsMember({"error", "warning", "note"}, CLI::ignore_case))
        ->type_name("SEVERITY")
        ->capture_default_str();
    app.add_flag("--notes", options.notes, "notes, too");
    app.add_flag("--rules", choices.rules, "the table of rules, and nothing else");
}

Action action_of(const Choices& choices) {
    if (choices.rules)
        return
            [as_json = choices.lint.json] { return Answer{.out = conf::list_of_rules(as_json)}; };
    return [options = choices.lint, fail_on = choices.fail_on]() mutable {
        options.fail_on = conf::parse_severity(fail_on).value_or(options.fail_on);
        return conf::lint(options);
    };
}

void add_lint(CLI::App& group, const std::shared_ptr<Choices>& choices, Action& action) {
    CLI::App& app = *group.add_subcommand(
        "lint", "What is wrong with a conf: where, what comes of it, what to do");
    conf::LintOptions& options = choices->lint;
    app.add_option("FILE", options.files, "a conf, a folder of them, or - for stdin")
        ->type_name("");
    add_networks(app, options);
    add_choice_of_rules(app, *choices);
    CLI::Option* fix =
        app.add_flag("--fix", options.fix, "mend what can be mended safely; keeps FILE.bak");
    app.add_flag("--diff", options.diff, "what --fix would change, and write nothing")->needs(fix);
    app.add_flag("--json", options.json, "one JSON document instead of text");
    app.footer(examples_of_lint);
    app.callback([choices, &action] {
        if (choices->lint.files.empty() && !choices->rules) throw CLI::RequiredError("FILE");
        action = action_of(*choices);
    });
}

void add_explain(CLI::App& group, Action& action) {
    CLI::App& app = *group.add_subcommand(
        "explain", "What a conf does: what it needs, what a pod gets, its policies in words");
    const auto options = std::make_shared<conf::ExplainOptions>();
    app.add_option("FILE", options->file, "a conf, or - for stdin")->type_name("");
    app.add_option("--api", options->api, "1, 2 or both, if not what the conf says")
        ->transform(CLI::IsMember({"1", "2", "both"}, CLI::ignore_case))
        ->type_name("VERSION");
    CLI::Option* live = app.add_flag(
        "--live", options->live, "as things are on this node: HNS, leases, folders of plugins");
    app.add_option("--key", options->key, "what this key means, instead; FILE may be left out")
        ->type_name("PATH")
        ->excludes(live);
    app.add_flag("--json", options->json, "one JSON document instead of text");
    app.footer(examples_of_explain);
    app.callback([options, &action] {
        if (options->file.empty() && options->key.empty()) throw CLI::RequiredError("FILE");
        action = [options] { return conf::explain(*options); };
    });
}

void add_prefixes(CLI::App& app,
                  const std::string& name,
                  std::vector<std::string>& values,
                  const std::string& about) {
    app.add_option(name, values, about)->allow_extra_args(false)->type_name("PREFIX");
}

void add_new(CLI::App& group, Action& action) {
    CLI::App& app = *group.add_subcommand("new", "A new conf that lint finds nothing in");
    const auto options = std::make_shared<conf::NewOptions>();
    app.add_option(
           "--mode", options->mode, "l2bridge, overlay, nat, flannel-host-gw or flannel-vxlan")
        ->type_name("MODE");
    add_prefixes(app, "--cluster-cidr", options->clusters, "the pods' networks, with commas");
    add_prefixes(app, "--service-cidr", options->services, "the service networks");
    add_prefixes(app, "--node-cidr", options->nodes, "the networks of the nodes' own addresses");
    add_prefixes(app, "--pod-cidr", options->pods, "the subnets of this node's pods");
    app.add_option("--dns", options->name_servers, "name servers; else as clusters have it")
        ->allow_extra_args(false)
        ->type_name("ADDRESS");
    app.add_option("--runtime", options->runtime, "containerd or docker")
        ->transform(CLI::IsMember({"containerd", "docker"}, CLI::ignore_case))
        ->type_name("NAME")
        ->capture_default_str();
    app.add_option("--name", options->name, "of the network; else cbr0, vxlan0 or nat")
        ->type_name("NAME");
    app.add_flag("--createnetwork", options->create_network, "the plugin makes the HNS network");
    app.add_option("--out", options->out, "a new file, as a list where it ends with .conflist")
        ->type_name("FILE");
    app.footer(examples_of_new);
    app.callback([options, &action] { action = [options] { return conf::new_conf(*options); }; });
}

} // namespace

void add_conf(CLI::App& root, Action& action) {
    const auto choices = std::make_shared<Choices>();
    CLI::App& group = *root.add_subcommand("conf", "Network configurations")->require_subcommand(1);
    add_lint(group, choices, action);
    add_explain(group, action);
    add_new(group, action);
    CLI::App& schema = *group.add_subcommand("schema", "The JSON Schema of confs, for editors");
    schema.callback([&action] { action = [] { return Answer{.out = conf::schema()}; }; });
}

} // namespace wincni
