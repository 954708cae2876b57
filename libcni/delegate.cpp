// SPDX-License-Identifier: Apache-2.0
#include "libcni/delegate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/process/async.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/io.hpp>
#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"

namespace libcni {

namespace fs = std::filesystem;
namespace process = boost::process;

namespace {

using Clock = std::chrono::steady_clock;
using Char = fs::path::value_type;

struct Answer {
    int exit_code = 0;
    std::string output;
};

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

/// CNI_PATH for the delegate: a folder whose name holds the separator stands in quotes.
std::string path_list(const std::vector<std::string>& folders) {
    const auto quoted = [](const std::string& folder) {
        const bool holds_separator = folder.find(path_list_separator) != std::string::npos;
        return holds_separator ? '"' + folder + '"' : folder;
    };
    return joined(folders, {&path_list_separator, 1}, quoted);
}

/// How many of our plugins have called each other up to this one.
constexpr const char* depth_variable = "WINCNI_DEPTH";

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

process::basic_environment<Char> environment_for(Command command, const Request& request) {
    process::basic_environment<Char> env = process::basic_native_environment<Char>();
    const std::array<std::pair<const char*, std::string>, 7> variables{
        {{depth_variable, std::to_string(depth() + 1)},
         {"CNI_COMMAND", std::string(to_string(command))},
         {"CNI_CONTAINERID", request.container_id},
         {"CNI_NETNS", request.netns},
         {"CNI_IFNAME", request.interface_name},
         {"CNI_ARGS", request.args.text},
         {"CNI_PATH", path_list(request.plugin_path)}}};
    for (const auto& [name, value] : variables)
        env[path_of(name).native()] = path_of(value).native();
    return env;
}

bool has_ended(process::child& child, Clock::time_point deadline) {
    constexpr std::chrono::milliseconds pause{1};
    while (child.running()) {
        if (Clock::now() >= deadline) return false;
        std::this_thread::sleep_for(pause);
    }
    return true;
}

Answer
start(const fs::path& executable, Command command, const Request& request, std::string_view conf) {
    const auto deadline = Clock::now() + request.conf.timeout;
    // A delegate need not read the conf, and may end before it is written.
    survive_broken_pipes();
    boost::asio::io_context io;
    std::future<std::string> output;
    process::child child(
        executable,
        environment_for(command, request),
        process::std_in<boost::asio::buffer(conf.data(), conf.size()), process::std_out> output,
        io);
    io.run_until(deadline);
    if (!io.stopped() || !has_ended(child, deadline)) {
        child.terminate();
        throw Error(ErrorCode::try_again_later,
                    std::string(to_string(command)) + " did not end within "
                        + std::to_string(request.conf.timeout.count()) + " seconds and was stopped",
                    "timeoutSeconds in the conf sets this limit");
    }
    return {child.exit_code(), output.get()};
}

std::string shown(const std::string& output) {
    constexpr std::size_t longest = 1024;
    if (output.empty()) return "it printed nothing";
    return "it printed: " + output.substr(0, longest) + (output.size() > longest ? "..." : "");
}

[[noreturn]] void pass_on_error(const Answer& answer) {
    const auto json = nlohmann::json::parse(answer.output, nullptr, false);
    const auto ended = "ended with exit code " + std::to_string(answer.exit_code);
    if (!json.is_object())
        throw Error(ErrorCode::delegate_failure,
                    ended + " and did not print a CNI error",
                    shown(answer.output));
    const JsonReader error(json, "error");
    const auto code = error.find("code");
    throw Error(code ? static_cast<ErrorCode>(code->number<unsigned>())
                     : ErrorCode::delegate_failure,
                error.find("msg") ? error.text_or_empty("msg") : ended,
                error.text_or_empty("details"));
}

Answer run(std::string_view type, Command command, const Request& request, std::string_view conf) {
    const auto executable = find_plugin(type, request.plugin_path);
    require_no_circle(type);
    // No Activity: the watchdog would end this process at the same time limit, with the delegate
    // still running and nothing given back.
    Answer answer = start(executable, command, request, conf);
    if (answer.exit_code != 0) pass_on_error(answer);
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
    } catch (const process::process_error& error) {
        throw Error(ErrorCode::delegate_failure,
                    who + " could not be started: " + error.what(),
                    "check that the file is a program for this machine and may be executed");
    }
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
    for (const auto& folder : folders) {
        fs::path plain = path_of(folder) / path_of(type);
        fs::path with_suffix = plain;
        with_suffix += executable_suffix;
        if (is_file(with_suffix)) return with_suffix;
        if (is_file(plain)) return plain;
    }
    throw Error(ErrorCode::invalid_network_config,
                "plugin " + quoted(type) + " was not found in CNI_PATH",
                "searched: " + joined(folders, ", ")
                    + "; install the plugin there or correct the type in the conf");
}

Result delegate_add(std::string_view type, const Request& request, std::string_view conf) {
    return naming(type, [&] {
        const Answer answer = run(type, Command::add, request, conf);
        const auto json = nlohmann::json::parse(answer.output, nullptr, false);
        if (!json.is_object())
            throw Error(
                ErrorCode::delegate_failure, "did not print a CNI result", shown(answer.output));
        return decode_result(JsonReader(json, "result"), request.conf.version);
    });
}

void delegate(std::string_view type,
              Command command,
              const Request& request,
              std::string_view conf) {
    naming(type, [&] { run(type, command, request, conf); });
}

} // namespace libcni
