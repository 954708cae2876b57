// SPDX-License-Identifier: Apache-2.0
#include "libcni/files.hpp"

#include "libcni/base/file_error.hpp"
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

} // namespace

FileLock::FileLock(const fs::path& file, std::chrono::milliseconds patience)
    : lock_(for_plugins([&] { return base::FileLock(file, patience); })) {}

std::optional<std::string> read_file(const fs::path& file) {
    return for_plugins([&] { return base::read_file(file); });
}

void write_file_durably(const fs::path& file, const fs::path& temporary, std::string_view content) {
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
