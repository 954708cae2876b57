// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <io.h>
#include <system_error>
#include <thread>

#include <windows.h>

#include "libcni/error.hpp"
#include "libcni/platform.hpp"

namespace libcni {

namespace fs = std::filesystem;

const char path_list_separator = ';';
const std::string_view executable_suffix = ".exe";

namespace {

std::string utf8_of_wide(std::wstring_view text) {
    if (text.empty()) return {};
    const int length = static_cast<int>(text.size());
    const int size =
        WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string utf8(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), length, utf8.data(), size, nullptr, nullptr);
    return utf8;
}

std::string message_of(DWORD error) {
    wchar_t* text = nullptr;
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM
                                            | FORMAT_MESSAGE_IGNORE_INSERTS,
                                        nullptr,
                                        error,
                                        0,
                                        reinterpret_cast<wchar_t*>(&text),
                                        0,
                                        nullptr);
    std::string message = utf8_of_wide({text, length});
    LocalFree(text);
    while (!message.empty() && static_cast<unsigned char>(message.back()) <= 0x20U)
        message.pop_back();
    return message + " (Windows error " + std::to_string(error) + ")";
}

[[noreturn]] void fail(const char* doing, const fs::path& file, DWORD error) {
    throw Error(ErrorCode::io_failure,
                std::string("cannot ") + doing + " " + utf8_of(file) + ": " + message_of(error),
                "check that the path is right and that this user may use it");
}

bool is_missing(DWORD error) {
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

// Others may read, write, rename and delete meanwhile, as on Linux.
constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

class File {
public:
    explicit File(HANDLE handle) : handle_(handle) {}

    ~File() {
        if (is_open()) CloseHandle(handle_);
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] bool is_open() const { return handle_ != INVALID_HANDLE_VALUE; }

    [[nodiscard]] HANDLE get() const { return handle_; }

private:
    HANDLE handle_;
};

/// 0, or what went wrong.
DWORD write_and_flush(const fs::path& file, std::string_view content) {
    const File opened(CreateFileW(file.c_str(),
                                  GENERIC_WRITE,
                                  share_all,
                                  nullptr,
                                  CREATE_ALWAYS,
                                  FILE_ATTRIBUTE_NORMAL,
                                  nullptr));
    if (!opened.is_open()) return GetLastError();
    DWORD written = 0;
    const auto size = static_cast<DWORD>(content.size());
    if (WriteFile(opened.get(), content.data(), size, &written, nullptr) == 0)
        return GetLastError();
    if (written != size) return ERROR_DISK_FULL;
    return FlushFileBuffers(opened.get()) != 0 ? ERROR_SUCCESS : GetLastError();
}

} // namespace

std::optional<std::string> environment_variable(const char* name) {
    const std::wstring wide(name, name + std::char_traits<char>::length(name));
    const wchar_t* const value = _wgetenv(wide.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(utf8_of_wide(value));
}

void make_stdio_binary() {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
}

void survive_broken_pipes() {}

bool stdin_is_terminal() {
    // _isatty is also true for NUL, from which a runtime may start a plugin.
    DWORD mode = 0;
    return GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode) != 0;
}

fs::path path_of(std::string_view utf8) {
    return fs::path(std::u8string(utf8.begin(), utf8.end()));
}

std::string utf8_of(const fs::path& path) {
    const std::u8string text = path.u8string();
    return std::string(text.begin(), text.end());
}

std::string system_drive() {
    return environment_variable("SystemDrive").value_or("C:");
}

void exit_now(int status) noexcept {
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(status));
    std::abort();
}

struct FileLock::Handle {
    explicit Handle(HANDLE opened) : file(opened) {}

    File file;
};

FileLock::FileLock(const fs::path& file, std::chrono::milliseconds patience)
    : handle_(std::make_unique<Handle>(CreateFileW(file.c_str(),
                                                   GENERIC_READ | GENERIC_WRITE,
                                                   FILE_SHARE_READ | FILE_SHARE_WRITE,
                                                   nullptr,
                                                   OPEN_ALWAYS,
                                                   FILE_ATTRIBUTE_NORMAL,
                                                   nullptr))) {
    using Clock = std::chrono::steady_clock;
    if (!handle_->file.is_open()) fail("open the lock file", file, GetLastError());
    constexpr DWORD all = 0xFFFFFFFFU;
    constexpr std::chrono::milliseconds longest_pause{16};
    const auto deadline = Clock::now() + patience;
    OVERLAPPED from_start{};
    for (std::chrono::milliseconds pause{1};
         LockFileEx(handle_->file.get(),
                    LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY,
                    0,
                    all,
                    all,
                    &from_start)
         == 0;
         pause = std::min(pause * 2, longest_pause)) {
        const DWORD error = GetLastError();
        if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING) fail("lock", file, error);
        if (Clock::now() >= deadline)
            throw Error(ErrorCode::try_again_later,
                        "another process has held the lock " + utf8_of(file) + " for "
                            + std::to_string(patience.count()) + " ms",
                        "find it with Resource Monitor (CPU, Associated Handles); the lock ends "
                        "with that process");
        std::this_thread::sleep_for(pause);
    }
}

FileLock::~FileLock() = default;

std::optional<std::string> read_file(const fs::path& file) {
    const File opened(CreateFileW(file.c_str(),
                                  GENERIC_READ,
                                  share_all,
                                  nullptr,
                                  OPEN_EXISTING,
                                  FILE_ATTRIBUTE_NORMAL,
                                  nullptr));
    if (!opened.is_open()) {
        if (is_missing(GetLastError())) return std::nullopt;
        fail("read", file, GetLastError());
    }
    std::string content;
    char part[4096];
    for (;;) {
        DWORD count = 0;
        if (ReadFile(opened.get(), part, sizeof part, &count, nullptr) == 0)
            fail("read", file, GetLastError());
        if (count == 0) return content;
        content.append(part, count);
    }
}

void write_file_durably(const fs::path& file, const fs::path& temporary, std::string_view content) {
    DWORD error = write_and_flush(temporary, content);
    if (error == ERROR_SUCCESS
        && MoveFileExW(
               temporary.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
               == 0)
        error = GetLastError();
    if (error == ERROR_SUCCESS) return;
    DeleteFileW(temporary.c_str());
    fail("write", file, error);
}

bool remove_file(const fs::path& file) {
    if (DeleteFileW(file.c_str()) != 0) return true;
    if (is_missing(GetLastError())) return false;
    fail("remove", file, GetLastError());
}

std::string why_not_writable(const fs::path& folder) {
    // Opening with the right to add files asks the access list and changes nothing; _waccess looks
    // at no access list at all.
    const File opened(CreateFileW(folder.c_str(),
                                  FILE_ADD_FILE,
                                  share_all,
                                  nullptr,
                                  OPEN_EXISTING,
                                  FILE_FLAG_BACKUP_SEMANTICS,
                                  nullptr));
    return opened.is_open() ? std::string() : "Windows error " + std::to_string(GetLastError());
}

void make_folders(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) fail("make the folder", folder, static_cast<DWORD>(error.value()));
}

} // namespace libcni
