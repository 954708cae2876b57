// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/run_parts.hpp"

#include <nlohmann/json.hpp>

#include "hnsclient/guid.hpp"
#include "hnsclient/removal.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/names.hpp"
#include "libcni/plugin_path.hpp"
#include "tools/wincni/hns_session.hpp"
#include "tools/wincni/trace_view.hpp"

namespace wincni::run {

namespace fs = std::filesystem;

using libcni::environment_variable;
using libcni::path_of;
using libcni::utf8_of;
using libcni::runtime::Attached;
using libcni::runtime::CacheEntry;
using libcni::runtime::ConfList;

namespace {

/// "K=V", taken apart.
std::pair<std::string, std::string> pair_of(const std::string& text, const char* option) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Misuse(std::string(option) + " \"" + text + "\" is not a KEY=VALUE pair",
                     std::string("write it like ") + option + " KEY=VALUE");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<std::pair<std::string, std::string>> args_of(const Options& options) {
    std::vector<std::pair<std::string, std::string>> args;
    for (const auto& text : options.args) {
        args.push_back(pair_of(text, "--arg"));
        if (text.find(';') != std::string::npos)
            throw Misuse("--arg \"" + text + "\" holds a semicolon, which separates CNI_ARGS",
                         "give --arg once for each");
    }
    return args;
}

std::pair<std::string, nlohmann::json> capability_of(const std::string& text) {
    const auto [name, value] = pair_of(text, "--capability");
    auto json = nlohmann::json::parse(value, nullptr, false);
    if (json.is_discarded())
        throw Misuse("--capability " + name + " is not JSON: " + value,
                     R"(in sh: --capability 'dns={"servers": ["10.96.0.10"]}'; PowerShell 5 takes )"
                     R"(quotes away, so write \" for each there)");
    return {name, std::move(json)};
}

nlohmann::json capabilities_of(const Options& options) {
    auto capabilities = nlohmann::json::object();
    for (const auto& text : options.capabilities) {
        auto [name, value] = capability_of(text);
        capabilities[name] = std::move(value);
    }
    return capabilities;
}

std::string quoted_if_needed(const std::string& text) {
    const bool is_plain = text.find_first_of(" \t\"'&;|<>()$`*?") == std::string::npos;
    return is_plain && !text.empty() ? text : '"' + text + '"';
}

/// A file of a trace while it is written, gone afterwards.
class TraceFile {
public:
    /// `detail` is empty where no trace is wanted.
    explicit TraceFile(const std::string& detail) : detail_(detail) {
        if (!detail.empty())
            file_ = fs::temp_directory_path() / ("wincni-trace-" + hnsclient::new_id() + ".jsonl");
    }

    ~TraceFile() {
        std::error_code ignored;
        if (!file_.empty()) fs::remove(file_, ignored);
    }

    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;

    [[nodiscard]] std::string name() const { return utf8_of(file_); }

    [[nodiscard]] std::string text() const {
        constexpr std::size_t longest = 64U << 20U;
        if (file_.empty()) return "";
        const auto lines = libcni::base::read_file(file_, longest);
        return trace_text(lines.value_or(""),
                          detail_ == "full" ? TraceDetail::full : TraceDetail::calls);
    }

private:
    std::string detail_;
    fs::path file_;
};

} // namespace

ConfList conf_of(const Options& options) {
    const fs::path file = path_of(options.conf);
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return libcni::runtime::load_conf(file);
    const std::string folder = options.conf_dir.empty()
                                   ? environment_variable("NETCONFPATH").value_or("")
                                   : options.conf_dir;
    if (!folder.empty() && libcni::is_identifier(options.conf))
        return libcni::runtime::find_conf(path_of(folder), options.conf);
    throw Refusal("there is no file \"" + options.conf + "\"",
                  "to find a network by its name, say in which folder: --conf-dir DIR");
}

std::vector<std::string> plugin_folders_of(const Options& options) {
    if (!options.path.empty()) return options.path;
    auto folders = libcni::read_plugin_path(environment_variable("CNI_PATH").value_or(""));
    if (folders.empty()) folders.push_back(utf8_of(libcni::own_executable().parent_path()));
    return folders;
}

fs::path own_cache() {
    const auto program_data = environment_variable("ProgramData").value_or("");
    return program_data.empty() ? fs::path("/var/lib/wincni/cache")
                                : path_of(program_data) / "wincni" / "cache";
}

fs::path runtime_cache() {
    return path_of(libcni::system_drive() + "/var/lib/cni");
}

libcni::runtime::Cache cache_of(const Options& options) {
    return libcni::runtime::Cache(options.cache.empty() ? own_cache() : path_of(options.cache));
}

Attached attached_of(const Options& options, const std::optional<CacheEntry>& entry) {
    Attached attached = entry ? entry->attached : Attached{.container_id = options.container};
    attached.interface_name = options.interface_name;
    if (!options.netns.empty()) attached.netns = options.netns;
    if (!options.args.empty()) attached.args = args_of(options);
    if (!options.capabilities.empty()) attached.capabilities = capabilities_of(options);
    return attached;
}

std::string same_again(const Options& options, const std::string& container) {
    std::string text = quoted_if_needed(options.conf) + " --container " + container;
    const auto give = [&text](const char* name, const std::string& value) {
        if (!value.empty())
            text.append(" ").append(name).append(" ").append(quoted_if_needed(value));
    };
    if (options.interface_name != Options().interface_name)
        give("--ifname", options.interface_name);
    give("--conf-dir", options.conf_dir);
    give("--cache", options.cache);
    for (const auto& folder : options.path)
        give("--path", folder);
    return text;
}

std::string summary_of(const ConfList& list) {
    std::string text = list.name + ": ";
    for (std::size_t i = 0; i < list.plugins.size(); ++i)
        text += (i == 0 ? "" : ", ") + list.plugins[i].type;
    return text + "; CNI " + (list.version.empty() ? "0.1.0" : list.version);
}

Answer answer_of(const libcni::Error& error) {
    const auto* const failure = dynamic_cast<const libcni::runtime::PluginFailure*>(&error);
    return {.out = failure != nullptr ? failure->output() : "",
            .error = complaint(error.msg(), error.details()),
            .status = failed};
}

Answer answering(const std::function<Answer()>& command) {
    try {
        return command();
    } catch (const libcni::Error& error) {
        return answer_of(error);
    } catch (const Misuse& misuse) {
        return {.out = {},
                .error = complaint(misuse.what(), misuse.advice()),
                .status = wrong_arguments};
    }
}

Answer traced(const Options& options,
              const std::function<Answer(const std::string& trace)>& command) {
    const TraceFile file(options.trace);
    Answer answer = answering([&] { return command(file.name()); });
    answer.error.insert(0, file.text());
    return answer;
}

std::string complaint(const std::string& sentence, const std::string& advice) {
    return "wincni: " + sentence + "\n" + (advice.empty() ? "" : "  " + advice + "\n");
}

void remove_made_namespace(const std::string& id) {
    if (id.empty()) return;
    try {
        (void)with_hns([&](hnsclient::ClientV2& client) {
            hnsclient::unless_gone([&] { client.delete_namespace(id); });
            return std::string();
        });
    } catch (const hnsclient::HnsError& error) {
        throw Refusal("namespace " + id + " stays: " + error.what()
                          + "; remove it with: wincni hns delete namespace " + id,
                      "");
    }
}

} // namespace wincni::run
