// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace libcni {

/// Parses JSON text as people write it: a UTF-8 byte-order mark is taken away from `text`. Throws
/// Error(decoding_failure) with line, column and, where we can tell, the cause and the cure.
/// `what` names the text in messages ("network configuration"). Nesting of more than 1000 levels
/// is refused, too: later steps would exhaust the stack.
nlohmann::json parse_json(std::string& text, std::string_view what);

/// The keys that stand more than once in one object, as paths ("ipam.subnet"; lists have no part of
/// their own), in any case, each once. Of text that does not parse: those before the fault.
std::vector<std::string> repeated_keys(std::string_view text);

} // namespace libcni
