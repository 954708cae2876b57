// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/runtime.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/names.hpp"
#include "libcni/runtime/derive.hpp"
#include "libcni/version.hpp"

namespace libcni::runtime {

namespace {

/// Results are understood in the versions that we know; a list of another one has none, and its
/// plugins say what they think of it.
SpecVersion version_of(const ConfList& list) {
    return parse_spec_version(list.version).value_or(SpecVersion::v1_1_0);
}

void require_identifier(const std::string& kind, const std::string& name) {
    if (is_identifier(name)) return;
    throw Error(ErrorCode::invalid_network_config,
                "the name of the " + kind + ", \"" + name + "\", is none",
                "it must begin with a letter or digit and hold only letters, digits, \"_\", \".\" "
                "and \"-\"");
}

VersionedResult result_of_add(const PluginCall& call, const Ended& answer, SpecVersion assumed) {
    try {
        return result_in(answer, assumed);
    } catch (const Error& error) {
        throw PluginFailure(call, answer, error);
    } catch (const BadShape& error) {
        throw PluginFailure(call,
                            {.exit_code = answer.exit_code},
                            Error(ErrorCode::delegate_failure,
                                  std::string("gave an unexpected answer: ") + error.what()));
    }
}

PluginCall call_of(Command command,
                   const PluginConf& plugin,
                   const Attached& attached,
                   const std::string& input) {
    return {.command = command,
            .type = plugin.type,
            .attached = attached,
            .input = input,
            .time_limit = time_limit_of(plugin)};
}

/// Neither GC nor STATUS is about an attachment.
Attached nobody() {
    return {.container_id = {}, .interface_name = {}};
}

} // namespace

VersionedResult
Runtime::add(const ConfList& list, const Attached& attached, const std::string& made_namespace) {
    std::optional<VersionedResult> result;
    for (const auto& plugin : list.plugins) {
        const auto call =
            call_of(Command::add, plugin, attached, stdin_of(list, plugin, attached, result));
        result = result_of_add(call, require_success(plugins_, call), version_of(list));
    }
    const std::string text = encode(result->result, result->version);
    cache_.put({.network = list.name,
                .attached = attached,
                .config = list.bytes,
                .result = nlohmann::json::parse(text),
                .made_namespace = made_namespace});
    return *result;
}

bool Runtime::check(const ConfList& list, const Attached& attached) {
    if (!is_at_least(list.version, "0.4.0"))
        throw Error(ErrorCode::incompatible_version,
                    "cniVersion \"" + list.version + "\" has no CHECK",
                    "it came with 0.4.0");
    if (list.disable_check) return false;
    const auto result = result_of(list, attached);
    for (const auto& plugin : list.plugins)
        run(Command::check, plugin, attached, stdin_of(list, plugin, attached, result));
    return true;
}

void Runtime::del(const ConfList& list, const Attached& attached) {
    std::optional<VersionedResult> result;
    if (is_at_least(list.version, "0.4.0")) result = result_of(list, attached);
    for (auto plugin = list.plugins.rbegin(); plugin != list.plugins.rend(); ++plugin)
        run(Command::del, *plugin, attached, stdin_of(list, *plugin, attached, result));
    cache_.remove(list.name, attached.container_id, attached.interface_name);
}

bool Runtime::status(const ConfList& list) {
    if (!is_at_least(list.version, "1.1.0")) return false;
    for (const auto& plugin : list.plugins)
        run(Command::status, plugin, nobody(), stdin_of_status(list, plugin));
    return true;
}

std::vector<CacheEntry> Runtime::stale(const ConfList& list,
                                       const std::vector<Attachment>& valid) const {
    auto entries = cache_.entries();
    std::erase_if(entries, [&](const CacheEntry& entry) {
        const Attachment attachment{.container_id = entry.attached.container_id,
                                    .interface_name = entry.attached.interface_name};
        return entry.network != list.name || std::ranges::find(valid, attachment) != valid.end();
    });
    return entries;
}

Collected Runtime::gc(const ConfList& list, const std::vector<Attachment>& valid) {
    Collected collected;
    if (list.disable_gc) return collected;
    for (auto& entry : stale(list, valid)) {
        try {
            del(list, entry.attached);
            collected.removed.push_back(std::move(entry));
        } catch (const PluginFailure& failure) {
            if (collected.output.empty()) collected.output = failure.output();
            collected.faults.push_back(entry.attached.container_id + ": " + one_line(failure));
        } catch (const Error& error) {
            collected.faults.push_back(entry.attached.container_id + ": " + one_line(error));
        }
    }
    if (is_at_least(list.version, "1.1.0")) collect_in_plugins(list, valid, collected);
    return collected;
}

void Runtime::collect_in_plugins(const ConfList& list,
                                 const std::vector<Attachment>& valid,
                                 Collected& collected) {
    for (const auto& plugin : list.plugins) {
        try {
            run(Command::gc, plugin, nobody(), stdin_of_gc(list, plugin, valid));
        } catch (const PluginFailure& failure) {
            if (collected.output.empty()) collected.output = failure.output();
            collected.faults.push_back(one_line(failure));
        } catch (const Error& error) {
            collected.faults.push_back(one_line(error));
        }
    }
}

/// In the version of the conf, which may have changed since.
std::optional<VersionedResult> Runtime::result_of(const ConfList& list,
                                                  const Attached& attached) const {
    const auto entry = cache_.find(list.name, attached.container_id, attached.interface_name);
    if (!entry || entry->result->empty()) return std::nullopt;
    try {
        auto result = versioned_result(JsonReader(*entry->result, "result"), version_of(list));
        result.version = version_of(list);
        return result;
    } catch (const BadShape&) {
        // libcni drops such a file.
        return std::nullopt;
    }
}

Ended Runtime::run(Command command,
                   const PluginConf& plugin,
                   const Attached& attached,
                   const std::string& input) {
    return require_success(plugins_, call_of(command, plugin, attached, input));
}

void require_names(const ConfList& list, const Attached& attached) {
    require_identifier("network", list.name);
    require_identifier("container", attached.container_id);
    const auto fault = fault_of_interface_name(attached.interface_name);
    if (!fault.empty())
        throw Error(ErrorCode::invalid_environment,
                    "the interface's name \"" + attached.interface_name + "\" "
                        + std::string(fault),
                    "call it eth0, as runtimes do");
}

} // namespace libcni::runtime
