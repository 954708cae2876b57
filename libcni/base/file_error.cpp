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

FileError no_file(const std::filesystem::path& path) {
    return {"read", path, "it is not a file, but a pipe or a device"};
}

FileError too_long(const std::filesystem::path& path, std::size_t most) {
    return {"read", path, "it is longer than " + std::to_string(most) + " bytes"};
}

} // namespace libcni::base
