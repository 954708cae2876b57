// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>

#include <doctest/doctest.h>

#include "libcni/watchdog.hpp"

using libcni::Activity;
using libcni::Watchdog;
using std::chrono::seconds;

namespace {

/// What a watchdog said, from its own thread.
class Alarm {
public:
    Watchdog::Expired expired() {
        return [this](const std::string& activity, std::chrono::milliseconds limit) {
            const std::scoped_lock lock(mutex_);
            text_ += activity + " " + std::to_string(limit.count());
            rang_.notify_all();
        };
    }

    std::string wait() {
        std::unique_lock lock(mutex_);
        rang_.wait_for(lock, seconds(60), [this] { return !text_.empty(); });
        return text_;
    }

    std::string text() {
        const std::scoped_lock lock(mutex_);
        return text_;
    }

private:
    std::mutex mutex_;
    std::condition_variable rang_;
    std::string text_;
};

} // namespace

TEST_CASE("An activity that is under way at the end of the limit is named, once") {
    Alarm alarm;
    const Watchdog watchdog(seconds(1), alarm.expired());
    { const Activity done("HcnOpenNetwork"); }
    const Activity hanging("HcnCreateEndpoint");
    CHECK(alarm.wait() == "HcnCreateEndpoint 1000");
}

TEST_CASE("Activities that end in time, and the time between them, are no reason to bark") {
    Alarm alarm;
    {
        const Watchdog watchdog(seconds(3600), alarm.expired());
        for (int i = 0; i < 1000; ++i)
            const Activity quick("HcnOpenNetwork");
    }
    CHECK(alarm.text().empty());
}

TEST_CASE("An activity that still runs when the watchdog goes does not hold it up") {
    Alarm alarm;
    auto watchdog = std::make_unique<Watchdog>(seconds(3600), alarm.expired());
    const Activity hanging("HcnCreateEndpoint");
    watchdog.reset();
    CHECK(alarm.text().empty());
}

TEST_CASE("Without a watchdog an activity is nothing") {
    CHECK_NOTHROW(Activity("HcnOpenNetwork"));
}

TEST_CASE("The limit is one for all activities, so a late one is named at once") {
    Alarm alarm;
    const Watchdog watchdog(std::chrono::milliseconds(0), alarm.expired());
    const Activity late("HcnOpenNetwork");
    CHECK(alarm.wait() == "HcnOpenNetwork 0");
}

TEST_CASE("Whoever sets limits of his own can ask for what is left of the watchdog's") {
    CHECK_FALSE(Watchdog::time_left());
    {
        const Watchdog watchdog(seconds(7), [](const auto&, auto) {});
        CHECK(Watchdog::time_left() <= seconds(7));
        const Watchdog over(seconds(0), [](const auto&, auto) {});
        CHECK(Watchdog::time_left() == seconds(0));
    }
    CHECK_FALSE(Watchdog::time_left());
}
