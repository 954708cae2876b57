// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libcni/json_value.hpp"

namespace libcni::runtime {

/// One interface of a container in a network, as a runtime speaks of it to plugins.
struct Attached {
    std::string container_id;
    /// CNI_NETNS; empty where it is gone or not known.
    std::string netns = {};
    std::string interface_name = "eth0";
    /// CNI_ARGS, in the order in which they were given.
    std::vector<std::pair<std::string, std::string>> args = {};
    /// What is handed on to plugins that want to know: an object of "portMappings", "dns", ...
    JsonValue capabilities = {};

    friend bool operator==(const Attached&, const Attached&) = default;
};

/// The value of a key of CNI_ARGS; empty when it is not there.
std::string arg_of(const Attached& attached, const std::string& key);

/// CNI_ARGS as a plugin gets it: "K=V;K=V".
std::string args_text(const Attached& attached);

} // namespace libcni::runtime
