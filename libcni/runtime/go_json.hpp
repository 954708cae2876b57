// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace libcni::runtime {

/// The text of a value as Go's encoding/json writes what it has read: in one line, numbers as
/// float64 holds them, "<", ">", "&", U+2028 and U+2029 escaped. Keys stand in the order of the
/// value: sorted, as in Go's maps, or as they were put in, as in its structures.
std::string go_text(const nlohmann::json& value);
std::string go_text(const nlohmann::ordered_json& value);

} // namespace libcni::runtime
