// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/conf_list.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/json_text.hpp"
#include "libcni/runtime/go_json.hpp"
#include "libcni/version.hpp"

namespace libcni::runtime {

namespace fs = std::filesystem;

namespace {

using Numbers = std::array<unsigned, 3>;

Error not_a_conf(const std::string& what, std::string details) {
    return {ErrorCode::invalid_network_config, what, std::move(details)};
}

unsigned number_in(std::string_view part, std::string_view version) {
    constexpr std::size_t most_digits = 6;
    const bool is_number = !part.empty() && part.size() <= most_digits
                           && part.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number)
        throw not_a_conf("cniVersion \"" + std::string(version) + "\" is not a version",
                         "write it like \"1.0.0\"");
    return static_cast<unsigned>(std::stoul(std::string(part)));
}

Numbers numbers_of(std::string_view version) {
    if (version.empty()) return {0, 1, 0};
    Numbers numbers{};
    const auto parts = split(version, '.');
    // Of four parts there is no room for the last.
    for (std::size_t i = 0; i < parts.size(); ++i)
        numbers.at(std::min<std::size_t>(i, 2)) = number_in(i < 3 ? parts[i] : "", version);
    return numbers;
}

/// The object that the text is. A runtime's parser does not know a byte-order mark.
nlohmann::json parse(std::string& text, const std::string& what) {
    if (without_byte_order_mark(text).size() != text.size())
        throw Error(ErrorCode::decoding_failure,
                    what + " begins with a byte-order mark, which no runtime reads",
                    "save it as UTF-8 without one (PowerShell 5: Set-Content -Encoding ascii)");
    auto json = parse_json(text, what);
    if (!json.is_object())
        throw Error(ErrorCode::decoding_failure,
                    what + " is not a JSON object",
                    "a network configuration begins with \"{\"");
    return json;
}

/// Lists of a conf are lists of strings to Go, of which it refuses everything else.
void require_texts(const JsonReader& parent, std::string_view key) {
    const auto list = parent.find(key);
    if (!list) return;
    for (const auto& element : list->elements())
        if (!element.json().is_null()) (void)element.text();
}

/// The keys of which libcni reads more than their text (types.NetConf): of another type they spoil
/// the whole conf, whether the plugin reads them or not.
void require_types_of_go(const JsonReader& conf) {
    for (const char* key : {"cniVersion", "name", "type"})
        (void)conf.text_or_empty(key);
    for (const char* key : {"ipam", "dns", "prevResult"})
        if (const auto object = conf.find(key); object && !object->is_object())
            object->mismatch("an object");
    if (const auto ipam = conf.find("ipam")) (void)ipam->text_or_empty("type");
    if (const auto dns = conf.find("dns")) {
        (void)dns->text_or_empty("domain");
        for (const char* key : {"nameservers", "search", "options"})
            require_texts(*dns, key);
    }
}

std::map<std::string, bool> capabilities_of(const JsonReader& conf) {
    std::map<std::string, bool> capabilities;
    if (const auto found = conf.find("capabilities"))
        for (const auto& [name, is_wanted] : found->members())
            capabilities[name] = !is_wanted.json().is_null() && is_wanted.boolean();
    return capabilities;
}

PluginConf plugin_of(const nlohmann::json& json, const std::string& what) {
    const JsonReader conf(json, what);
    if (!conf.is_object()) conf.mismatch("an object");
    require_types_of_go(conf);
    PluginConf plugin{
        .type = conf.text_or_empty("type"), .capabilities = capabilities_of(conf), .json = json};
    if (!plugin.type.empty()) return plugin;
    if (json.contains("plugins"))
        throw not_a_conf(what
                             + " holds a list of plugins, which a runtime reads only from a file "
                               "that ends with .conflist",
                         "rename the file");
    throw not_a_conf(what + " has no \"type\"", "name the plugin: \"type\": \"win-bridge\"");
}

/// Keys of a list are read in this spelling only.
std::optional<JsonReader> exactly(const JsonReader& list, const char* key) {
    const auto found = list.json().find(key);
    if (found == list.json().end()) return std::nullopt;
    return JsonReader(*found, list.path() + "." + key);
}

std::string version_of(const JsonReader& list) {
    const auto single = exactly(list, "cniVersion");
    std::string version = single ? single->text() : "";
    const auto several = exactly(list, "cniVersions");
    if (!several) return version;
    constexpr std::string_view newest = spec_version_names.back();
    std::string best;
    auto candidates = several->elements();
    if (!version.empty()) candidates.push_back(*single);
    for (const auto& candidate : candidates) {
        const std::string text = candidate.text();
        if (is_at_least(newest, text) && (best.empty() || is_at_least(text, best))) best = text;
    }
    return best.empty() ? version : best;
}

/// True and false may also be texts.
bool flag_of(const JsonReader& list, const char* key) {
    const auto flag = exactly(list, key);
    if (!flag) return false;
    if (!flag->is_string()) return flag->boolean();
    const std::string text = flag->text();
    if (same_ignoring_case(text, "true")) return true;
    if (!same_ignoring_case(text, "false")) flag->mismatch("true or false");
    return false;
}

std::vector<PluginConf> inlined_plugins_of(const JsonReader& list) {
    const auto found = exactly(list, "plugins");
    if (!found) return {};
    std::vector<PluginConf> plugins;
    for (const auto& element : found->elements())
        plugins.push_back(plugin_of(element.json(), element.path()));
    if (plugins.empty())
        throw not_a_conf(found->path() + " is empty", "a network needs one plugin at least");
    return plugins;
}

std::string read(const fs::path& file) {
    if (auto text = read_file(file)) return std::move(*text);
    throw Error(ErrorCode::io_failure,
                "there is no file " + utf8_of(file),
                "give a file, or a network's name and --conf-dir");
}

/// Runs `body`, whose BadShape is an Error as well: it has the file's name in its place.
template <class Body>
auto shaped(Body body) {
    try {
        return body();
    } catch (const BadShape& error) {
        throw not_a_conf(error.what(), "a runtime refuses the whole configuration for it");
    }
}

/// The files of a folder with one of these endings, in the order of their names.
std::vector<fs::path> files_in(const fs::path& folder, const std::vector<std::string>& endings) {
    std::vector<fs::path> files;
    for (const auto& name : names_in(folder).value_or(std::vector<std::string>())) {
        const fs::path file = folder / path_of(name);
        std::error_code ignored;
        const bool fits = std::ranges::find(endings, utf8_of(file.extension())) != endings.end();
        if (fits && !fs::is_directory(file, ignored)) files.push_back(file);
    }
    std::ranges::sort(files);
    return files;
}

/// With the plugins of the folder that has the network's name.
ConfList load_list(const fs::path& file) {
    ConfList list = read_conf_list(read(file), utf8_of(file));
    if (!list.only_inlined && !list.name.empty())
        for (const auto& further : files_in(file.parent_path() / path_of(list.name), {".conf"})) {
            std::string text = read(further);
            const std::string what = utf8_of(further);
            list.plugins.push_back(shaped([&] { return plugin_of(parse(text, what), what); }));
        }
    if (list.plugins.empty())
        throw not_a_conf(utf8_of(file) + " has no \"plugins\"",
                         "a .conflist lists them; one plugin alone belongs into a .conf");
    return list;
}

} // namespace

