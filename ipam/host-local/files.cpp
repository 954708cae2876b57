// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/files.hpp"

#include <system_error>

#include "libcni/error.hpp"
#include "libcni/platform.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;
using libcni::utf8_of;

namespace {

bool is_missing(const std::error_code& error) {
    return error == std::errc::no_such_file_or_directory;
}

[[noreturn]] void fail(const char* doing, const fs::path& path, const std::string& reason) {
    throw Error(ErrorCode::io_failure,
                std::string("cannot ") + doing + " " + utf8_of(path) + ": " + reason,
                "check that the path is right and that this user may use it");
}

} // namespace

std::optional<std::vector<std::string>> Disk::names(const fs::path& folder) const {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    if (is_missing(error)) return std::nullopt;
    if (error) fail("list the folder", folder, error.message());
    std::vector<std::string> found;
    while (entry != fs::directory_iterator()) {
        found.push_back(utf8_of(entry->path().filename()));
        entry.increment(error);
        if (error) fail("list the folder", folder, error.message());
    }
    return found;
}

bool Disk::exists(const fs::path& path) const {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (status.type() == fs::file_type::not_found) return false;
    if (error) fail("look at", path, error.message());
    return true;
}

std::optional<std::string> Disk::read(const fs::path& file) const {
    return libcni::read_file(file);
}

void Disk::write(const fs::path& file, const fs::path& temporary, std::string_view content) {
    libcni::write_file_durably(file, temporary, content);
}

bool Disk::remove(const fs::path& file) {
    return libcni::remove_file(file);
}

void Disk::make_folders(const fs::path& folder) {
    libcni::make_folders(folder);
}

std::string why_not_usable(const fs::path& folder) {
    std::error_code error;
    fs::path nearest = folder;
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
    return utf8_of(nearest) + " is no folder";
}

} // namespace host_local
