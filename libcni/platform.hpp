// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The few things that Windows and Linux do differently; platform_windows.cpp and
// platform_linux.cpp.
namespace libcni {

/// UTF-8; no value when the variable is not set.
std::optional<std::string> environment_variable(const char* name);

/// Takes stdin and stdout as bytes: Windows would end input at Ctrl-Z and write "\r\n".
void make_stdio_binary();

/// Makes an error of writing to a program that no longer reads, which on Linux ends the writer.
void survive_broken_pipes();

/// True when a person's terminal is at stdin.
bool stdin_is_terminal();

/// What separates the folders of CNI_PATH: ";" on Windows, ":" elsewhere.
extern const char path_list_separator;

/// What an executable's file name ends with: ".exe" or nothing.
extern const std::string_view executable_suffix;

/// A path from UTF-8 text, and back.
std::filesystem::path path_of(std::string_view utf8);
std::string utf8_of(const std::filesystem::path& path);

/// "C:" on Windows, empty elsewhere: where a rooted path without a drive belongs.
std::string system_drive();

/// Ends the process at once, without destructors or buffers: for the watchdog.
[[noreturn]] void exit_now(int status) noexcept;

/// An exclusive lock on a whole file that the kernel gives back when the process ends: flock(2) on
/// Linux, LockFileEx on Windows, as the Go plugins lock, so that each excludes the other. The
/// content of the file never matters.
class FileLock {
public:
    /// Makes the file if it is not there and waits for the lock. Throws Error: io_failure when the
    /// file cannot be opened, try_again_later when `patience` ran out.
    FileLock(const std::filesystem::path& file, std::chrono::milliseconds patience);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    struct Handle;
    std::unique_ptr<Handle> handle_;
};

/// The whole file, or no value when it is not there. Throws Error(io_failure) for anything else.
std::optional<std::string> read_file(const std::filesystem::path& file);

/// Writes `content` to `temporary` (same folder as `file`), flushes it to the disk, renames it over
/// `file` and flushes the folder: after a power cut there is the old file or the new one, whole.
/// Throws Error(io_failure) and leaves no temporary file behind.
void write_file_durably(const std::filesystem::path& file,
                        const std::filesystem::path& temporary,
                        std::string_view content);

/// Removes a file; false when it was not there. Throws Error(io_failure).
bool remove_file(const std::filesystem::path& file);

/// Why this process could not make files in a folder that is there ("Read-only file system"), or an
/// empty text. Changes nothing.
std::string why_not_writable(const std::filesystem::path& folder);

/// Makes a folder and those above it. Throws Error(io_failure) that names what is in the way.
void make_folders(const std::filesystem::path& folder);

} // namespace libcni
