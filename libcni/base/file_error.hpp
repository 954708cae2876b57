// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace libcni::base {

/// What the system refused to do: what() names the thing at fault, details() says what to do next.
class Fault : public std::runtime_error {
public:
    Fault(const std::string& message, std::string details);

    [[nodiscard]] const std::string& details() const noexcept { return details_; }

private:
    std::string details_;
};

/// A file or folder cannot be read, written, removed, ...
class FileError : public Fault {
public:
    /// "cannot <doing> <path>: <reason>"; `doing` is a verb, with its article where it wants one
    /// ("read", "make the folder").
    FileError(const std::string& doing,
              const std::filesystem::path& path,
              const std::string& reason);
};

/// Of what is there, and is neither a file nor a folder.
FileError no_file(const std::filesystem::path& path);

/// Of a file that holds more than `most` bytes.
FileError too_long(const std::filesystem::path& path, std::size_t most);

/// Another process has held a lock for longer than one was ready to wait.
class LockBusy : public Fault {
public:
    using Fault::Fault;
};

} // namespace libcni::base
