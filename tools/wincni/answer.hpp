// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace wincni {

/// What the exit code means. A command may have more of its own from 3 on, which its help tells.
enum Status { done = 0, failed = 1, wrong_arguments = 2 };

/// How an answer is written: for people, or as one JSON document.
enum class Format { text, json };

/// What a command ends with.
struct Answer {
    /// Goes to stdout.
    std::string out;
    /// Goes to stderr.
    std::string error = {};
    int status = done;
};

/// Does what the arguments ask for. Throws Refusal, hnsclient::HnsError or another exception for
/// why it could not.
using Action = std::function<Answer()>;

} // namespace wincni
