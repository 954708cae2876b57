// SPDX-License-Identifier: Apache-2.0
#include <system_error>

#include <windows.h>

#include "ipam/host-local/files.hpp"

namespace host_local {

std::string why_not_writable(const fs::path& folder) {
    // Opening with the right to add files asks the access list and changes nothing; _waccess looks
    // at no access list at all.
    constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE opened = CreateFileW(folder.c_str(),
                                      FILE_ADD_FILE,
                                      share_all,
                                      nullptr,
                                      OPEN_EXISTING,
                                      FILE_FLAG_BACKUP_SEMANTICS,
                                      nullptr);
    if (opened == INVALID_HANDLE_VALUE) return "Windows error " + std::to_string(GetLastError());
    CloseHandle(opened);
    return {};
}

} // namespace host_local
