// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/doctor/doctor.hpp"

namespace wincni {

namespace {

/// Which node.
void add_places(CLI::App& app, doctor::Places& places, std::string& from) {
    CLI::Option* const saved =
        app.add_option("--from", from, "a node that was saved, instead of this one")
            ->type_name("FILE");
    app.add_option("--conf-dir", places.conf_dir, "the runtime's confs; by default containerd's")
        ->type_name("DIR")
        ->excludes(saved);
    app.add_option("--bin-dir", places.bin_dirs, "its plugins; may be repeated")
        ->type_name("DIR")
        ->allow_extra_args(false)
        ->excludes(saved);
    app.add_option("--cache", places.cache, "its cache; by default /var/lib/cni")
        ->type_name("DIR")
        ->excludes(saved);
}

void add_choice_of_checks(CLI::App& app, doctor::DoctorOptions& options) {
    app.add_option("--only", options.only, "these checks only; may be repeated")
        ->allow_extra_args(false)
        ->type_name("ID|NAME");
    app.add_option("--skip", options.skip, "not these checks; may be repeated")
        ->allow_extra_args(false)
        ->type_name("ID|NAME");
}

} // namespace

void add_doctor(CLI::App& root, Action& action) {
    const auto options = std::make_shared<doctor::DoctorOptions>();
    const auto only_list = std::make_shared<bool>(false);
    CLI::App& app = *root.add_subcommand("doctor", "What is wrong with this node's pod networks");
    app.footer("Exit codes: 0 healthy, 1 it cannot be looked at, 2 wrong arguments, 3 something is "
               "broken, 4 warnings only.\n"
               "Examples, in PowerShell as in sh:\n"
               "  wincni doctor\n"
               "  wincni doctor --save node.json\n"
               "  wincni doctor --from node.json --only N503");
    add_places(app, options->places, options->from);
    app.add_option("--save", options->save, "write down what the node is, for --from")
        ->type_name("FILE");
    add_choice_of_checks(app, *options);
    app.add_flag("--checks", *only_list, "the table of checks, and nothing else");
    app.add_flag_callback(
        "--json", [options] { options->format = Format::json; }, "one JSON document");
    app.callback([options, only_list, &action] {
        action = [options, only_list] {
            return *only_list ? Answer{.out = doctor::list_of_checks(options->format)}
                              : doctor::doctor(*options);
        };
    });
}

void add_why(CLI::App& root, Action& action) {
    const auto options = std::make_shared<doctor::WhyOptions>();
    CLI::App& app =
        *root.add_subcommand("why", "Why a pod has no network: all that is known of it");
    app.footer("Exit codes: 0 nothing is missing, 1 nobody knows it or it may be several, 3 "
               "something is missing.\n"
               "Examples, in PowerShell as in sh:\n"
               "  wincni why default/web\n"
               "  wincni why 10.244.4.7\n"
               "  wincni why --from node.json web");
    app.add_option(
           "POD", options->reference, "a pod, a container, an address, an endpoint or a namespace")
        ->required()
        ->type_name("");
    add_places(app, options->places, options->from);
    app.add_flag_callback(
        "--json", [options] { options->format = Format::json; }, "one JSON document");
    app.callback([options, &action] { action = [options] { return doctor::why(*options); }; });
}

} // namespace wincni
