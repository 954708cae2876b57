// SPDX-License-Identifier: Apache-2.0
#include "libcni/base/files.hpp"

#include <algorithm>
#include <system_error>
#include <thread>

#include "libcni/base/file_error.hpp"

namespace libcni {

namespace fs = std::filesystem;

std::string why_not_usable(const fs::path& folder) {
    std::error_code error;
    // A relative one has parents, too.
    fs::path nearest = fs::absolute(folder, error);
    fs::file_status status = fs::status(nearest, error);
    while (status.type() == fs::file_type::not_found && nearest.has_relative_path()) {
        nearest = nearest.parent_path();
        status = fs::status(nearest, error);
    }
    if (status.type() == fs::file_type::directory) {
        const std::string reason = why_not_writable(nearest);
        return reason.empty() ? reason : utf8_of(nearest) + ": " + reason;
    }
    if (status.type() == fs::file_type::none) return utf8_of(nearest) + ": " + error.message();
    return utf8_of(nearest) + " is not a folder";
}

namespace base {

FileLock::FileLock(const fs::path& file) : file_(file) {
    file_.lock();
}

FileLock::FileLock(const fs::path& file, std::chrono::milliseconds patience) : file_(file) {
    if (!becomes_true([&] { return file_.try_lock(); }, patience))
        throw LockBusy("another process has held the lock " + utf8_of(file) + " for "
                           + std::to_string(patience.count()) + " ms",
                       how_to_find_holder_of(file) + "; the lock ends with that process");
}

bool becomes_true(const std::function<bool()>& done,
                  std::chrono::milliseconds patience,
                  std::chrono::milliseconds longest_pause) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + patience;
    for (std::chrono::milliseconds pause{1}; !done(); pause = std::min(pause * 2, longest_pause)) {
        if (Clock::now() >= deadline) return false;
        std::this_thread::sleep_for(pause);
    }
    return true;
}

std::optional<std::vector<std::string>> names_in(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    if (error == std::errc::no_such_file_or_directory) return std::nullopt;
    std::vector<std::string> found;
    while (!error && entry != fs::directory_iterator()) {
        found.push_back(utf8_of(entry->path().filename()));
        entry.increment(error);
    }
    if (error) throw FileError("list the folder", folder, error.message());
    return found;
}

void make_folders(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw FileError("create the folder", folder, error.message());
}

} // namespace base

} // namespace libcni
