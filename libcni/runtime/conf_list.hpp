// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/json_value.hpp"

// What a runtime reads of a network's configuration, as Go's libcni does (libcni/conf.go): what
// that refuses is refused here, so that nothing works by hand that no runtime would start.
namespace libcni::runtime {

/// One plugin of a list, as its author wrote it.
struct PluginConf {
    std::string type;
    /// "capabilities": what the plugin wants to hear of in runtimeConfig, and whether it does.
    std::map<std::string, bool> capabilities = {};
    /// The whole object.
    JsonValue json = {};
};

/// A network: its plugins in the order of ADD.
struct ConfList {
    std::string name;
    /// As the author wrote it, of several the highest that we know; empty where there is none,
    /// which means 0.1.0.
    std::string version = {};
    bool disable_check = false;
    bool disable_gc = false;
    /// True for a list whose folder of further plugins is not to be looked at.
    bool only_inlined = false;
    std::vector<PluginConf> plugins = {};
    /// What goes into the cache: the text of the list, or of a list made of one plugin's conf.
    std::string bytes = {};
};

/// True for a version of the spec that is `other` or later, whether we know it or not. Throws
/// Error(invalid_network_config) for what is no version.
bool is_at_least(std::string_view version, std::string_view other);

/// A .conflist. `what` names the text in messages. Plugins that only lie in its folder are not in
/// it, so it may have none. Throws Error, BadShape.
ConfList read_conf_list(std::string text, const std::string& what);

/// A .conf, which is one plugin, as a list. Throws Error, BadShape.
ConfList read_single_conf(std::string text, const std::string& what);

/// The network of a file: a list where its name ends with ".conflist", with the plugins of
/// <folder>/<network>/*.conf behind its own; else one plugin. Throws Error that names the file.
ConfList load_conf(const std::filesystem::path& file);

/// The network of that name in a folder: the first of its lists, else of its .conf and .json files,
/// in the order of their names. One that does not read is an error, as for the runtime. Throws
/// Error.
ConfList find_conf(const std::filesystem::path& folder, const std::string& name);

/// How long a plugin of this conf may take: its "timeoutSeconds" and a margin, in which it says
/// itself what hangs.
std::chrono::seconds time_limit_of(const PluginConf& plugin);

} // namespace libcni::runtime
