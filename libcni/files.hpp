// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/base/files.hpp"

// The files of libcni/base/ for plugins: each function does what its namesake in libcni::base does
// and throws Error(io_failure) for FileError, Error(try_again_later) for LockBusy.
namespace libcni {

/// An exclusive lock on a whole file, as base::FileLock.
class FileLock {
public:
    FileLock(const std::filesystem::path& file, std::chrono::milliseconds patience);

private:
    base::FileLock lock_;
};

/// The whole file, or no value when it is not there.
std::optional<std::string> read_file(const std::filesystem::path& file);

/// Afterwards there is the old file or the new one, whole, and no temporary one.
void write_file_durably(const std::filesystem::path& file,
                        const std::filesystem::path& temporary,
                        std::string_view content);

/// Removes a file; false when it was not there.
bool remove_file(const std::filesystem::path& file);

/// Makes a folder and those above it.
void make_folders(const std::filesystem::path& folder);

/// The names in a folder, UTF-8, in no order; no value when there is no such folder.
std::optional<std::vector<std::string>> names_in(const std::filesystem::path& folder);

} // namespace libcni
