// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libcni {

/// What a program is started with.
struct Start {
    std::filesystem::path executable;
    /// UTF-8; set beside the variables of this process.
    std::vector<std::pair<std::string, std::string>> variables;
    /// For its stdin, which it need not read.
    std::string_view input;
    /// When it must have ended.
    std::chrono::steady_clock::time_point deadline;
};

/// What a program has come to.
struct Ended {
    int exit_code = 0;
    /// The signal that killed it, on Linux; 0 for none.
    int signal = 0;
    /// Of its stdout, up to a moment after its end: what it has started may hold that open.
    std::string output = {};
};

/// A program could not be started; nothing of it has run.
class NotStarted : public std::runtime_error {
public:
    /// `may_pass` is true where processes, files or memory are short, so that it may be tried
    /// later.
    NotStarted(const std::string& reason, bool may_pass)
        : std::runtime_error(reason), may_pass_(may_pass) {}

    [[nodiscard]] bool may_pass() const noexcept { return may_pass_; }

private:
    bool may_pass_;
};

/// A program that had not ended by its deadline. It has been ended.
class TimedOut : public std::runtime_error {
public:
    TimedOut() : std::runtime_error("did not end in time") {}
};

/// A program that printed more than most_output. It has been ended.
class TooMuchOutput : public std::runtime_error {
public:
    TooMuchOutput() : std::runtime_error("printed more than 16 MiB") {}
};

/// Bytes of stdout that are read.
constexpr std::size_t most_output = 16U << 20U;

/// Runs a program to its end. It gets no handle of this process but stderr. Whatever is thrown,
/// nothing of it runs any longer, nor does what it started; neither does when this process is
/// killed. What it has started and holds its stdout open after its end is ended, too. Throws
/// NotStarted, TimedOut, TooMuchOutput.
Ended run_program(const Start& start);

} // namespace libcni
