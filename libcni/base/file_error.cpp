// SPDX-License-Identifier: Apache-2.0
#include "libcni/base/file_error.hpp"

#include <utility>

#include "libcni/base/platform.hpp"

namespace libcni::base {

Fault::Fault(const std::string& message, std::string details)
    : std::runtime_error(message), details_(std::move(details)) {}

FileError::FileError(const std::string& doing,
                     const std::filesystem::path& path,
                     const std::string& reason)
    : Fault("cannot " + doing + " " + utf8_of(path) + ": " + reason,
            "check that the path is right and that this user may use it") {}

} // namespace libcni::base
