// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/wincni/conf/explanation.hpp"

// An explanation as it is shown.
namespace wincni::conf {

/// For a person: what the plugin of that network needs, what a pod gets, its policies in words.
std::string shown(const Explanation& explanation, const std::string& network);

/// For programs; the keys are in docs/tools.md.
nlohmann::ordered_json as_json(const Explanation& explanation);

} // namespace wincni::conf
