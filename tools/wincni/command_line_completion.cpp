// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"

namespace wincni {

namespace {

// Shells lose an empty last word on its way, so it has a full stop behind it.
constexpr const char* bash_script = R"(# Put this into ~/.bashrc: source <(wincni completion bash)
_wincni() {
    local IFS=$'\n'
    COMPREPLY=($("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD-1}" "${COMP_WORDS[COMP_CWORD]}." 2>/dev/null))
}
complete -o default -F _wincni wincni wincni.exe
)";

constexpr const char* powershell_script =
    R"(# Put this into $PROFILE: wincni completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName wincni, wincni.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    wincni __complete @words "$wordToComplete." | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
)";

bool is_hidden(const CLI::App& app) {
    return app.get_group().empty();
}

/// Where the words lead; those that are no command are taken for values.
const CLI::App& command_of(const CLI::App& root, const std::vector<std::string>& words) {
    const CLI::App* app = &root;
    for (const std::string& word : words)
        if (const CLI::App* below = find_below(*app, word)) app = below;
    return *app;
}

} // namespace

const CLI::App* find_below(const CLI::App& app, const std::string& word) {
    const auto below =
        app.get_subcommands([&](const CLI::App* one) { return one->check_name(word); });
    return below.empty() ? nullptr : below.front();
}

std::vector<std::string> names_below(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* below :
         app.get_subcommands([](const CLI::App* one) { return !is_hidden(*one); }))
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

Answer complete(const CLI::App& root, std::vector<std::string> words) {
    if (words.empty()) return {};
    std::string begun = std::move(words.back());
    words.pop_back();
    if (!begun.empty()) begun.pop_back();
    const CLI::App& app = command_of(root, words);
    auto candidates = names_below(app);
    if (candidates.empty() || begun.starts_with("-")) candidates = options_of(app);
    Answer answer;
    for (const std::string& candidate : candidates)
        if (candidate.starts_with(begun)) answer.out += candidate + "\n";
    return answer;
}

void add_completion(CLI::App& root, Action& action) {
    CLI::App& app =
        *root.add_subcommand("completion", "The script by which a shell completes commands");
    app.require_subcommand(1);

    struct Shell {
        const char* name;
        const char* script;
    };

    for (const auto& [name, script] :
         {Shell{"bash", bash_script}, Shell{"powershell", powershell_script}})
        app.add_subcommand(name, std::string("for ") + name)
            ->callback([&action, text = std::string(script)] {
                action = [text] { return Answer{.out = text}; };
            });
}

} // namespace wincni
