// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

// What Windows and Linux do differently; platform_windows.cpp and platform_linux.cpp.
namespace libcni {

/// UTF-8; no value when the variable is not set.
std::optional<std::string> environment_variable(const char* name);

/// The arguments of this program without its name, UTF-8, which argv is not on Windows.
std::vector<std::string> arguments(int argc, char** argv);

/// The file of this program; empty where the system does not tell.
std::filesystem::path own_executable();

/// Takes stdin and stdout as bytes: Windows would end input at Ctrl-Z and write "\r\n".
void make_stdio_binary();

/// Makes a console show the UTF-8 that we write.
void use_utf8_console();

/// Makes an error of writing to a program that no longer reads, which on Linux ends the writer.
void survive_broken_pipes();

/// True when a person's terminal is at stdin.
bool stdin_is_terminal();

/// How many columns the terminal at stdout has; none when no terminal is there.
std::optional<std::size_t> stdout_columns();

/// What separates the folders of CNI_PATH: ";" on Windows, ":" elsewhere.
extern const char path_list_separator;

/// What an executable's file name ends with: ".exe" or nothing.
extern const std::string_view executable_suffix;

/// A path from UTF-8 text, and back.
std::filesystem::path path_of(std::string_view utf8);
std::string utf8_of(const std::filesystem::path& path);

/// "C:" on Windows, empty elsewhere: where a rooted path without a drive belongs.
std::string system_drive();

/// The number of this process.
std::uint64_t process_id() noexcept;

/// Ends the process at once, without destructors, exit handlers or buffers: what a crash leaves.
[[noreturn]] void exit_now(int status) noexcept;

/// Why this process could not make files in a folder that is there ("Read-only file system"), or an
/// empty text. Changes nothing.
std::string why_not_writable(const std::filesystem::path& folder);

} // namespace libcni

// What processes do to each other.
namespace libcni::base {

/// In a new process before it becomes another program, on Linux: it leads a group of its own, and
/// ends when the process that made it does. Calls only what is safe there.
void begin_process_group() noexcept;

/// Ends, on Linux, all processes of the group that this one began.
void end_process_group(std::uint64_t process) noexcept;

/// What Windows hands on as the stderr of a new process, which is one's own and made inheritable;
/// null where there is none, and on Linux, where nothing needs to be done.
void* stderr_to_hand_on() noexcept;

/// While an object lives, the processes that this one starts, and those that they start, are ended
/// when it ends, however it ends: on Windows, by a job object.
class ChildrenEndWithUs {
public:
    ChildrenEndWithUs() noexcept;
    ~ChildrenEndWithUs(); // NOLINT(performance-trivially-destructible): on Windows it ends them
    ChildrenEndWithUs(const ChildrenEndWithUs&) = delete;
    ChildrenEndWithUs& operator=(const ChildrenEndWithUs&) = delete;
};

/// True for a failure to start a program that may be over in a moment: no processes, handles or
/// memory left, or a file that a scanner holds.
bool may_pass(const std::error_code& error) noexcept;

} // namespace libcni::base

// What may fail throws FileError (libcni/base/file_error.hpp) and names the file.
namespace libcni::base {

/// What the system says of an error number of its own (errno, or GetLastError's).
std::string system_message(int error);

/// How a person finds the process that holds a lock on this file.
std::string how_to_find_holder_of(const std::filesystem::path& file);

/// A file, made if it is not there, that can be locked as a whole; the kernel gives the lock back
/// when the process ends: flock(2) on Linux, LockFileEx on Windows, as the Go plugins lock, so that
/// each excludes the other. The content of the file never matters.
class LockableFile {
public:
    explicit LockableFile(const std::filesystem::path& file);
    /// Unlocks.
    ~LockableFile();
    LockableFile(const LockableFile&) = delete;
    LockableFile& operator=(const LockableFile&) = delete;

    /// Waits as long as another holds it.
    void lock();

    /// False when another holds it.
    bool try_lock();

private:
    struct Handle;
    std::filesystem::path file_;
    std::unique_ptr<Handle> handle_;
};

/// How a lock keeps others out: all of them, or only those that want it for themselves alone.
enum class Sharing { exclusive, shared };

/// A file, made if it is not there, of which each byte by itself can be locked, whether the file is
/// as long as that or not; the kernel gives the locks back when the process ends: fcntl(2) with
/// F_OFD_SETLK on Linux, LockFileEx on Windows.
class LockableBytes {
public:
    explicit LockableBytes(const std::filesystem::path& file);
    /// Unlocks.
    ~LockableBytes();
    LockableBytes(const LockableBytes&) = delete;
    LockableBytes& operator=(const LockableBytes&) = delete;

    /// False when another object, of this process or of another one, keeps it out. `byte` is less
    /// than 2^62.
    bool try_lock(std::uint64_t byte, Sharing sharing);

private:
    struct Handle;
    std::filesystem::path file_;
    std::unique_ptr<Handle> handle_;
};

/// More than any file holds that plugins read: 1 MiB.
constexpr std::size_t most_to_read = 1U << 20U;

/// The whole file, or no value when it is not there. One that is longer than `most` bytes is
/// refused, and so is what is no file but waits for others, or never ends: a FIFO, a device.
std::optional<std::string> read_file(const std::filesystem::path& file,
                                     std::size_t most = most_to_read);

/// Writes `content` to `temporary` (same folder as `file`), flushes it to the disk, renames it over
/// `file` and flushes the folder: after a power cut there is the old file or the new one, whole.
/// What is in the way of `temporary` goes, a link too, and is never followed. Leaves no temporary
/// file behind when it fails.
void write_file_durably(const std::filesystem::path& file,
                        const std::filesystem::path& temporary,
                        std::string_view content);

/// Adds text at the end of a file, made if it is not there, with one write, so that what several
/// processes add does not mix.
void append(const std::filesystem::path& file, std::string_view text);

/// What came of rename_if_there().
enum class Renamed { yes, was_not_there, could_not };

/// Renames a file in its folder, over another if there is one. std::filesystem::rename of mingw
/// does not tell a file that is not there from one that is in use.
Renamed rename_if_there(const std::filesystem::path& from,
                        const std::filesystem::path& to) noexcept;

/// Removes a file; false when it was not there.
bool remove_file(const std::filesystem::path& file);

} // namespace libcni::base
