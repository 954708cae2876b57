// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libcni/error.hpp"

namespace libcni {

/// What to give back, newest first, when a later step fails. A destructor could not report what it
/// failed to give back, so this is a stack that transaction() runs.
class Undo {
public:
    /// `what` names the thing for the person who must remove it by hand; `step` gives it back.
    void add(std::string what, std::function<void()> step) {
        steps_.push_back({std::move(what), std::move(step)});
    }

    /// Runs every step even when one fails; returns a sentence on what could not be given back, or
    /// nothing.
    std::string run() noexcept;

private:
    struct Step {
        std::string what;
        std::function<void()> action;
    };

    std::vector<Step> steps_;
};

/// Runs `body(undo)`; when it throws, runs the undo steps and lets the error go on as an Error
/// whose details say what stayed behind.
template <class Body>
auto transaction(Body body) {
    Undo undo;
    try {
        return body(undo);
    } catch (Error& error) {
        error.add_detail(undo.run());
        throw;
    } catch (const std::exception& error) {
        throw Error(ErrorCode::internal, error.what(), undo.run());
    }
}

} // namespace libcni
