// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/files.hpp"

#include <system_error>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"

namespace host_local {

std::optional<std::vector<std::string>> Disk::names(const fs::path& folder) const {
    return libcni::names_in(folder);
}

bool Disk::exists(const fs::path& path) const {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (status.type() == fs::file_type::not_found) return false;
    if (error)
        throw libcni::Error(libcni::ErrorCode::io_failure,
                            "cannot access " + libcni::utf8_of(path) + ": " + error.message(),
                            "check that the path is right and that this user may use it");
    return true;
}

bool Disk::is_no_file(const fs::path& path) const noexcept {
    std::error_code error;
    const fs::file_type type = fs::status(path, error).type();
    if (error) return error == std::errc::too_many_symbolic_link_levels;
    return type != fs::file_type::regular;
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

} // namespace host_local