bool is_at_least(std::string_view version, std::string_view other) {
    return numbers_of(version) >= numbers_of(other);
}

ConfList read_conf_list(std::string text, const std::string& what) {
    const auto json = parse(text, what);
    return shaped([&] {
        const JsonReader list(json, what);
        const auto name = exactly(list, "name");
        if (!name) throw not_a_conf(what + " has no \"name\"", "name its network");
        ConfList read{.name = name->text(),
                      .version = version_of(list),
                      .disable_check = flag_of(list, "disableCheck"),
                      .disable_gc = flag_of(list, "disableGC"),
                      .only_inlined = flag_of(list, "loadOnlyInlinedPlugins"),
                      .plugins = inlined_plugins_of(list)};
        read.bytes = std::move(text);
        return read;
    });
}

ConfList read_single_conf(std::string text, const std::string& what) {
    const auto json = parse(text, what);
    return shaped([&] {
        const JsonReader conf(json, what);
        ConfList list;
        list.plugins.push_back(plugin_of(json, what));
        list.name = conf.text_or_empty("name");
        list.version = conf.text_or_empty("cniVersion");
        list.bytes = go_text(nlohmann::json{{"name", list.name},
                                            {"cniVersion", list.version},
                                            {"plugins", nlohmann::json::array({json})}});
        return list;
    });
}

ConfList load_conf(const fs::path& file) {
    if (file.extension() == ".conflist") return load_list(file);
    return read_single_conf(read(file), utf8_of(file));
}

ConfList find_conf(const fs::path& folder, const std::string& name) {
    std::vector<std::string> seen;
    using Endings = std::vector<std::string>;
    for (const auto& endings : {Endings{".conflist"}, Endings{".conf", ".json"}})
        for (const auto& file : files_in(folder, endings)) {
            ConfList list = load_conf(file);
            if (list.name == name) return list;
            seen.push_back("\"" + list.name + "\"");
        }
    throw not_a_conf("there is no network \"" + name + "\" in " + utf8_of(folder),
                     seen.empty() ? "the folder has no .conflist, .conf or .json file"
                                  : "there are " + joined(seen, ", "));
}

std::chrono::seconds time_limit_of(const PluginConf& plugin) {
    constexpr std::chrono::seconds usual{120};
    constexpr std::chrono::seconds longest{3600};
    constexpr std::chrono::seconds margin{30};
    const auto found = plugin.json->find("timeoutSeconds");
    const bool is_number = found != plugin.json->end() && found->is_number_unsigned();
    if (!is_number) return usual + margin;
    return std::min(std::chrono::seconds(found->get<std::uint32_t>()), longest) + margin;
}

} // namespace libcni::runtime
