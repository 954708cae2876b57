// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/command_line.hpp"

#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

#include "libcni/unread_keys.hpp"
#include "tools/wincni/command_groups.hpp"

namespace wincni {

namespace {

constexpr const char* examples =
    "Examples, in PowerShell as in sh:\n"
    "  wincni hns list endpoints --network cbr0\n"
    "  wincni hns create network cbr0 --subnet 10.244.4.0/24 --gateway 10.244.4.1\n"
    "  wincni hns show network cbr0 --json";

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
    return words_of_hns();
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
    add_hns(app, action);
    // Last, since subcommands would inherit them.
    app.footer(examples);
    try {
        // CLI11 wants them in reverse.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return [answer = ended(app, error, arguments)] { return answer; };
    }
    return action;
}

} // namespace wincni
