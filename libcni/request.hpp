// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libcni/cni_args.hpp"
#include "libcni/command.hpp"
#include "libcni/config.hpp"

namespace libcni {

/// Looks up one environment variable, as UTF-8; no value when it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// What a runtime asks of a plugin.
struct Request {
    Command command = Command::version;
    std::string container_id;
    std::string netns;
    std::string interface_name;
    /// The folders of CNI_PATH, quotes and empty elements taken away.
    std::vector<std::string> plugin_path;
    CniArgs args;
    NetworkConfig conf;
    /// When the command must have ended; set by dispatch().
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// By this variable a plugin tells its delegate how many of ours have called each other so far; the
/// runtime sets none.
constexpr const char* depth_variable = "WINCNI_DEPTH";

/// The folder of the file by which commands wait for each other; /var/lib/cni/wincni where it is
/// not set.
constexpr const char* lock_folder_variable = "WINCNI_LOCK_FOLDER";

/// By this variable a plugin tells its delegate how many milliseconds it may take.
constexpr const char* time_left_variable = "WINCNI_TIME_LEFT";

/// How long a command of this conf may take: the conf's timeout, or what the plugin that calls this
/// one has to give, if that is less.
std::chrono::milliseconds time_limit(const NetworkConfig& conf, const Environment& env);

/// What the command has left of its time: not less than 0, and not more than the conf's timeout.
std::chrono::milliseconds time_left(const Request& request);

/// "2 seconds", "1.6 seconds", for messages.
std::string in_seconds(std::chrono::milliseconds time);

/// The container ID in a CNI_NETNS of the form "container:<id>": the container uses the network of
/// the sandbox <id>, as Docker's engines ask for. No value for any other form. The ID is unchecked
/// input.
std::optional<std::string> shared_sandbox(const Request& request);

/// Reads CNI_COMMAND. Throws Error(invalid_environment).
Command read_command(const Environment& env);

/// Reads and checks the variables that `command` needs; all that are missing are named at once.
/// Throws Error(invalid_environment). CNI_ARGS that make no sense are a warning where a command
/// takes things away: it does not use them.
Request read_environment(Command command, const Environment& env);

} // namespace libcni
