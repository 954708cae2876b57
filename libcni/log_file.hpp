// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace libcni::log {

/// A file that many processes log to at once. When it is full it becomes "<name>.1", what was that
/// before becomes "<name>.2", and so on; the oldest one goes. "<name>.lock" beside it is locked
/// while that is done.
class LogFile {
public:
    /// When a file is full, in bytes, and how many full ones are kept.
    struct Limits {
        std::uintmax_t bytes = std::uintmax_t{10} << 20U;
        unsigned kept = 3;
    };

    explicit LogFile(std::filesystem::path file) : LogFile(std::move(file), Limits()) {}

    LogFile(std::filesystem::path file, Limits limits);

    /// Adds a line, that ends with a line break, with one write; makes the folders that are
    /// missing. Throws base::FileError when it cannot, and for what is not a regular file; a file
    /// that cannot be moved away just grows.
    void append(std::string_view line) const;

private:
    [[nodiscard]] bool has_room_for(std::string_view line) const;
    void rotate() const;
    [[nodiscard]] std::filesystem::path older(unsigned number) const;

    std::filesystem::path file_;
    Limits limits_;
};

} // namespace libcni::log
