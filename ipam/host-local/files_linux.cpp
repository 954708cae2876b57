// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <system_error>
#include <unistd.h>

#include "ipam/host-local/files.hpp"

namespace host_local {

std::string why_not_writable(const fs::path& folder) {
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return std::generic_category().message(errno);
}

} // namespace host_local
