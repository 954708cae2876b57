// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/config.hpp"

namespace libcni {

/// CNI spec 1.1.0, section 2, "CNI operations".
enum class Command { add, del, check, status, gc, version };

/// "ADD", "DEL", ... as CNI_COMMAND spells it.
std::string_view to_string(Command command);

/// CNI_ARGS: `K=V;K=V`. A value may hold "="; the last of several equal keys wins.
struct CniArgs {
    /// As it came, for delegates.
    std::string text;
    std::map<std::string, std::string, std::less<>> values;

    /// Empty when absent.
    [[nodiscard]] std::string get(std::string_view key) const;

    /// IgnoreUnknown=1|true, as Go reads it.
    [[nodiscard]] bool ignores_unknown() const;

    /// Throws Error(invalid_environment) naming every key that is not among `known` or the usual
    /// ones (IgnoreUnknown, K8S_POD_*, IP, MAC), unless IgnoreUnknown says otherwise. Only a plugin
    /// that uses the arguments may be that strict.
    void require_known(const std::vector<std::string_view>& known = {}) const;
};

/// Throws Error(invalid_environment) for a pair without "=".
CniArgs parse_cni_args(std::string_view text);

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
/// Throws Error(invalid_environment).
Request read_environment(Command command, const Environment& env);

} // namespace libcni
