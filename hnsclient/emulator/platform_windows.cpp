// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <system_error>

#include <objbase.h>
#include <windows.h>

#include "hnsclient/emulator/platform.hpp"

namespace hnsclient::emulator::platform {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
    const auto code = static_cast<int>(GetLastError());
    throw std::system_error(code, std::system_category(), path.string());
}

// Others may read, write and replace the file meanwhile, as on Linux: the lock is what excludes.
constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

HANDLE open_file(const std::filesystem::path& path, DWORD access) {
    HANDLE file = CreateFileW(
        path.c_str(), access, share_all, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) fail(path);
    return file;
}

} // namespace

// Asks the system and not the C library: a DLL has a copy of the environment of its own there.
std::optional<std::filesystem::path> folder_variable() {
    std::wstring value(32768, L'\0');
    const DWORD length =
        GetEnvironmentVariableW(L"WINCNI_EMULATOR", value.data(), static_cast<DWORD>(value.size()));
    if (length == 0 || length >= value.size()) return std::nullopt;
    value.resize(length);
    return std::filesystem::path(value);
}

FileLock::FileLock(const std::filesystem::path& path)
    : file_(reinterpret_cast<std::intptr_t>(open_file(path, GENERIC_READ | GENERIC_WRITE))) {
    auto* file = reinterpret_cast<HANDLE>(file_);
    OVERLAPPED whole{};
    if (LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &whole) != 0) return;
    const DWORD code = GetLastError();
    CloseHandle(file);
    SetLastError(code);
    fail(path);
}

FileLock::~FileLock() {
    auto* file = reinterpret_cast<HANDLE>(file_);
    // Closing alone also unlocks, but Windows says not when.
    OVERLAPPED whole{};
    UnlockFileEx(file, 0, 1, 0, &whole);
    CloseHandle(file);
}

void append(const std::filesystem::path& path, std::string_view text) {
    HANDLE file = open_file(path, FILE_APPEND_DATA);
    DWORD written = 0;
    const BOOL good =
        WriteFile(file, text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
    CloseHandle(file);
    if (good == 0 || written != text.size()) fail(path);
}

void* allocate(std::size_t bytes) noexcept {
    return CoTaskMemAlloc(bytes);
}

void release(void* memory) noexcept {
    CoTaskMemFree(memory);
}

std::uint64_t process_id() noexcept {
    return GetCurrentProcessId();
}

// ExitProcess would still run every DLL's destructors; a crash does not.
void end_abruptly(int status) noexcept {
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(status));
    for (;;)
        Sleep(INFINITE);
}

} // namespace hnsclient::emulator::platform
