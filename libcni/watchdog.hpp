// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace libcni {

/// Calls `on_expired` from a thread of its own when an activity is under way at the end of `limit`,
/// which begins with the object. HNS calls cannot be interrupted, so what is called must end the
/// process.
class Watchdog {
public:
    /// `activity` is what Activity was given.
    using Expired =
        std::function<void(const std::string& activity, std::chrono::milliseconds limit)>;

    Watchdog(std::chrono::milliseconds limit, Expired on_expired);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    /// What is left of the limit of the one that lives; no value where there is none.
    [[nodiscard]] static std::optional<std::chrono::milliseconds> time_left() noexcept;

private:
    friend class Activity;
    struct State;
    std::unique_ptr<State> state_;
};

/// Something that may hang, while the object lives ("HcnCreateEndpoint"). Costs next to nothing,
/// and nothing happens where there is no Watchdog.
class Activity {
public:
    explicit Activity(const std::string& what);
    ~Activity();
    Activity(const Activity&) = delete;
    Activity& operator=(const Activity&) = delete;
};

} // namespace libcni
