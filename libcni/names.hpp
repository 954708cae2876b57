// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace libcni {

/// Container IDs and network names: a letter or digit, then letters, digits, "_", "." and "-"
/// (CNI spec 1.1.0, sections 1 and 2).
bool is_identifier(std::string_view text) noexcept;

/// Why `name` is not an interface name, or an empty text. At most 15 bytes, not "." or "..", no
/// "/",
/// ":", white space or control characters, as the reference checks.
std::string_view fault_of_interface_name(std::string_view name) noexcept;

/// Why Windows would take a file or folder of this name for something else ("a device"), so that
/// what is in it got lost or mixed up; empty when it would not. The name is an identifier.
std::string_view why_windows_misreads(std::string_view name) noexcept;

/// A plugin's type without the ".exe" that people write behind it.
std::string_view without_exe(std::string_view type) noexcept;

/// True when a conf's `type` means the plugin of this name, in any case, with ".exe" or without.
bool means_plugin(std::string_view type, std::string_view name) noexcept;

} // namespace libcni
