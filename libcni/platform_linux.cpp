// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "libcni/error.hpp"
#include "libcni/platform.hpp"

namespace libcni {

namespace fs = std::filesystem;

const char path_list_separator = ':';
const std::string_view executable_suffix;

namespace {

[[noreturn]] void fail(const char* doing, const fs::path& file, int error) {
    throw Error(ErrorCode::io_failure,
                std::string("cannot ") + doing + " " + file.string() + ": "
                    + std::generic_category().message(error),
                "check that the path is right and that this user may use it");
}

class Descriptor {
public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}

    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const { return descriptor_; }

    /// Closing may report a failed write (full disk, quota).
    int close() {
        const int closed = ::close(descriptor_);
        descriptor_ = -1;
        return closed;
    }

private:
    int descriptor_;
};

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// 0, or what went wrong.
int write_and_flush(const fs::path& file, std::string_view content) {
    Descriptor descriptor(::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
    if (descriptor.get() < 0 || !write_all(descriptor.get(), content)
        || ::fsync(descriptor.get()) != 0 || descriptor.close() != 0)
        return errno;
    return 0;
}

void flush_folder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot flush a folder; the file itself is safe already.
    if (descriptor.get() >= 0) (void)::fsync(descriptor.get());
}

} // namespace

std::optional<std::string> environment_variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void make_stdio_binary() {}

void survive_broken_pipes() {
    (void)std::signal(SIGPIPE, SIG_IGN);
}

bool stdin_is_terminal() {
    return ::isatty(STDIN_FILENO) != 0;
}

fs::path path_of(std::string_view utf8) {
    return fs::path(utf8);
}

std::string utf8_of(const fs::path& path) {
    return path.string();
}

std::string system_drive() {
    return {};
}

void exit_now(int status) noexcept {
    ::_exit(status);
}

struct FileLock::Handle {
    explicit Handle(int opened) : descriptor(opened) {}

    Descriptor descriptor;
};

FileLock::FileLock(const fs::path& file, std::chrono::milliseconds patience)
    : handle_(std::make_unique<Handle>(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644))) {
    using Clock = std::chrono::steady_clock;
    const int descriptor = handle_->descriptor.get();
    if (descriptor < 0) fail("open the lock file", file, errno);
    constexpr std::chrono::milliseconds longest_pause{16};
    const auto deadline = Clock::now() + patience;
    for (std::chrono::milliseconds pause{1}; ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;
         pause = std::min(pause * 2, longest_pause)) {
        if (errno != EWOULDBLOCK && errno != EINTR) fail("lock", file, errno);
        if (Clock::now() >= deadline)
            throw Error(ErrorCode::try_again_later,
                        "another process has held the lock " + file.string() + " for "
                            + std::to_string(patience.count()) + " ms",
                        "find it with \"fuser " + file.string()
                            + "\"; the lock ends with that process");
        std::this_thread::sleep_for(pause);
    }
}

FileLock::~FileLock() = default;

std::optional<std::string> read_file(const fs::path& file) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail("read", file, errno);
    }
    std::string content;
    char part[4096];
    for (;;) {
        const auto count = ::read(descriptor.get(), part, sizeof part);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("read", file, errno);
        if (count == 0) return content;
        content.append(part, static_cast<std::size_t>(count));
    }
}

void write_file_durably(const fs::path& file, const fs::path& temporary, std::string_view content) {
    int error = write_and_flush(temporary, content);
    if (error == 0 && ::rename(temporary.c_str(), file.c_str()) != 0) error = errno;
    if (error != 0) {
        (void)::unlink(temporary.c_str());
        fail("write", file, error);
    }
    flush_folder(file.parent_path());
}

bool remove_file(const fs::path& file) {
    if (::unlink(file.c_str()) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    fail("remove", file, errno);
}

std::string why_not_writable(const fs::path& folder) {
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return std::generic_category().message(errno);
}

void make_folders(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) fail("make the folder", folder, error.value());
}

} // namespace libcni
