// SPDX-License-Identifier: Apache-2.0
#include "libcni/delegate.hpp"

#include <algorithm>
#include <chrono>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/child_process.hpp"
#include "libcni/error.hpp"
#include "libcni/names.hpp"
#include "libcni/plugin_answer.hpp"
#include "libcni/plugin_path.hpp"
#include "libcni/trace.hpp"
#include "libcni/undo.hpp"

namespace libcni {

namespace fs = std::filesystem;

namespace {

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

bool is_file_name(std::string_view type) {
    if (type.empty() || type == "." || type == "..") return false;
    return std::none_of(type.begin(), type.end(), [](char c) {
        return c == '/' || c == '\\' || c == ':' || is_control_character(c);
    });
}

bool is_file(const fs::path& file) {
    std::error_code error;
    return fs::is_regular_file(file, error);
}

/// 0 for one that the runtime has called, and for what is not a number.
unsigned depth() {
    const std::string text = environment_variable(depth_variable).value_or("");
    const bool is_digit = text.size() == 1 && text[0] >= '0' && text[0] <= '9';
    return is_digit ? static_cast<unsigned>(text[0] - '0') : 0;
}

/// A plugin that is its own delegate, directly or through another, would start processes without
/// end. Nothing needs more than two: flannel, a plugin, IPAM.
void require_no_circle(std::string_view type) {
    constexpr unsigned deepest = 3;
    if (depth() < deepest) return;
    throw Error(ErrorCode::invalid_network_config,
                "plugins call each other in a circle: " + quoted(type) + " would be the "
                    + std::to_string(deepest + 1) + "th in a row",
                "a plugin cannot be its own delegate: correct \"type\" in \"ipam\" or "
                "\"delegate\" of the conf");
}

/// What a delegate may take of the time that is left: less than all of it, so that whoever knows
/// what it is that hangs still gets to say so.
std::chrono::milliseconds share_of(std::chrono::milliseconds left) {
    constexpr std::chrono::milliseconds longest_margin{2000};
    return left - std::min(left / 5, longest_margin);
}

std::vector<std::pair<std::string, std::string>>
variables_for(Command command, const Request& request, std::chrono::milliseconds share) {
    return {{depth_variable, std::to_string(depth() + 1)},
            {time_left_variable, std::to_string(share.count())},
            {"CNI_COMMAND", std::string(to_string(command))},
            {"CNI_CONTAINERID", request.container_id},
            {"CNI_NETNS", request.netns},
            {"CNI_IFNAME", request.interface_name},
            {"CNI_ARGS", request.args.text},
            {"CNI_PATH", plugin_path_text(request.plugin_path)}};
}

Ended start(std::string_view type,
            const fs::path& executable,
            Command command,
            const Request& request,
            std::string_view conf) {
    const auto left = time_left(request);
    try {
        return run_traced(trace_file(),
                          type,
                          to_string(command),
                          {.executable = executable,
                           .variables = variables_for(command, request, share_of(left)),
                           .input = conf,
                           .deadline = std::chrono::steady_clock::now() + left});
    } catch (const TimedOut&) {
        throw Error(ErrorCode::try_again_later,
                    std::string(to_string(command)) + " did not end in the " + in_seconds(left)
                        + " that were left of " + in_seconds(request.conf.timeout)
                        + ", and was stopped",
                    "timeoutSeconds in the conf sets this limit");
    } catch (const TooMuchOutput& error) {
        throw Error(ErrorCode::delegate_failure, error.what() + std::string(" and was stopped"));
    }
}

Ended run(std::string_view type, Command command, const Request& request, std::string_view conf) {
    const auto executable = find_delegate(type, request.plugin_path);
    require_no_circle(type);
    // No Activity: the watchdog would end this process at the same time limit, and what the
    // delegate says of its cause were lost.
    Ended answer = start(type, executable, command, request, conf);
    if (answer.exit_code != 0) throw error_in(answer);
    return answer;
}

/// Runs `body` so that whatever it throws says which delegate it came from.
template <class Body>
auto naming(std::string_view type, Body body) {
    const std::string who = "delegate " + quoted(type);
    try {
        return body();
    } catch (Error& error) {
        error.within(who);
        throw;
    } catch (const BadShape& error) {
        throw Error(ErrorCode::delegate_failure,
                    who + " gave an unexpected answer: " + error.what());
    } catch (const NotStarted& error) {
        const std::string what = who + " could not be started: " + error.what();
        if (error.may_pass())
            throw NotBegun(what,
                           "it has done nothing; look what takes the machine's processes, handles "
                           "or memory");
        throw Error(ErrorCode::delegate_failure,
                    what,
                    "check that the file is a program for this machine and may be executed");
    }
}

/// The files that a plugin of this type may be in, the likeliest first. People write "x.exe" for
/// "x", also in confs that are tried on Linux.
std::vector<std::string> file_names_of(std::string_view type) {
    const std::string stem(without_exe(type));
    return {stem + std::string(executable_suffix), std::string(type), stem};
}

} // namespace

fs::path find_plugin(std::string_view type, const std::vector<std::string>& folders) {
    if (!is_file_name(type))
        throw Error(ErrorCode::invalid_network_config,
                    "plugin type " + quoted(type) + " is not the name of an executable",
                    "a type is a file name without folders; plugins are looked up in CNI_PATH");
    if (folders.empty())
        throw Error(ErrorCode::invalid_environment,
                    "CNI_PATH is not set, so plugin " + quoted(type) + " cannot be found",
                    "set CNI_PATH to the folder of the CNI plugins");
    for (const auto& folder : folders)
        for (const auto& name : file_names_of(type))
            if (fs::path file = path_of(folder) / path_of(name); is_file(file)) return file;
    throw Error(ErrorCode::invalid_network_config,
                "plugin " + quoted(type) + " was not found in CNI_PATH",
                "searched: " + joined(folders, ", ")
                    + "; install the plugin there or correct the type in the conf");
}

fs::path find_delegate(std::string_view type, const std::vector<std::string>& folders) {
    fs::path found = find_plugin(type, folders);
    std::error_code ignored;
    if (fs::equivalent(found, own_executable(), ignored))
        throw Error(
            ErrorCode::invalid_network_config,
            "plugin " + quoted(type) + " is this plugin itself (" + utf8_of(found)
                + "): it would call itself in a circle",
            "correct \"type\" in \"ipam\" or \"delegate\" of the conf, or what the file is");
    return found;
}

Result delegate_add(std::string_view type, const Request& request, std::string_view conf) {
    return naming(type, [&] {
        const Ended answer = run(type, Command::add, request, conf);
        return result_in(answer, request.conf.version).result;
    });
}

void delegate(std::string_view type,
              Command command,
              const Request& request,
              std::string_view conf) {
    naming(type, [&] { run(type, command, request, conf); });
}

} // namespace libcni
