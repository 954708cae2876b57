// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <io.h>

#include <windows.h>

#include "libcni/base/file_error.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/base/unicode.hpp"

// What libstdc++ has in this place takes names apart to show them: 47 KB in each executable.
namespace __gnu_cxx { // NOLINT(bugprone-reserved-identifier): it takes the place of libstdc++'s

void __verbose_terminate_handler() { // NOLINT(bugprone-reserved-identifier)
    (void)std::fputs("ended by an exception that nobody caught\n", stderr);
    std::abort();
}

} // namespace __gnu_cxx

namespace libcni {

namespace fs = std::filesystem;

const char path_list_separator = ';';
const std::string_view executable_suffix = ".exe";

namespace {

std::string utf8_of_wide(std::wstring_view text) {
    static_assert(sizeof(wchar_t) == sizeof(char16_t));
    return to_utf8({reinterpret_cast<const char16_t*>(text.data()), text.size()});
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

} // namespace

// Asks the system and not the C library: that has a copy of the environment, each DLL one of its
// own, and in a program whose main is narrow one made of the ANSI code page.
std::optional<std::string> environment_variable(const char* name) {
    const std::wstring wide(name, name + std::char_traits<char>::length(name));
    std::wstring value;
    // Another thread may make it longer between two calls.
    for (DWORD size = 256; size > value.size();) {
        value.resize(size);
        SetLastError(ERROR_SUCCESS);
        size = GetEnvironmentVariableW(wide.c_str(), value.data(), size);
        if (size == 0 && GetLastError() == ERROR_ENVVAR_NOT_FOUND) return std::nullopt;
        if (size <= value.size()) return utf8_of_wide({value.data(), size});
    }
    return std::nullopt;
}

std::vector<std::string> arguments(int argc, char** argv) {
    // argv is in the ANSI code page, which has no place for most names. Loaded only here, because
    // shell32.dll costs each start of a program milliseconds.
    using Split = wchar_t** WINAPI(const wchar_t*, int*);
    HMODULE shell = LoadLibraryExW(L"shell32.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    auto* const split_line = reinterpret_cast<Split*>(
        reinterpret_cast<void*>(GetProcAddress(shell, "CommandLineToArgvW")));
    if (split_line == nullptr) return {argv + (argc > 0 ? 1 : 0), argv + argc};
    int count = 0;
    const std::unique_ptr<wchar_t*, decltype(&LocalFree)> parts(
        split_line(GetCommandLineW(), &count), LocalFree);
    std::vector<std::string> result;
    for (int i = 1; i < count; ++i)
        result.push_back(utf8_of_wide(parts.get()[i]));
    return result;
}

fs::path own_executable() {
    std::wstring file(MAX_PATH, L'\0');
    constexpr std::size_t longest = 1U << 15U;
    for (;;) {
        const DWORD size =
            GetModuleFileNameW(nullptr, file.data(), static_cast<DWORD>(file.size()));
        if (size < file.size()) return file.substr(0, size);
        // Cut off, and Windows 10 does not say how long it is.
        if (file.size() >= longest) return {};
        file.resize(2 * file.size());
    }
}

void make_stdio_binary() {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
}

void use_utf8_console() {
    SetConsoleOutputCP(CP_UTF8);
}

void survive_broken_pipes() {}

bool stdin_is_terminal() {
    // _isatty is also true for NUL, from which a runtime may start a plugin.
    DWORD mode = 0;
    return GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode) != 0;
}

std::optional<std::size_t> stdout_columns() {
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info) == 0)
        return std::nullopt;
    return static_cast<std::size_t>(info.srWindow.Right - info.srWindow.Left + 1);
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

std::uint64_t process_id() noexcept {
    return GetCurrentProcessId();
}

// ExitProcess would still run every DLL's destructors; a crash does not.
void exit_now(int status) noexcept {
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(status));
    std::abort();
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

