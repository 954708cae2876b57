// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcni/config.hpp"
#include "libcni/plugin_answer.hpp"
#include "libcni/runtime/attachment.hpp"
#include "libcni/runtime/conf_list.hpp"

// What a plugin of a list gets on stdin: its own conf with what a runtime puts into it (CNI spec
// 1.1.0, section 3, "Deriving execution configuration from plugin configuration"), byte for byte
// as Go's libcni writes it.
namespace libcni::runtime {

/// For ADD, CHECK and DEL: with name, cniVersion, prevResult where there is one, and of the
/// attachment's capabilities those that are true in this plugin.
std::string stdin_of(const ConfList& list,
                     const PluginConf& plugin,
                     const Attached& attached,
                     const std::optional<VersionedResult>& previous);

/// For STATUS: with name and cniVersion.
std::string stdin_of_status(const ConfList& list, const PluginConf& plugin);

/// For GC: also with the attachments that are still valid, by the name of the spec and by that
/// which it once had by mistake.
std::string
stdin_of_gc(const ConfList& list, const PluginConf& plugin, const std::vector<Attachment>& valid);

} // namespace libcni::runtime
