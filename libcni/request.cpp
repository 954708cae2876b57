// SPDX-License-Identifier: Apache-2.0
#include "libcni/request.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/names.hpp"

namespace libcni {

namespace {

enum Needs : unsigned { nothing = 0, container = 1, netns = 2, ifname = 4, path = 8 };

struct Variables {
    Command command;
    std::string_view name;
    unsigned needs;
};

// CNI spec 1.1.0, section 2, "CNI operations".
constexpr std::array commands{
    Variables{Command::add, "ADD", container | netns | ifname},
    Variables{Command::del, "DEL", container | ifname},
    Variables{Command::check, "CHECK", container | netns | ifname},
    Variables{Command::status, "STATUS", nothing},
    Variables{Command::gc, "GC", path},
    Variables{Command::version, "VERSION", nothing},
};

const Variables& variables_of(Command command) {
    return *std::ranges::find(commands, command, &Variables::command);
}

/// A separator in quotes is part of a folder's name, as in Windows' own PATH.
std::vector<std::string> read_plugin_path(const std::string& text) {
    std::vector<std::string> folders(1);
    bool in_quotes = false;
    for (const char c : text) {
        if (c == '"')
            in_quotes = !in_quotes;
        else if (c == path_list_separator && !in_quotes)
            folders.emplace_back();
        else
            folders.back() += c;
    }
    std::erase(folders, "");
    return folders;
}

void refuse_variable(const char* variable, const std::string& value, std::string_view why) {
    throw Error(ErrorCode::invalid_environment,
                std::string(variable) + " \"" + value + "\" " + std::string(why),
                std::string("set ") + variable + " as the CNI spec 1.1.0 says in section 2");
}

void check_values(const Request& request) {
    if (!request.container_id.empty() && !is_identifier(request.container_id))
        refuse_variable("CNI_CONTAINERID",
                        request.container_id,
                        "must begin with a letter or digit and hold only letters, digits, \"_\", "
                        "\".\" and \"-\"");
    if (request.interface_name.empty()) return;
    const auto fault = fault_of_interface_name(request.interface_name);
    if (!fault.empty()) refuse_variable("CNI_IFNAME", request.interface_name, fault);
}

} // namespace

std::string_view to_string(Command command) {
    return variables_of(command).name;
}

std::string CniArgs::get(std::string_view key) const {
    const auto it = values.find(key);
    return it == values.end() ? std::string() : it->second;
}

bool CniArgs::ignores_unknown() const {
    const std::string value = get("IgnoreUnknown");
    return value == "1" || same_ignoring_case(value, "true");
}

void CniArgs::require_known(const std::vector<std::string_view>& known) const {
    if (ignores_unknown()) return;
    constexpr std::array<std::string_view, 7> usual{"IgnoreUnknown",
                                                    "K8S_POD_NAMESPACE",
                                                    "K8S_POD_NAME",
                                                    "K8S_POD_INFRA_CONTAINER_ID",
                                                    "K8S_POD_UID",
                                                    "IP",
                                                    "MAC"};
    std::vector<std::string> unknown;
    for (const auto& [key, value] : values) {
        if (std::ranges::find(usual, key) != usual.end()
            || std::ranges::find(known, key) != known.end())
            continue;
        unknown.push_back(key);
    }
    if (!unknown.empty())
        throw Error(ErrorCode::invalid_environment,
                    "CNI_ARGS holds unknown keys: " + joined(unknown, ", "),
                    "add IgnoreUnknown=1 to CNI_ARGS to have them passed over");
}

CniArgs parse_cni_args(std::string_view text) {
    CniArgs args;
    args.text = text;
    for (const std::string_view pair : split(text, ';')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            throw Error(ErrorCode::invalid_environment,
                        "CNI_ARGS holds \"" + std::string(pair) + "\", which is no KEY=VALUE pair",
                        "write CNI_ARGS as KEY=VALUE;KEY=VALUE");
        args.values[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
    }
    return args;
}

std::optional<std::string> shared_sandbox(const Request& request) {
    constexpr std::string_view prefix = "container:";
    if (!request.netns.starts_with(prefix)) return std::nullopt;
    return request.netns.substr(prefix.size());
}

Command read_command(const Environment& env) {
    const std::string name = env("CNI_COMMAND").value_or("");
    const auto it = std::ranges::find(commands, name, &Variables::name);
    if (it != commands.end()) return it->command;
    throw Error(ErrorCode::invalid_environment,
                name.empty() ? "CNI_COMMAND is missing" : "CNI_COMMAND \"" + name + "\" is unknown",
                "set it to ADD, DEL, CHECK, STATUS, GC or VERSION");
}

Request read_environment(Command command, const Environment& env) {
    struct Variable {
        const char* name;
        unsigned need;
    };

    constexpr std::array variables{Variable{"CNI_CONTAINERID", container},
                                   Variable{"CNI_NETNS", netns},
                                   Variable{"CNI_IFNAME", ifname},
                                   Variable{"CNI_PATH", path}};
    const unsigned needs = variables_of(command).needs;
    std::vector<std::string_view> missing;
    for (const auto& [name, need] : variables)
        if ((needs & need) != 0 && env(name).value_or("").empty()) missing.push_back(name);
    if (!missing.empty())
        throw Error(ErrorCode::invalid_environment,
                    std::string(to_string(command))
                        + " needs variables that are not set: " + joined(missing, ", "),
                    "set them in the environment of the plugin");
    Request request;
    request.command = command;
    request.container_id = env("CNI_CONTAINERID").value_or("");
    request.netns = env("CNI_NETNS").value_or("");
    request.interface_name = env("CNI_IFNAME").value_or("");
    request.plugin_path = read_plugin_path(env("CNI_PATH").value_or(""));
    request.args = parse_cni_args(env("CNI_ARGS").value_or(""));
    check_values(request);
    return request;
}

} // namespace libcni
