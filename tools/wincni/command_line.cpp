// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/command_line.hpp"

#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/nearest.hpp"

namespace wincni {

namespace {

constexpr const char* examples =
    "Examples, in PowerShell as in sh:\n"
    "  wincni add cni.conf --new-namespace\n"
    "  wincni hns list endpoints --network cbr0\n"
    "  wincni hns create network cbr0 --subnet 10.244.4.0/24 --gateway 10.244.4.1\n"
    "  wincni code 0x803b000d\n"
    "JSON for scripts:\n"
    "  sh          wincni hns list endpoints --json | jq -r .[].name\n"
    "  PowerShell  (wincni hns list endpoints --json | ConvertFrom-Json).name\n"
    "Every command is in docs/tools.md, every error of the plugins in docs/errors.md.";

/// One that is no option's value is a subcommand while there are any.
std::vector<std::string> known_for(const std::string& word, const CLI::App& app) {
    if (word.starts_with("--")) return options_of(app);
    auto below = names_below(app);
    if (!below.empty()) return below;
    return words_of_hns();
}

/// "did you mean ...?" for the first wrong word.
std::string suggestion(const CLI::App& root, const std::vector<std::string>& words) {
    const CLI::App* app = &root;
    for (const std::string& word : words) {
        if (const CLI::App* below = find_below(*app, word)) {
            app = below;
            continue;
        }
        const auto nearest = nearest_to(word, known_for(word, *app));
        if (!nearest.empty()) return "Did you mean \"" + nearest + "\"?\n";
    }
    return "";
}

/// The help that was asked for, or what is wrong.
Answer
ended(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
    std::ostringstream out;
    std::ostringstream err;
    if (app.exit(error, out, err) == 0) return {.out = out.str()};
    return {
        .out = out.str(), .error = err.str() + suggestion(app, words), .status = wrong_arguments};
}

} // namespace

Action parse_command_line(const std::vector<std::string>& arguments) {
    CLI::App app("wincni: looks at and changes what the CNI plugins for Windows work on", "wincni");
    app.set_version_flag("--version", "wincni " WINCNI_VERSION);
    app.require_subcommand(1);
    Action action;
    add_run(app, action);
    add_hns(app, action);
    add_conf(app, action);
    add_doctor(app, action);
    add_why(app, action);
    add_source_vip(app, action);
    add_code(app, action);
    add_completion(app, action);
    // Last, since subcommands would inherit them.
    app.footer(examples);
    if (!arguments.empty() && arguments.front() == "__complete")
        return
            [answer = complete(app, {arguments.begin() + 1, arguments.end()})] { return answer; };
    try {
        // CLI11 wants them in reverse.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return [answer = ended(app, error, arguments)] { return answer; };
    }
    return action;
}

} // namespace wincni
