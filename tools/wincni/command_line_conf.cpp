// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/conf/lint.hpp"
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

} // namespace

void add_conf(CLI::App& root, Action& action) {
    const auto choices = std::make_shared<Choices>();
    CLI::App& group = *root.add_subcommand("conf", "Network configurations")->require_subcommand(1);
    add_lint(group, choices, action);
    CLI::App& schema = *group.add_subcommand("schema", "The JSON Schema of confs, for editors");
    schema.callback([&action] { action = [] { return Answer{.out = conf::schema()}; }; });
}

} // namespace wincni
