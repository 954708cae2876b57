// SPDX-License-Identifier: Apache-2.0
#include "libcni/log_file.hpp"

#include <chrono>
#include <string>
#include <system_error>
#include <utility>

#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"

namespace libcni::log {

namespace fs = std::filesystem;

namespace {

/// Beyond this a full file is less of an evil than a pod that waits.
constexpr std::chrono::milliseconds patience{200};

fs::path with_suffix(fs::path file, const std::string& suffix) {
    file += suffix;
    return file;
}

/// False when it is there and cannot be renamed: somebody reads it and does not share it.
bool renamed_if_there(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    return !error || error == std::errc::no_such_file_or_directory;
}

} // namespace

LogFile::LogFile(fs::path file, Limits limits) : file_(std::move(file)), limits_(limits) {}

void LogFile::append(std::string_view line) const {
    if (!has_room_for(line)) try {
            // Who waited for the lock finds a new file: another process has made room.
            const base::FileLock lock(with_suffix(file_, ".lock"), patience);
            if (!has_room_for(line)) rotate();
        } catch (const base::Fault&) {
            // Then the file grows.
        }
    base::append(file_, line);
}

bool LogFile::has_room_for(std::string_view line) const {
    std::error_code error;
    const auto size = fs::file_size(file_, error);
    return error || size == 0 || size + line.size() <= limits_.bytes;
}

/// From the oldest on, and no further than the first that stays where it is: nothing that should be
/// kept is written over. Who has the file open writes on into "<name>.1".
void LogFile::rotate() const {
    for (unsigned number = limits_.kept; number > 0; --number)
        if (!renamed_if_there(older(number - 1), older(number))) return;
}

fs::path LogFile::older(unsigned number) const {
    return number == 0 ? file_ : with_suffix(file_, "." + std::to_string(number));
}

} // namespace libcni::log
