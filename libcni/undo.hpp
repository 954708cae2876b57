// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libcni/error.hpp"

namespace libcni {

/// What an undo step could not give back.
struct LeftBehind {
    /// Names the thing, as Undo::add() was told ("address 10.244.3.7").
    std::string what;
    /// Why it stayed, in the words of the step's exception.
    std::string reason;

    friend bool operator==(const LeftBehind&, const LeftBehind&) = default;
};

/// What to give back, newest first, when a later step fails. A destructor could not report what it
/// failed to give back, so this is a stack that transaction() runs.
class Undo {
public:
    /// `what` names the thing for the person who must remove it by hand; `step` gives it back.
    void add(std::string what, std::function<void()> step) {
        steps_.push_back({std::move(what), std::move(step)});
    }

    /// Forgets every step: what was taken is kept.
    void keep() noexcept { steps_.clear(); }

    /// Runs every step even when one fails, and forgets it. Returns what could not be given back,
    /// newest first.
    std::vector<LeftBehind> run() noexcept;

private:
    struct Step {
        std::string what;
        std::function<void()> action;
    };

    std::vector<Step> steps_;
};

/// Runs `body(undo)`. When it throws, the undo steps are run; with nothing left behind the very
/// same exception goes on. Else `tell(left)` is called with the exception under way, so that it can
/// rethrow that one, worded; where it returns, the same exception goes on all the same.
template <class Body, class Tell>
auto transaction(Body body, Tell tell) {
    Undo undo;
    try {
        return body(undo);
    } catch (...) {
        const std::vector<LeftBehind> left = undo.run();
        if (!left.empty()) tell(left);
        throw;
    }
}

/// "could not give back X (reason): a DEL will try again; ...", or nothing.
std::string sentence_on(const std::vector<LeftBehind>& left);

/// The words of a plugin: rethrows the exception under way as an Error that has sentence_on(left)
/// in its details. What is not an Error becomes Error(internal).
[[noreturn]] void rethrow_with(const std::vector<LeftBehind>& left);

/// transaction() in the words of a plugin.
template <class Body>
auto transaction(Body body) {
    return transaction(std::move(body), rethrow_with);
}

/// A delegate that could not be started for now (code 11), so that it has taken nothing.
class NotBegun : public Error {
public:
    NotBegun(std::string msg, std::string details)
        : Error(ErrorCode::try_again_later, std::move(msg), std::move(details)) {}
};

/// Asks a delegate for something, by `ask`. One that has no answer yet (code 11) may still do what
/// it was asked for: nothing is given back, so that nobody else gets it, and the Error says so.
template <class Ask>
auto keeping_what_may_come(Undo& undo, Ask ask) {
    try {
        return ask();
    } catch (const NotBegun&) {
        throw;
    } catch (Error& error) {
        if (error.code() != ErrorCode::try_again_later) throw;
        undo.keep();
        const std::string sentence =
            "what it may have taken stays reserved; a DEL for this container releases it";
        if (error.details().find(sentence) == std::string::npos) error.add_detail(sentence);
        throw;
    }
}

} // namespace libcni
