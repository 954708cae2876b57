// SPDX-License-Identifier: Apache-2.0
#include "libcni/child_process.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <system_error>
#include <thread>
#include <type_traits>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/process/async_pipe.hpp>
#include <boost/process/child.hpp>
#include <boost/process/detail/handler.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/io.hpp>

#include "libcni/base/platform.hpp"

namespace libcni {

namespace {

namespace asio = boost::asio;
namespace process = boost::process;

using Clock = std::chrono::steady_clock;
using Char = std::filesystem::path::value_type;
using Environment = process::basic_environment<Char>;

Environment environment_with(const std::vector<std::pair<std::string, std::string>>& variables) {
    Environment env = process::basic_native_environment<Char>();
    for (const auto& [name, value] : variables)
        env[path_of(name).native()] = path_of(value).native();
    return env;
}

/// On Linux, where the child has a moment of its own before it becomes the program. The base is
/// extend::handler; extend.hpp, which gives it that name, does not compile for Windows in 1.81.
struct InItsGroup : process::detail::handler {
    template <class Executor>
    void on_exec_setup(Executor&) const noexcept {
        base::begin_process_group();
    }
};

/// On Windows, where a process whose stdin and stdout are redirected has no stderr by itself.
struct WithOurStderr : process::detail::handler {
    template <class Executor>
    void on_setup(Executor& executor) const noexcept {
        if constexpr (requires { executor.startup_info; })
            executor.startup_info.hStdError = base::stderr_to_hand_on();
    }
};

/// The signal in a status of waitpid(2), on Linux; 0 on Windows, whose status is the exit code.
int signal_in(int status) {
    constexpr int signal_bits = 0x7f;
    return std::is_same_v<Char, char> ? status & signal_bits : 0;
}

/// A program that runs, and does not outlive the object.
class Running {
public:
    explicit Running(const Start& start)
        : input_(io_)
        , output_(io_)
        , child_(start.executable,
                 environment_with(start.variables),
                 process::std_in<input_, process::std_out> output_,
                 WithOurStderr(),
                 InItsGroup()) {}

    ~Running() {
        std::error_code ignored;
        if (!child_.valid()) return;
        const bool runs = child_.running(ignored);
        // As long as one of its children holds stdout, nobody else gets the number of the group.
        if (runs || is_held_open())
            base::end_process_group(static_cast<std::uint64_t>(child_.id()));
        if (runs) child_.terminate(ignored);
    }

    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// Writes its stdin, reads its stdout and waits for its end, and for that of its output no
    /// longer than a moment after. False when the deadline comes first.
    bool ends_by(Clock::time_point deadline, std::string_view input) {
        asio::async_write(input_,
                          asio::buffer(input.data(), input.size()),
                          [this](const boost::system::error_code&, std::size_t) { close(input_); });
        asio::async_read(output_, read_, [this](const boost::system::error_code&, std::size_t) {
            close(output_);
        });
        exchange_until(deadline);
        if (printed_too_much()) return true;
        return io_.stopped() ? has_ended_by(deadline) : !child_.running();
    }

    [[nodiscard]] bool printed_too_much() const { return read_.size() == most_output; }

    Ended ended() {
        const auto* const text = static_cast<const char*>(read_.data().data());
        return {.exit_code = child_.exit_code(),
                .signal = signal_in(child_.native_exit_code()),
                .output = {text, read_.size()}};
    }

private:
    static void close(process::async_pipe& pipe) {
        boost::system::error_code ignored;
        pipe.close(ignored);
    }

    /// A child that the program has left behind may hold its stdout for ever.
    void exchange_until(Clock::time_point deadline) {
        constexpr std::chrono::milliseconds pause{20};
        constexpr std::chrono::milliseconds grace{500};
        while (!io_.stopped() && Clock::now() < deadline) {
            io_.run_until(std::min(deadline, Clock::now() + pause));
            if (!child_.running()) deadline = std::min(deadline, Clock::now() + grace);
        }
    }

    [[nodiscard]] bool is_held_open() const { return output_.is_open(); }

    bool has_ended_by(Clock::time_point deadline) {
        constexpr std::chrono::milliseconds pause{1};
        while (child_.running()) {
            if (Clock::now() >= deadline) return false;
            std::this_thread::sleep_for(pause);
        }
        return true;
    }

    // Outlives what may still read into it.
    asio::streambuf read_{most_output};
    asio::io_context io_;
    process::async_pipe input_;
    process::async_pipe output_;
    process::child child_;
};

/// Throws NotStarted; nothing has run then.
std::unique_ptr<Running> begin(const Start& start) {
    try {
        return std::make_unique<Running>(start);
    } catch (const std::system_error& error) {
        throw NotStarted(error.what(), base::may_pass(error.code()));
    } catch (const boost::system::system_error& error) {
        throw NotStarted(error.what(), base::may_pass(error.code()));
    } catch (const std::bad_alloc&) {
        throw NotStarted("out of memory", true);
    }
}

/// The same, with patience for what is over in a moment: a scanner that holds the file, a machine
/// that is short of processes.
std::unique_ptr<Running> begin_patiently(const Start& start) {
    constexpr std::chrono::milliseconds pause{25};
    constexpr int most_attempts = 20;
    for (int attempt = 1;; ++attempt) {
        try {
            return begin(start);
        } catch (const NotStarted& failure) {
            const bool is_last = attempt == most_attempts || Clock::now() + pause >= start.deadline;
            if (!failure.may_pass() || is_last) throw;
        }
        std::this_thread::sleep_for(pause);
    }
}

} // namespace

Ended run_program(const Start& start) {
    // A program need not read its stdin, and may end before it is written.
    survive_broken_pipes();
    const base::ChildrenEndWithUs guard;
    const auto running = begin_patiently(start);
    const bool has_ended = running->ends_by(start.deadline, start.input);
    if (running->printed_too_much()) throw TooMuchOutput();
    if (!has_ended) throw TimedOut();
    return running->ended();
}

} // namespace libcni
