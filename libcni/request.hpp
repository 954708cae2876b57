// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libcni/cni_args.hpp"
#include "libcni/command.hpp"
#include "libcni/config.hpp"

namespace libcni {

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
};

/// The container ID in a CNI_NETNS of the form "container:<id>": the container uses the network of
/// the sandbox <id>, as Docker's engines ask for. No value for any other form. The ID is unchecked
/// input.
std::optional<std::string> shared_sandbox(const Request& request);

/// Looks up one environment variable, as UTF-8; no value when it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Reads CNI_COMMAND. Throws Error(invalid_environment).
Command read_command(const Environment& env);

/// Reads and checks the variables that `command` needs; all that are missing are named at once.
/// Throws Error(invalid_environment). CNI_ARGS that make no sense are a warning where a command
/// takes things away: it does not use them.
Request read_environment(Command command, const Environment& env);

} // namespace libcni
