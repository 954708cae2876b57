// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "hnsclient/emulator/platform.hpp"

namespace hnsclient::emulator::platform {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

int open_file(const std::filesystem::path& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) fail(path);
    return file;
}

} // namespace

std::optional<std::filesystem::path> folder_variable() {
    const char* value = std::getenv("WINCNI_EMULATOR"); // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::filesystem::path(value);
}

FileLock::FileLock(const std::filesystem::path& path) : file_(open_file(path, O_RDWR)) {
    while (::flock(static_cast<int>(file_), LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        ::close(static_cast<int>(file_));
        fail(path);
    }
}

FileLock::~FileLock() {
    ::close(static_cast<int>(file_));
}

void append(const std::filesystem::path& path, std::string_view text) {
    const int file = open_file(path, O_WRONLY | O_APPEND);
    const auto written = ::write(file, text.data(), text.size());
    ::close(file);
    if (written != static_cast<ssize_t>(text.size())) fail(path);
}

void* allocate(std::size_t bytes) noexcept {
    return std::malloc(bytes); // NOLINT(cppcoreguidelines-no-malloc)
}

void release(void* memory) noexcept {
    std::free(memory); // NOLINT(cppcoreguidelines-no-malloc)
}

std::uint64_t process_id() noexcept {
    return static_cast<std::uint64_t>(::getpid());
}

void end_abruptly(int status) noexcept {
    std::_Exit(status);
}

} // namespace hnsclient::emulator::platform
