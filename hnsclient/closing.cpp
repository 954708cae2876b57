// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/closing.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "hnsclient/error.hpp"

namespace hnsclient {

struct Closing::State {
    using Clock = std::chrono::steady_clock;

    std::mutex mutex;
    std::condition_variable changed;
    api::HResult (*function)(api::Handle) = nullptr;
    api::Handle handle = nullptr;
    api::HResult result = 0;
    bool stopping = false;
    bool hangs = false;
    std::thread thread;

    /// The thread's work: one close after the other.
    void work() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [&] { return stopping || function != nullptr; });
            if (function == nullptr) return;
            const auto close = function;
            lock.unlock();
            const api::HResult closed = close(handle);
            lock.lock();
            result = closed;
            function = nullptr;
            changed.notify_all();
        }
    }

    /// The result, or e_unexpected for one that hangs.
    api::HResult
    close(api::HResult (*wanted)(api::Handle), api::Handle of, std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex);
        function = wanted;
        handle = of;
        changed.notify_all();
        hangs = !changed.wait_for(lock, limit, [&] { return function == nullptr; });
        return hangs ? e_unexpected : result;
    }
};

Closing::Closing(std::shared_ptr<Observer> observer, std::chrono::milliseconds limit)
    : state_(std::make_shared<State>()), observer_(std::move(observer)), limit_(limit) {}

Closing::~Closing() {
    if (!state_->thread.joinable()) return;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
    }
    state_->changed.notify_all();
    if (state_->hangs)
        state_->thread.detach();
    else
        state_->thread.join();
}

void Closing::close(const char* operation,
                    api::HResult (*function)(api::Handle),
                    api::Handle handle) noexcept try {
    if (state_->hangs) return;
    try {
        if (!state_->thread.joinable())
            state_->thread = std::thread([state = state_] { state->work(); });
    } catch (const std::system_error&) {
        // A machine without a thread to spare can still close.
        (void)function(handle);
        return;
    }
    const auto began = State::Clock::now();
    observer_->closing(operation);
    const api::HResult result = state_->close(function, handle, limit_);
    const auto took = State::Clock::now() - began;
    observer_->ended(
        operation, result, std::chrono::duration_cast<std::chrono::microseconds>(took), {});
    if (state_->hangs) observer_->close_hangs(operation, limit_);

} catch (...) { // NOLINT(bugprone-empty-catch): a handle less to close is no failure
}

} // namespace hnsclient
