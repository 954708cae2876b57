// SPDX-License-Identifier: Apache-2.0
#include "libcni/request.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "libcni/plugin_path.hpp"

namespace libcni {

namespace {

void require_variables(Command command, const Environment& env) {
    struct Needed {
        const char* name;
        Variable bit;
    };

    constexpr std::array variables{Needed{"CNI_CONTAINERID", needs_container},
                                   Needed{"CNI_NETNS", needs_netns},
                                   Needed{"CNI_IFNAME", needs_ifname},
                                   Needed{"CNI_PATH", needs_path}};
    const unsigned needs = facts_of(command).needs;
    std::vector<std::string_view> missing;
    for (const auto& [name, bit] : variables)
        if ((needs & bit) != 0 && env(name).value_or("").empty()) missing.push_back(name);
    if (!missing.empty())
        throw Error(ErrorCode::invalid_environment,
                    std::string(to_string(command))
                        + " needs variables that are not set: " + joined(missing, ", "),
                    "set them in the environment of the plugin");
}

CniArgs read_args(Command command, const std::string& text) {
    try {
        return parse_cni_args(text);
    } catch (const Error& error) {
        if (!facts_of(command).removes) throw;
        log::warning(error.msg() + ": " + std::string(to_string(command)) + " goes on without it");
        return {.text = text};
    }
}

void refuse_variable(const char* variable, const std::string& value, std::string_view why) {
    throw Error(ErrorCode::invalid_environment,
                std::string(variable) + " \"" + value + "\" " + std::string(why),
                std::string("set ") + variable + " as section 2 of the CNI spec 1.1.0 says");
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

std::optional<std::string> shared_sandbox(const Request& request) {
    constexpr std::string_view prefix = "container:";
    if (!request.netns.starts_with(prefix)) return std::nullopt;
    return request.netns.substr(prefix.size());
}

Command read_command(const Environment& env) {
    const std::string name = env("CNI_COMMAND").value_or("");
    if (const auto command = find_command(name)) return *command;
    throw Error(ErrorCode::invalid_environment,
                name.empty() ? "CNI_COMMAND is missing" : "CNI_COMMAND \"" + name + "\" is unknown",
                "set it to ADD, DEL, CHECK, STATUS, GC or VERSION");
}

Request read_environment(Command command, const Environment& env) {
    require_variables(command, env);
    Request request;
    request.command = command;
    request.container_id = env("CNI_CONTAINERID").value_or("");
    request.netns = env("CNI_NETNS").value_or("");
    request.interface_name = env("CNI_IFNAME").value_or("");
    request.plugin_path = read_plugin_path(env("CNI_PATH").value_or(""));
    request.args = read_args(command, env("CNI_ARGS").value_or(""));
    check_values(request);
    return request;
}

std::chrono::milliseconds time_limit(const NetworkConfig& conf, const Environment& env) {
    constexpr std::size_t most_digits = 9;
    const std::chrono::milliseconds limit = conf.timeout;
    const std::string text = env(time_left_variable).value_or("");
    const bool is_number =
        !text.empty() && text.size() <= most_digits
        && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return is_number ? std::min(limit, std::chrono::milliseconds(std::stol(text))) : limit;
}

std::chrono::milliseconds time_left(const Request& request) {
    using std::chrono::milliseconds;
    const auto now = std::chrono::steady_clock::now();
    const milliseconds limit = request.conf.timeout;
    if (request.deadline >= now + limit) return limit;
    const auto left = std::chrono::duration_cast<milliseconds>(request.deadline - now);
    return std::max(left, milliseconds(0));
}

std::string in_seconds(std::chrono::milliseconds time) {
    const auto tenths = time.count() / 100;
    const std::string whole = std::to_string(tenths / 10);
    if (tenths == 10) return "1 second";
    return tenths % 10 == 0 ? whole + " seconds"
                            : whole + "." + std::to_string(tenths % 10) + " seconds";
}

} // namespace libcni
