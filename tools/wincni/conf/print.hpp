// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/wincni/conf/document.hpp"
#include "tools/wincni/conf/findings.hpp"

namespace wincni::conf {

/// A finding for a person: what, where with the line, why it matters and what to do.
std::string shown(const Document& document, const Finding& finding);

/// A finding for programs. Offsets of edits are bytes of the text as UTF-8.
nlohmann::json as_json(const Document& document, const Finding& finding);

/// "2 errors and 1 warning", of those that are shown.
std::string counts_of(const std::vector<Finding>& findings);

} // namespace wincni::conf
