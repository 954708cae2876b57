// SPDX-License-Identifier: Apache-2.0
#include "libcni/watchdog.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace libcni {

struct Watchdog::State {
    using Clock = std::chrono::steady_clock;

    std::chrono::milliseconds limit{};
    /// When the limit is reached.
    Clock::time_point limit_at;
    Expired on_expired;
    std::mutex mutex;
    std::condition_variable changed;
    std::string activity;
    Clock::time_point deadline = Clock::time_point::max();
    bool stopping = false;
    std::thread thread;

    void watch() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            if (deadline == Clock::time_point::max())
                changed.wait(lock);
            else if (changed.wait_until(lock, deadline) == std::cv_status::timeout
                     && Clock::now() >= deadline)
                expire(lock);
        }
    }

    void expire(std::unique_lock<std::mutex>& lock) {
        const std::string what = activity;
        deadline = Clock::time_point::max();
        lock.unlock();
        on_expired(what, limit);
        lock.lock();
    }

    void begin(const std::string& what) {
        const std::scoped_lock lock(mutex);
        activity = what;
        deadline = limit_at;
        changed.notify_one();
    }

    // Nobody is woken: the thread finds at the old deadline that there is nothing to wait for.
    void end() {
        const std::scoped_lock lock(mutex);
        deadline = Clock::time_point::max();
    }

    static constinit inline State* current = nullptr;
};

Watchdog::Watchdog(std::chrono::milliseconds limit, Expired on_expired)
    : state_(std::make_unique<State>()) {
    state_->limit = limit;
    state_->limit_at = State::Clock::now() + limit;
    state_->on_expired = std::move(on_expired);
    state_->thread = std::thread([state = state_.get()] { state->watch(); });
    State::current = state_.get();
}

Watchdog::~Watchdog() {
    State::current = nullptr;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

std::optional<std::chrono::milliseconds> Watchdog::time_left() noexcept {
    using std::chrono::milliseconds;
    if (State::current == nullptr) return std::nullopt;
    const auto left = State::current->limit_at - State::Clock::now();
    return std::max(std::chrono::duration_cast<milliseconds>(left), milliseconds(0));
}

Activity::Activity(const std::string& what) {
    if (Watchdog::State::current != nullptr) Watchdog::State::current->begin(what);
}

Activity::~Activity() {
    if (Watchdog::State::current != nullptr) Watchdog::State::current->end();
}

} // namespace libcni
