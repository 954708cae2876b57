// SPDX-License-Identifier: Apache-2.0
#include "libcni/dispatch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <system_error>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/log_conf.hpp"
#include "libcni/turn.hpp"
#include "libcni/unread_keys.hpp"
#include "libcni/watchdog.hpp"

namespace libcni {

namespace {

/// What a command came to.
struct Done {
    /// For stdout.
    std::string output = {};
    /// For the log.
    std::string summary = {};
    bool was_there = false;
};

/// "default/web-6c9"; less, or nothing, where the runtime does not say so much.
std::string pod_name_of(const CniArgs& args) {
    const std::string space = args.get("K8S_POD_NAMESPACE");
    const std::string name = args.get("K8S_POD_NAME");
    return space.empty() || name.empty() ? space + name : space + "/" + name;
}

/// "flannel ADD 3f2a91c0 default/web-6c9", as far as it is known.
std::string context_of(const Plugin& plugin, const Request& request) {
    std::string context =
        std::string(plugin.name()) + " " + std::string(to_string(request.command));
    for (const std::string& part : {request.container_id, pod_name_of(request.args)})
        if (!part.empty()) context += " " + part;
    return context;
}

void require_version(const Plugin& plugin, const Request& request) {
    const std::string version(to_string(request.conf.version));
    const auto spoken = plugin.versions();
    if (std::ranges::find(spoken, version) == spoken.end())
        throw Error(ErrorCode::incompatible_version,
                    "cniVersion \"" + version + "\" is not supported",
                    "this plugin supports " + joined(spoken, ", "));
    const SpecVersion first = facts_of(request.command).first_version;
    if (request.conf.version < first)
        throw Error(ErrorCode::incompatible_version,
                    std::string(to_string(request.command)) + " does not exist in cniVersion "
                        + version,
                    "set cniVersion to " + std::string(to_string(first)) + " or later");
}

/// "10.244.4.3/24 via 10.244.4.2, fd00::3/64"
std::string addresses_in(const Result& result) {
    return joined(result.ips, ", ", [](const IpConfig& ip) {
        const std::string address = ip.address.to_string();
        return ip.gateway ? address + " via " + ip.gateway->to_string() : address;
    });
}

Done call(const Plugin& plugin, const Request& request) {
    Done done{.summary = request.conf.name};
    switch (request.command) {
    case Command::add: {
        const Result result = plugin.add(request);
        done.output = encode(result, request.conf.version);
        done.was_there = result.was_there;
        if (!result.ips.empty()) done.summary = addresses_in(result) + " " + request.conf.name;
        break;
    }
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
    return done;
}

std::string failure(const Error& error) {
    return "failed with code " + std::to_string(static_cast<unsigned>(error.code())) + ": "
           + one_line(error);
}

/// HNS cannot be interrupted and may still do what it was asked for, so nothing is given back here:
/// an address must stay reserved while an endpoint may come into being with it.
Watchdog::Expired end_process(const std::string& plugin, const Request& request) {
    const std::string version(to_string(request.conf.version));
    return [plugin, version](const std::string& activity, std::chrono::milliseconds limit) {
        const Error error(
            ErrorCode::try_again_later,
            plugin + ": " + activity + " has not answered, and the " + in_seconds(limit)
                + " that the command may take are over",
            "what was taken so far stays reserved, so that nobody else gets it; a DEL for this "
            "container releases it. Check the Host Network Service (Get-Service hns); "
            "timeoutSeconds in the conf sets this limit");
        const std::string output = encode(error, version);
        std::fwrite(output.data(), 1, output.size(), stdout);
        std::fflush(stdout);
        // Only now: the log may hang, too, and the runtime waits for the answer.
        log::error(failure(error));
        exit_now(1);
    };
}

std::string encode_versions(const Plugin& plugin, SpecVersion asked) {
    const nlohmann::ordered_json json{{"cniVersion", to_string(asked)},
                                      {"supportedVersions", plugin.versions()}};
    return json.dump(4) + "\n";
}

/// First of all, and of a conf that is good for nothing else, too: what is wrong with it belongs
/// into the log that it asks for.
void configure_log_of(std::string_view conf) {
    const auto json = nlohmann::json::parse(conf, nullptr, false);
    if (json.is_object()) configure_log(JsonReader(json, "conf"));
}

/// The context before anything is checked: whoever looks for a container finds what was wrong with
/// its variables, too.
std::string unchecked_context_of(const Plugin& plugin, const Environment& env) {
    std::string context(plugin.name());
    for (const char* variable : {"CNI_COMMAND", "CNI_CONTAINERID"})
        if (const auto value = env(variable); value && !value->empty()) context += " " + *value;
    return context;
}

/// Nothing is taken yet, so a machine that has no thread left is asked again later.
std::unique_ptr<Watchdog>
watchdog_for(const Plugin& plugin, const Request& request, std::chrono::milliseconds limit) {
    const std::string name(plugin.name());
    try {
        return std::make_unique<Watchdog>(limit, end_process(name, request));
    } catch (const std::system_error& error) {
        throw Error(ErrorCode::try_again_later,
                    name + ": no thread can be started: " + error.what(),
                    "nothing was done; look what takes the machine's threads or memory");
    }
}

Done run(const Plugin& plugin, const Environment& env, std::string conf, SpecVersion asked) {
    log::set_context(unchecked_context_of(plugin, env));
    configure_log_of(conf);
    Request request;
    request.command = read_command(env);
    if (request.command == Command::version) return {.output = encode_versions(plugin, asked)};
    request = read_environment(request.command, env);
    log::set_context(context_of(plugin, request));
    request.conf = parse_config(std::move(conf), request.command);
    require_version(plugin, request);
    if (request.command == Command::add || request.command == Command::status)
        warn_of_unread_keys(plugin.name(), request.conf);
    const auto limit = time_limit(request.conf, env);
    request.deadline = std::chrono::steady_clock::now() + limit;
    const auto watchdog = watchdog_for(plugin, request, limit);
    const auto turn = plugin.takes_turns() ? take_turn(request, env) : nullptr;
    try {
        return call(plugin, request);
    } catch (const BadShape& error) {
        throw Error(ErrorCode::decoding_failure,
                    error.what(),
                    "correct this key in the network configuration");
    }
}

Outcome succeed(Done done, std::chrono::steady_clock::time_point began) {
    using std::chrono::milliseconds;
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    const std::string summary = done.summary.empty() ? "" : " " + done.summary;
    log::info("ok " + std::to_string(took.count()) + " ms" + summary);
    return {0, std::move(done.output), done.was_there};
}

Outcome fail(const Error& error, SpecVersion version) {
    log::error(failure(error));
    return {1, encode(error, to_string(version))};
}

} // namespace

Outcome dispatch(const Plugin& plugin, const Environment& env, std::string conf) noexcept try {
    const auto began = std::chrono::steady_clock::now();
    const SpecVersion version = version_asked_for(conf).value_or(SpecVersion::v1_1_0);
    try {
        return succeed(run(plugin, env, std::move(conf), version), began);
    } catch (const Error& error) {
        return fail(error, version);
    } catch (const std::exception& error) {
        return fail(Error(ErrorCode::internal, std::string(plugin.name()) + ": " + error.what()),
                    version);
    }

} catch (...) {

    return {1, "{\"cniVersion\": \"1.1.0\", \"code\": 999, \"msg\": \"out of memory\"}\n"};
}

} // namespace libcni
