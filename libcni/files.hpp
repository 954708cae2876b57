// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// What is asked of folders, beside what platform.hpp has for files.
namespace libcni {

/// The names in a folder, UTF-8, in no order; no value when there is no such folder. Throws
/// Error(io_failure) naming the folder.
std::optional<std::vector<std::string>> names_in(const std::filesystem::path& folder);

/// Why files could not be made in a folder that may not be there yet: asks the nearest one above it
/// that is. Empty when they could. Changes nothing.
std::string why_not_usable(const std::filesystem::path& folder);

} // namespace libcni
