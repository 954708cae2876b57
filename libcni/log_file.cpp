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

/// Lines on a device may be where the result belongs (/dev/stdout), and a FIFO waits for a reader.
void require_regular(const fs::path& file) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (fs::exists(status) && !fs::is_regular_file(status))
        throw base::FileError("log to", file, "it is not a regular file");
}

} // namespace

LogFile::LogFile(fs::path file, Limits limits) : file_(std::move(file)), limits_(limits) {}

void LogFile::append(std::string_view line) const {
    require_regular(file_);
    if (!has_room_for(line)) try {
            // Who waited for the lock finds a new file: another process has made room.
            const base::FileLock lock(with_suffix(file_, ".lock"), patience);
            if (!has_room_for(line)) rotate();
        } catch (const base::Fault&) {
            // Then the file grows.
        }
    try {
        base::append(file_, line);
    } catch (const base::FileError&) {
        if (!file_.has_parent_path()) throw;
        base::make_folders(file_.parent_path());
        base::append(file_, line);
    }
}

bool LogFile::has_room_for(std::string_view line) const {
    std::error_code error;
    const auto size = fs::file_size(file_, error);
    return error || size == 0 || size + line.size() <= limits_.bytes;
}

/// From the oldest on, and no further than the first that stays where it is: nothing that should be
/// kept is written over. One stays that somebody reads and does not share. Who has the file open
/// writes on into "<name>.1".
void LogFile::rotate() const {
    for (unsigned number = limits_.kept; number > 0; --number)
        if (base::rename_if_there(older(number - 1), older(number)) == base::Renamed::could_not)
            return;
}

fs::path LogFile::older(unsigned number) const {
    return number == 0 ? file_ : with_suffix(file_, "." + std::to_string(number));
}

} // namespace libcni::log
