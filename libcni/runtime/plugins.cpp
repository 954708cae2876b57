// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/plugins.hpp"

#include <nlohmann/json.hpp>

#include "libcni/delegate.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/plugin_answer.hpp"
#include "libcni/plugin_path.hpp"
#include "libcni/trace.hpp"
#include "libcni/version.hpp"

namespace libcni::runtime {

namespace {

std::string named(const PluginCall& call) {
    return call.type + " " + std::string(to_string(call.command));
}

bool is_cni_error(const std::string& output) {
    const auto json = nlohmann::json::parse(output, nullptr, false);
    return json.is_object() && json.contains("code") && json.contains("msg");
}

/// The error that a plugin has printed, of whatever shape.
Error error_of(const Ended& answer) {
    try {
        return error_in(answer);
    } catch (const BadShape& error) {
        return {ErrorCode::delegate_failure,
                end_of(answer) + " and printed an error of a wrong shape",
                error.what()};
    }
}

} // namespace

PluginFailure::PluginFailure(const PluginCall& call, const Ended& answer, Error error)
    : Error(std::move(error)) {
    output_ =
        is_cni_error(answer.output) ? answer.output : encode(*this, spec_version_names.back());
    within(named(call));
}

Plugins::~Plugins() = default;

std::vector<std::pair<std::string, std::string>>
ProcessPlugins::variables_for(const PluginCall& call) const {
    const Attached& attached = call.attached;
    std::vector<std::pair<std::string, std::string>> variables{
        {"CNI_COMMAND", std::string(to_string(call.command))},
        {"CNI_CONTAINERID", attached.container_id},
        {"CNI_NETNS", attached.netns},
        {"CNI_ARGS", args_text(attached)},
        {"CNI_IFNAME", attached.interface_name},
        {"CNI_PATH", plugin_path_text(folders_)}};
    if (!trace_.empty()) variables.emplace_back(trace_variable, trace_);
    return variables;
}

Ended ProcessPlugins::run(const PluginCall& call) {
    try {
        return run_traced(trace_,
                          call.type,
                          to_string(call.command),
                          {.executable = find_plugin(call.type, folders_),
                           .variables = variables_for(call),
                           .input = call.input,
                           .deadline = std::chrono::steady_clock::now() + call.time_limit});
    } catch (const NotStarted& error) {
        throw Error(ErrorCode::delegate_failure,
                    named(call) + " could not be started: " + error.what(),
                    "check that the file is a program for this machine and may be executed");
    } catch (const TimedOut&) {
        throw Error(ErrorCode::try_again_later,
                    named(call) + " did not end in " + std::to_string(call.time_limit.count())
                        + " seconds, and was stopped",
                    "timeoutSeconds in the conf sets this limit");
    } catch (const TooMuchOutput& error) {
        throw Error(ErrorCode::delegate_failure,
                    named(call) + " " + error.what() + " and was stopped");
    }
}

Ended require_success(Plugins& plugins, const PluginCall& call) {
    Ended answer = plugins.run(call);
    if (answer.exit_code != 0) throw PluginFailure(call, answer, error_of(answer));
    return answer;
}

} // namespace libcni::runtime