namespace base {

void begin_process_group() noexcept {}

void* stderr_to_hand_on() noexcept {
    auto* const handle = GetStdHandle(STD_ERROR_HANDLE);
    const bool is_one = handle != nullptr && handle != INVALID_HANDLE_VALUE
                        && SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    return is_one ? handle : nullptr;
}

namespace {

/// The job that this process and all that it starts is in; null where Windows gives none.
HANDLE own_job() noexcept {
    static auto* const job = [] {
        HANDLE made = CreateJobObjectW(nullptr, nullptr);
        const bool is_in = made != nullptr && AssignProcessToJobObject(made, GetCurrentProcess());
        return is_in ? made : nullptr;
    }();
    return job;
}

/// Closing the job's last handle, as our end does, ends what is in it; or not.
void set_kill_on_close(bool kill) noexcept {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = kill ? JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE : 0;
    if (own_job() != nullptr)
        SetInformationJobObject(
            own_job(), JobObjectExtendedLimitInformation, &limits, sizeof limits);
}

} // namespace

namespace {

/// The processes of our own job, at most so many: nobody starts more for one pod.
struct JobProcesses {
    JOBOBJECT_BASIC_PROCESS_ID_LIST list;
    ULONG_PTR more[255];
};

void end_if_in_own_job(DWORD process) noexcept {
    HANDLE opened = OpenProcess(PROCESS_TERMINATE | PROCESS_QUERY_INFORMATION, FALSE, process);
    if (opened == nullptr) return;
    // Its number may be another's by now.
    BOOL is_in = FALSE;
    if (IsProcessInJob(opened, own_job(), &is_in) != 0 && is_in != 0) TerminateProcess(opened, 1);
    CloseHandle(opened);
}

} // namespace

// One delegate runs at a time, so all of the job but this process is what it has started, and
// itself.
void end_process_group(std::uint64_t) noexcept {
    JobProcesses found{};
    if (own_job() == nullptr
        || QueryInformationJobObject(
               own_job(), JobObjectBasicProcessIdList, &found, sizeof found, nullptr)
               == 0)
        return;
    for (DWORD i = 0; i < found.list.NumberOfProcessIdsInList; ++i) {
        const auto process = static_cast<DWORD>(found.list.ProcessIdList[i]);
        if (process != GetCurrentProcessId()) end_if_in_own_job(process);
    }
}

ChildrenEndWithUs::ChildrenEndWithUs() noexcept {
    set_kill_on_close(true);
}

ChildrenEndWithUs::~ChildrenEndWithUs() {
    set_kill_on_close(false);
}

bool may_pass(const std::error_code& error) noexcept {
    switch (static_cast<DWORD>(error.value())) {
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_INTERNAL_ERROR:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_COMMITMENT_LIMIT:
        return true;
    default:
        return false;
    }
}

namespace {

/// Scanners and backup programs hold a fresh file for some milliseconds, and let nobody else open,
/// rename or delete it meanwhile. Where something is about to be deleted access is denied.
bool is_held(DWORD error, const fs::path& file) {
    if (error == ERROR_SHARING_VIOLATION || error == ERROR_LOCK_VIOLATION
        || error == ERROR_USER_MAPPED_FILE)
        return true;
    if (error != ERROR_ACCESS_DENIED) return false;
    const DWORD attributes = GetFileAttributesW(file.c_str());
    return attributes == INVALID_FILE_ATTRIBUTES || (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

/// Tries something with a file, again for some 500 ms while others hold it. Returns 0, or what went
/// wrong.
template <class Attempt>
DWORD patiently(const fs::path& file, Attempt attempt) {
    constexpr DWORD pause = 10;
    for (int left = 50;; --left) {
        const DWORD error = attempt() ? ERROR_SUCCESS : GetLastError();
        if (error == ERROR_SUCCESS || left == 0 || !is_held(error, file)) return error;
        Sleep(pause);
    }
}

/// CreateFileW with patience; GetLastError() tells why it is not open.
HANDLE open_patiently(const fs::path& file,
                      DWORD access,
                      DWORD share,
                      DWORD disposition,
                      DWORD flags = FILE_ATTRIBUTE_NORMAL) {
    HANDLE opened = INVALID_HANDLE_VALUE;
    const DWORD error = patiently(file, [&] {
        opened = CreateFileW(file.c_str(), access, share, nullptr, disposition, flags, nullptr);
        return opened != INVALID_HANDLE_VALUE;
    });
    if (error != ERROR_SUCCESS) SetLastError(error);
    return opened;
}

DWORD rename_patiently(const fs::path& from, const fs::path& to, DWORD flags) {
    return patiently(to, [&] { return MoveFileExW(from.c_str(), to.c_str(), flags) != 0; });
}

[[noreturn]] void fail(const char* doing, const fs::path& file, DWORD error) {
    throw FileError(doing, file, system_message(static_cast<int>(error)));
}

bool is_missing(DWORD error) {
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

/// 0, or what went wrong.
DWORD write_and_flush(const fs::path& file, std::string_view content) {
    DeleteFileW(file.c_str());
    const File opened(open_patiently(file,
                                     GENERIC_WRITE,
                                     share_all,
                                     CREATE_NEW,
                                     FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT));
    if (!opened.is_open()) return GetLastError();
    DWORD written = 0;
    const auto size = static_cast<DWORD>(content.size());
    if (WriteFile(opened.get(), content.data(), size, &written, nullptr) == 0)
        return GetLastError();
    if (written != size) return ERROR_DISK_FULL;
    return FlushFileBuffers(opened.get()) != 0 ? ERROR_SUCCESS : GetLastError();
}

} // namespace

std::string system_message(int error) {
    const auto code = static_cast<DWORD>(error);
    wchar_t* text = nullptr;
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM
                                            | FORMAT_MESSAGE_IGNORE_INSERTS,
                                        nullptr,
                                        code,
                                        0,
                                        reinterpret_cast<wchar_t*>(&text),
                                        0,
                                        nullptr);
    const std::string message = utf8_of_wide({text, length});
    LocalFree(text);
    return std::string(without_trailing_blanks(message)) + " (Windows error " + std::to_string(code)
           + ")";
}

std::string how_to_find_holder_of(const fs::path&) {
    return "find it with Resource Monitor (CPU, Associated Handles)";
}

struct LockableFile::Handle {
    explicit Handle(HANDLE opened) : file(opened) {}

    /// False when another holds it. Waits or not as the flags say.
    [[nodiscard]] bool lock(DWORD flags) const {
        constexpr DWORD all = 0xFFFFFFFFU;
        OVERLAPPED from_start{};
        return LockFileEx(file.get(), LOCKFILE_EXCLUSIVE_LOCK | flags, 0, all, all, &from_start)
               != 0;
    }

    File file;
};

// Nobody may delete or rename it meanwhile: the lock of a file that is gone excludes nobody.
LockableFile::LockableFile(const fs::path& file)
    : file_(file)
    , handle_(std::make_unique<Handle>(open_patiently(
          file, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, OPEN_ALWAYS))) {
    if (!handle_->file.is_open()) fail("open the lock file", file, GetLastError());
}

LockableFile::~LockableFile() {
    // Closing alone also unlocks, but Windows does not say when.
    constexpr DWORD all = 0xFFFFFFFFU;
    OVERLAPPED from_start{};
    UnlockFileEx(handle_->file.get(), 0, all, all, &from_start);
}

void LockableFile::lock() {
    if (!handle_->lock(0)) fail("lock", file_, GetLastError());
}

bool LockableFile::try_lock() {
    if (handle_->lock(LOCKFILE_FAIL_IMMEDIATELY)) return true;
    const DWORD error = GetLastError();
    if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING) fail("lock", file_, error);
    return false;
}

struct LockableBytes::Handle : File {
    using File::File;
};

LockableBytes::LockableBytes(const fs::path& file)
    : file_(file)
    , handle_(std::make_unique<Handle>(open_patiently(
          file, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, OPEN_ALWAYS))) {
    if (!handle_->is_open()) fail("open the lock file", file, GetLastError());
}

LockableBytes::~LockableBytes() = default;

bool LockableBytes::try_lock(std::uint64_t byte, Sharing sharing) {
    constexpr unsigned bits_of_half = 32;
    OVERLAPPED where{};
    where.Offset = static_cast<DWORD>(byte);
    where.OffsetHigh = static_cast<DWORD>(byte >> bits_of_half);
    const DWORD kind = sharing == Sharing::shared ? 0 : LOCKFILE_EXCLUSIVE_LOCK;
    if (LockFileEx(handle_->get(), kind | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where) != 0)
        return true;
    const DWORD error = GetLastError();
    if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING) fail("lock", file_, error);
    return false;
}

std::optional<std::string> read_file(const fs::path& file, std::size_t most) {
    const File opened(open_patiently(file, GENERIC_READ, share_all, OPEN_EXISTING));
    if (!opened.is_open()) {
        if (is_missing(GetLastError())) return std::nullopt;
        fail("read", file, GetLastError());
    }
    if (GetFileType(opened.get()) != FILE_TYPE_DISK) throw no_file(file);
    std::string content;
    char part[4096];
    for (;;) {
        DWORD count = 0;
        if (ReadFile(opened.get(), part, sizeof part, &count, nullptr) == 0)
            fail("read", file, GetLastError());
        if (count == 0) return content;
        content.append(part, count);
        if (content.size() > most) throw too_long(file, most);
    }
}

void write_file_durably(const fs::path& file, const fs::path& temporary, std::string_view content) {
    DWORD error = write_and_flush(temporary, content);
    if (error == ERROR_SUCCESS)
        error =
            rename_patiently(temporary, file, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
    if (error == ERROR_SUCCESS) return;
    DeleteFileW(temporary.c_str());
    fail("write", file, error);
}

namespace {

/// Excludes those that append to the same file: Wine finds the end of the file and writes there in
/// two steps, as some network shares do. The byte is far behind any end, so no reader is kept out;
/// who never lets go of it is waited for briefly only.
void lock_for_append(HANDLE file) {
    constexpr int most_pauses = 200;
    OVERLAPPED far_away{};
    far_away.OffsetHigh = 0x40000000;
    for (int pause = 0; pause < most_pauses; ++pause) {
        if (LockFileEx(
                file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &far_away)
            != 0)
            return;
        Sleep(1);
    }
}

} // namespace

void append(const fs::path& file, std::string_view text) {
    // Closing the handle lets go of the lock.
    const File opened(open_patiently(
        file, FILE_APPEND_DATA | FILE_READ_DATA | SYNCHRONIZE, share_all, OPEN_ALWAYS));
    if (!opened.is_open()) fail("append to", file, GetLastError());
    lock_for_append(opened.get());
    DWORD written = 0;
    const auto size = static_cast<DWORD>(text.size());
    if (WriteFile(opened.get(), text.data(), size, &written, nullptr) == 0)
        fail("append to", file, GetLastError());
    if (written != size) fail("append to", file, ERROR_DISK_FULL);
}

Renamed rename_if_there(const fs::path& from, const fs::path& to) noexcept {
    const DWORD error = rename_patiently(from, to, MOVEFILE_REPLACE_EXISTING);
    if (error == ERROR_SUCCESS) return Renamed::yes;
    return is_missing(error) ? Renamed::was_not_there : Renamed::could_not;
}

bool remove_file(const fs::path& file) {
    const DWORD error = patiently(file, [&] { return DeleteFileW(file.c_str()) != 0; });
    if (error == ERROR_SUCCESS) return true;
    if (is_missing(error)) return false;
    fail("remove", file, error);
}

} // namespace base

} // namespace libcni
