// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "hnsclient/api.hpp"
#include "hnsclient/observer.hpp"

namespace hnsclient {

/// Closes handles from a thread of its own, so that a close that hangs holds up no command whose
/// work is done: it is waited for until the limit. The end of the process closes what is left.
class Closing {
public:
    /// `limit` is for one close. The observer, which must not be null, sees each as a call.
    Closing(std::shared_ptr<Observer> observer, std::chrono::milliseconds limit);
    ~Closing();
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;

    /// Closes one; a failure changes nothing. Once a close hangs, later ones are left out.
    void close(const char* operation,
               api::HResult (*function)(api::Handle),
               api::Handle handle) noexcept;

private:
    struct State;
    /// Shared with the thread, which may outlive this object.
    std::shared_ptr<State> state_;
    std::shared_ptr<Observer> observer_;
    std::chrono::milliseconds limit_;
};

} // namespace hnsclient
