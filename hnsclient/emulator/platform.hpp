// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

/// What the emulator needs of the operating system; one .cpp per platform, chosen by Meson.
namespace hnsclient::emulator::platform {

/// The folder that WINCNI_EMULATOR names now; no value when it is unset or empty.
std::optional<std::filesystem::path> folder_variable();

/// Holds a file locked against every other holder, in this process or another, for its lifetime.
/// The kernel lets go when the process ends, however it ends.
class FileLock {
public:
    /// Waits for the lock; creates the file. Throws std::system_error.
    explicit FileLock(const std::filesystem::path& path);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    FileLock(FileLock&&) = delete;
    FileLock& operator=(FileLock&&) = delete;

private:
    std::intptr_t file_;
};

/// Adds text at the end of a file with one write; creates the file. Throws std::system_error.
void append(const std::filesystem::path& path, std::string_view text);

/// Memory that the caller of an HNS function gives back: CoTaskMemAlloc on Windows, malloc here.
/// Null when there is none.
void* allocate(std::size_t bytes) noexcept;

/// Gives back what allocate() gave; null is fine.
void release(void* memory) noexcept;

std::uint64_t process_id() noexcept;

/// Ends this process at once, with no destructor, exit handler or flush: what a crash leaves.
[[noreturn]] void end_abruptly(int status) noexcept;

} // namespace hnsclient::emulator::platform
