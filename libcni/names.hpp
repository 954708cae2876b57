// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace libcni {

/// Container IDs and network names: a letter or digit, then letters, digits, "_", "." and "-"
/// (CNI spec 1.1.0, sections 1 and 2).
bool is_identifier(std::string_view text) noexcept;

/// Why `name` is no interface name, or an empty text. At most 15 bytes, not "." or "..", no "/",
/// ":", white space or control characters, as the reference checks.
std::string_view fault_of_interface_name(std::string_view name) noexcept;

} // namespace libcni
