// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libcni/base/platform.hpp"

// What is asked of files and folders alike on each platform, on top of platform.hpp.
namespace libcni {

/// Why files could not be made in a folder that may not be there yet: asks the nearest one above it
/// that is. Empty when they could. Changes nothing.
std::string why_not_usable(const std::filesystem::path& folder);

} // namespace libcni

namespace libcni::base {

/// Holds a file locked (see LockableFile) against every other holder, in this process or another.
class FileLock {
public:
    /// Waits for the lock as long as it takes. Throws FileError.
    explicit FileLock(const std::filesystem::path& file);

    /// Waits for the lock no longer than that. Throws FileError, and LockBusy when it was in vain.
    FileLock(const std::filesystem::path& file, std::chrono::milliseconds patience);

private:
    LockableFile file_;
};

/// Asks `done` again and again, with pauses that grow up to the longest one, until it is true or
/// `patience` is over; what it said last.
bool becomes_true(const std::function<bool()>& done,
                  std::chrono::milliseconds patience,
                  std::chrono::milliseconds longest_pause = std::chrono::milliseconds(16));

/// The names in a folder, UTF-8, in no order; no value when there is no such folder. Throws
/// FileError naming the folder.
std::optional<std::vector<std::string>> names_in(const std::filesystem::path& folder);

/// Makes a folder and those above it. Throws FileError that names what is in the way.
void make_folders(const std::filesystem::path& folder);

} // namespace libcni::base
