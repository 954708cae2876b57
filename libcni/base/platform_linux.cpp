// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "libcni/base/file_error.hpp"
#include "libcni/base/platform.hpp"

namespace libcni {

namespace fs = std::filesystem;

const char path_list_separator = ':';
const std::string_view executable_suffix;

std::optional<std::string> environment_variable(const char* name) {
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> arguments(int argc, char** argv) {
    return {argv + (argc > 0 ? 1 : 0), argv + argc};
}

fs::path own_executable() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored);
}

void make_stdio_binary() {}

void use_utf8_console() {}

void survive_broken_pipes() {
    (void)std::signal(SIGPIPE, SIG_IGN);
}

bool stdin_is_terminal() {
    return ::isatty(STDIN_FILENO) != 0;
}

std::optional<std::size_t> stdout_columns() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
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

std::uint64_t process_id() noexcept {
    return static_cast<std::uint64_t>(::getpid());
}

void exit_now(int status) noexcept {
    ::_exit(status);
}

std::string why_not_writable(const fs::path& folder) {
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return std::generic_category().message(errno);
}

namespace base {

void begin_process_group() noexcept {
    (void)::setpgid(0, 0);
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void end_process_group(std::uint64_t process) noexcept {
    (void)::kill(-static_cast<::pid_t>(process), SIGKILL);
}

void* stderr_to_hand_on() noexcept {
    return nullptr;
}

// Here each of them asks for its end itself: begin_process_group().
ChildrenEndWithUs::ChildrenEndWithUs() noexcept = default;
ChildrenEndWithUs::~ChildrenEndWithUs() = default;

bool may_pass(const std::error_code& error) noexcept {
    const int code = error.value();
    return code == EAGAIN || code == ENOMEM || code == EMFILE || code == ENFILE || code == ETXTBSY;
}

namespace {

[[noreturn]] void fail(const char* doing, const fs::path& file, int error) {
    throw FileError(doing, file, system_message(error));
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
    (void)::unlink(file.c_str());
    Descriptor descriptor(
        ::open(file.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644));
    if (descriptor.get() < 0 || !write_all(descriptor.get(), content)
        || ::fsync(descriptor.get()) != 0 || descriptor.close() != 0)
        return errno;
    return 0;
}

/// A folder gets the system's own words when it is read.
void require_file(const fs::path& file, int descriptor) {
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) fail("read", file, errno);
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) throw no_file(file);
}

void flush_folder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot flush a folder; the file itself is safe already.
    if (descriptor.get() >= 0) (void)::fsync(descriptor.get());
}

} // namespace

std::string system_message(int error) {
    return std::generic_category().message(error);
}

std::string how_to_find_holder_of(const fs::path& file) {
    return "find it with \"fuser " + file.string() + "\"";
}

struct LockableFile::Handle {
    explicit Handle(int opened) : descriptor(opened) {}

    Descriptor descriptor;
};

LockableFile::LockableFile(const fs::path& file)
    : file_(file)
    , handle_(std::make_unique<Handle>(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644))) {
    if (handle_->descriptor.get() < 0) fail("open the lock file", file, errno);
}

LockableFile::~LockableFile() = default;

void LockableFile::lock() {
    while (::flock(handle_->descriptor.get(), LOCK_EX) != 0)
        if (errno != EINTR) fail("lock", file_, errno);
}

bool LockableFile::try_lock() {
    if (::flock(handle_->descriptor.get(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) fail("lock", file_, errno);
    return false;
}

struct LockableBytes::Handle : Descriptor {
    using Descriptor::Descriptor;
};

LockableBytes::LockableBytes(const fs::path& file)
    : file_(file)
    , handle_(std::make_unique<Handle>(
          ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600))) {
    if (handle_->get() < 0) fail("open the lock file", file, errno);
}

LockableBytes::~LockableBytes() = default;

bool LockableBytes::try_lock(std::uint64_t byte, Sharing sharing) {
    struct flock wanted {};

    wanted.l_type = sharing == Sharing::shared ? F_RDLCK : F_WRLCK;
    wanted.l_whence = SEEK_SET;
    wanted.l_start = static_cast<off_t>(byte);
    wanted.l_len = 1;
    if (::fcntl(handle_->get(), F_OFD_SETLK, &wanted) == 0) return true;
    if (errno != EAGAIN && errno != EACCES && errno != EINTR) fail("lock", file_, errno);
    return false;
}

std::optional<std::string> read_file(const fs::path& file, std::size_t most) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (descriptor.get() < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail("read", file, errno);
    }
    require_file(file, descriptor.get());
    std::string content;
    char part[4096];
    for (;;) {
        const auto count = ::read(descriptor.get(), part, sizeof part);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("read", file, errno);
        if (count == 0) return content;
        content.append(part, static_cast<std::size_t>(count));
        if (content.size() > most) throw too_long(file, most);
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

void append(const fs::path& file, std::string_view text) {
    Descriptor descriptor(
        ::open(file.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0644));
    if (descriptor.get() < 0 || !write_all(descriptor.get(), text) || descriptor.close() != 0)
        fail("append to", file, errno);
}

Renamed rename_if_there(const fs::path& from, const fs::path& to) noexcept {
    if (::rename(from.c_str(), to.c_str()) == 0) return Renamed::yes;
    return errno == ENOENT ? Renamed::was_not_there : Renamed::could_not;
}

bool remove_file(const fs::path& file) {
    if (::unlink(file.c_str()) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    fail("remove", file, errno);
}

} // namespace base

} // namespace libcni
