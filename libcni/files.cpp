// SPDX-License-Identifier: Apache-2.0
#include "libcni/files.hpp"

#include <system_error>

#include "libcni/base/file_error.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"

namespace libcni {

namespace fs = std::filesystem;

namespace {

/// Does it, and makes an Error of what the system refuses.
template <class Deed>
auto for_plugins(Deed deed) -> decltype(deed()) {
    try {
        return deed();
    } catch (const base::FileError& error) {
        throw Error(ErrorCode::io_failure, error.what(), error.details());
    } catch (const base::LockBusy& error) {
        throw Error(ErrorCode::try_again_later, error.what(), error.details());
    }
}

/// A folder cannot be written over, nor does its name tell who made it: an empty one goes.
void clear_of_folder(const fs::path& file) {
    std::error_code error;
    if (fs::symlink_status(file, error).type() != fs::file_type::directory) return;
    fs::remove(file, error);
    if (error)
        throw Error(ErrorCode::io_failure,
                    "cannot write " + utf8_of(file) + ": it is a folder (" + error.message() + ")",
                    "remove this folder: a file has its place");
}

} // namespace

FileLock::FileLock(const fs::path& file, std::chrono::milliseconds patience)
    : lock_(for_plugins([&] { return base::FileLock(file, patience); })) {}

std::optional<std::string> read_file(const fs::path& file) {
    return for_plugins([&] { return base::read_file(file); });
}

void write_file_durably(const fs::path& file, const fs::path& temporary, std::string_view content) {
    clear_of_folder(temporary);
    clear_of_folder(file);
    for_plugins([&] { base::write_file_durably(file, temporary, content); });
}

bool remove_file(const fs::path& file) {
    return for_plugins([&] { return base::remove_file(file); });
}

void make_folders(const fs::path& folder) {
    for_plugins([&] { base::make_folders(folder); });
}

std::optional<std::vector<std::string>> names_in(const fs::path& folder) {
    return for_plugins([&] { return base::names_in(folder); });
}

} // namespace libcni
