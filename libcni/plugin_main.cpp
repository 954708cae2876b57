// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"

#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/watchdog.hpp"

namespace libcni {

namespace {

SpecVersion first_version_of(Command command) {
    switch (command) {
    case Command::check:
        return SpecVersion::v0_4_0;
    case Command::status:
    case Command::gc:
        return SpecVersion::v1_1_0;
    default:
        return SpecVersion::v0_1_0;
    }
}

void require_version_for(const Request& request) {
    const SpecVersion first = first_version_of(request.command);
    if (request.conf.version >= first) return;
    throw Error(ErrorCode::incompatible_version,
                std::string(to_string(request.command)) + " does not exist in cniVersion "
                    + std::string(to_string(request.conf.version)),
                "set cniVersion to " + std::string(to_string(first)) + " or later");
}

std::string encode_versions(SpecVersion asked) {
    const nlohmann::ordered_json json{{"cniVersion", to_string(asked)},
                                      {"supportedVersions", spec_version_names}};
    return json.dump(4) + "\n";
}

std::string call(const Handlers& plugin, const Request& request) {
    switch (request.command) {
    case Command::add:
        return encode(plugin.add(request), request.conf.version);
    case Command::del:
        plugin.del(request);
        break;
    case Command::check:
        plugin.check(request);
        break;
    case Command::status:
        plugin.status(request);
        break;
    case Command::gc:
        plugin.gc(request);
        break;
    case Command::version:
        break;
    }
    return {};
}

/// HNS cannot be interrupted and may still do what it was asked for, so nothing is given back here:
/// an address must stay reserved while an endpoint may come into being with it.
Watchdog::Expired end_process(const std::string& plugin, const Request& request) {
    const std::string version(to_string(request.conf.version));
    return [plugin, version](const std::string& activity, std::chrono::seconds patience) {
        const Error error(
            ErrorCode::try_again_later,
            plugin + ": " + activity + " has not answered for " + std::to_string(patience.count())
                + " seconds",
            "what was taken until now stays reserved, so that nobody else gets it; a DEL for this "
            "container gives it back. Check the Host Network Service (Get-Service hns); "
            "timeoutSeconds in the conf sets this limit");
        const std::string output = encode(error, version);
        std::fwrite(output.data(), 1, output.size(), stdout);
        std::fflush(stdout);
        exit_now(1);
    };
}

std::string run(const Handlers& plugin, const Environment& env, std::string conf) {
    const Command command = read_command(env);
    if (command == Command::version)
        return encode_versions(version_asked_for(conf).value_or(SpecVersion::v1_1_0));
    Request request = read_environment(command, env);
    request.conf = parse_config(std::move(conf));
    require_version_for(request);
    log::set_context(std::string(plugin.name) + " " + std::string(to_string(command)) + " "
                     + request.container_id);
    const Watchdog watchdog(request.conf.timeout, end_process(std::string(plugin.name), request));
    try {
        return call(plugin, request);
    } catch (const BadShape& error) {
        throw Error(ErrorCode::decoding_failure,
                    error.what(),
                    "correct this key in the network configuration");
    }
}

Outcome fail(const Error& error, SpecVersion version) {
    // The runtime shows the error itself; some callers mix stderr into what they parse.
    log::info(one_line(error));
    return {1, encode(error, to_string(version))};
}

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

std::string version_text(const Handlers& plugin) {
    std::string text =
        std::string(plugin.name) + " " WINCNI_VERSION "\nCNI protocol versions supported:";
    for (const auto name : spec_version_names)
        text += " " + std::string(name);
    return text + "\n";
}

std::string help(const Handlers& plugin) {
    const std::string name(plugin.name);
    return version_text(plugin) + "\n" + std::string(plugin.about)
           + "\n\nA container runtime starts this executable with CNI_* variables in the "
             "environment and a network\n"
             "configuration on stdin; it prints a result, or an error, in JSON on stdout.\n\n"
             "To try it by hand:\n"
             "    CNI_COMMAND=VERSION "
           + name
           + " < net.conf\n"
             "    CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=<namespace GUID> CNI_IFNAME=eth0 "
             "\\\n"
             "        CNI_PATH=<folder of the plugins> "
           + name
           + " < net.conf\n"
             "The same with DEL takes it away again. WINCNI_LOG=debug shows on stderr what is "
             "done.\n\n"
             "Confs to start from are in conf-examples/, the documentation is in README.md and "
             "docs/.\n";
}

/// What a person gets who starts a plugin as a program; no value when a runtime did.
std::optional<std::string> text_for_person(const Handlers& plugin, int argc, char** argv) {
    const std::string_view argument = argc > 1 ? argv[1] : "";
    if (argument == "--version" || argument == "-v") return version_text(plugin);
    if (argument == "--help" || argument == "-h" || argument == "-?" || argument == "/?")
        return help(plugin);
    if (!environment_variable("CNI_COMMAND") && stdin_is_terminal()) return help(plugin);
    return std::nullopt;
}

} // namespace

Outcome dispatch(const Handlers& plugin, const Environment& env, std::string conf) noexcept try {
    SpecVersion version = SpecVersion::v1_1_0;
    try {
        if (const auto asked = version_asked_for(conf)) version = *asked;
        return {0, run(plugin, env, std::move(conf))};
    } catch (const Error& error) {
        return fail(error, version);
    } catch (const std::exception& error) {
        return fail(Error(ErrorCode::internal, std::string(plugin.name) + ": " + error.what()),
                    version);
    }

} catch (...) {

    return {1, "{\"cniVersion\": \"1.1.0\", \"code\": 999, \"msg\": \"out of memory\"}\n"};
}

int plugin_main(const Handlers& plugin, int argc, char** argv) noexcept try {
    make_stdio_binary();
    if (const auto text = text_for_person(plugin, argc, argv)) return print(stdout, *text) ? 0 : 1;
    // VERSION may come without a conf, and a person without a redirect must not wait for ever.
    const Outcome outcome =
        dispatch(plugin, environment_variable, stdin_is_terminal() ? "" : read_stdin());
    return print(stdout, outcome.output) ? outcome.status : 1;

} catch (...) {

    return 1;
}

} // namespace libcni
