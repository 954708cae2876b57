// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"

#include <array>
#include <cstdio>
#include <optional>

#include "libcni/base/platform.hpp"
#include "libcni/log.hpp"

namespace libcni {

namespace {

std::string read_stdin() {
    std::string text;
    std::array<char, 1U << 16U> part{};
    while (const auto count = std::fread(part.data(), 1, part.size(), stdin))
        text.append(part.data(), count);
    return text;
}

bool print(std::FILE* to, const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
}

std::string version_text(const Plugin& plugin) {
    std::string text =
        std::string(plugin.name()) + " " WINCNI_VERSION "\nCNI protocol versions supported:";
    for (const auto name : plugin.versions())
        text += " " + std::string(name);
    return text + "\n";
}

std::string help_by_hand(const std::string& name) {
    return "To try it by hand, in sh:\n"
           "    CNI_COMMAND=VERSION "
           + name
           + " < net.conf\n"
             "    CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=<namespace GUID> CNI_IFNAME=eth0 "
             "\\\n"
             "        CNI_PATH=<folder of the plugins> "
           + name
           + " < net.conf\n"
             "and in PowerShell:\n"
             "    $env:CNI_COMMAND = 'VERSION'; Get-Content -Raw net.conf | .\\"
           + name
           + ".exe\n"
             "    $env:CNI_COMMAND = 'ADD'; $env:CNI_CONTAINERID = 'c1'; $env:CNI_IFNAME = 'eth0'\n"
             "    $env:CNI_NETNS = '<namespace GUID>'; $env:CNI_PATH = '<folder of the plugins>'\n"
             "    Get-Content -Raw net.conf | .\\"
           + name + ".exe\n";
}

std::string help(const Plugin& plugin) {
    return version_text(plugin) + "\n" + std::string(plugin.about())
           + "\n\nA container runtime starts this executable with CNI_* variables in the "
             "environment and a network\n"
             "configuration on stdin; it prints a result, or an error, in JSON on stdout.\n\n"
           + help_by_hand(std::string(plugin.name()))
           + "The same with DEL removes it. WINCNI_LOG=debug shows on stderr what is done.\n\n"
             "Confs to start from  conf-examples/\n"
             "Every key            docs/configuration.md\n"
             "Every error          docs/errors.md, and wincni code NUMBER\n"
             "Commands, variables  https://www.cni.dev/docs/spec/\n";
}

/// What a person gets who starts a plugin as a program; no value when a runtime did.
std::optional<std::string> text_for_person(const Plugin& plugin, int argc, char** argv) {
    const std::string_view argument = argc > 1 ? argv[1] : "";
    if (argument == "--version" || argument == "-v") return version_text(plugin);
    if (argument == "--help" || argument == "-h" || argument == "-?" || argument == "/?")
        return help(plugin);
    if (!environment_variable("CNI_COMMAND") && stdin_is_terminal()) return help(plugin);
    return std::nullopt;
}

/// A runtime that did not get the result knows nothing of what the ADD has taken, and may be gone.
void give_back(const Plugin& plugin, const std::string& conf) {
    log::error("the result could not be written to stdout: what was taken is given back by a DEL");
    const Environment del = [](const char* name) -> std::optional<std::string> {
        return std::string_view(name) == "CNI_COMMAND" ? "DEL" : environment_variable(name);
    };
    (void)dispatch(plugin, del, conf);
}

} // namespace

int plugin_main(const Plugin& plugin, int argc, char** argv) noexcept try {
    make_stdio_binary();
    if (const auto text = text_for_person(plugin, argc, argv)) return print(stdout, *text) ? 0 : 1;
    // Who reads the answer may be gone; that is an error to be told, and not our end.
    survive_broken_pipes();
    // VERSION may come without a conf, and a person without a redirect must not wait for ever.
    const std::string conf = stdin_is_terminal() ? "" : read_stdin();
    const Outcome outcome = dispatch(plugin, environment_variable, conf);
    if (print(stdout, outcome.output)) return outcome.status;
    if (outcome.status == 0 && environment_variable("CNI_COMMAND") == "ADD" && !outcome.was_there)
        give_back(plugin, conf);
    else if (outcome.was_there)
        log::error("the result could not be written to stdout; what it tells of was there before "
                   "this ADD, and stays");
    else
        log::error("the answer could not be written to stdout");
    return 1;

} catch (...) {

    // Stdin or the environment could not be read; nothing was taken.
    (void)print(stdout, "{\"cniVersion\": \"1.1.0\", \"code\": 999, \"msg\": \"out of memory\"}\n");
    return 1;
}

} // namespace libcni
