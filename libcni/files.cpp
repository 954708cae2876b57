// SPDX-License-Identifier: Apache-2.0
#include "libcni/files.hpp"

#include <system_error>

#include "libcni/error.hpp"
#include "libcni/platform.hpp"

namespace libcni {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_to_list(const fs::path& folder, const std::error_code& error) {
    throw Error(ErrorCode::io_failure,
                "cannot list the folder " + utf8_of(folder) + ": " + error.message(),
                "check that the path is right and that this user may use it");
}

} // namespace

std::optional<std::vector<std::string>> names_in(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    if (error == std::errc::no_such_file_or_directory) return std::nullopt;
    if (error) fail_to_list(folder, error);
    std::vector<std::string> found;
    while (entry != fs::directory_iterator()) {
        found.push_back(utf8_of(entry->path().filename()));
        entry.increment(error);
        if (error) fail_to_list(folder, error);
    }
    return found;
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

} // namespace libcni
