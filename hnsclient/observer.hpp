// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "hnsclient/api.hpp"
#include "hnsclient/error.hpp"

namespace hnsclient {

/// Sees the calls that a client makes, attempt by attempt. `operation` is the C function's name
/// ("HcnOpenNetwork"), and with HNSCall also method and path ("HNSCall GET /networks/"). What it
/// throws while a call is made goes on to the caller of the client, but for ended().
class Observer {
public:
    Observer() = default;
    virtual ~Observer();
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;

    /// True when it wants to be told what goes in and out; it costs a conversion each time.
    [[nodiscard]] virtual bool wants_json() const { return false; }

    /// An attempt begins. `request` is the JSON that goes in (the ID for HcsOpenComputeSystem).
    virtual void began(const std::string& operation, std::string_view request);

    /// The attempt that began last is over, also by an exception. `code` is negative when it
    /// failed, and then also when HNS hid its failure in the answer; `took` is the time between
    /// the two, without what began() itself took, by a steady clock; `answer` is the JSON that came
    /// out; of a call that failed it is the error record.
    virtual void ended(const std::string& operation,
                       api::HResult code,
                       std::chrono::microseconds took,
                       std::string_view answer);

    /// HNS is unavailable, as `error` tells: calls are made again, for `limit` at most. Told once,
    /// however many attempts and calls it takes; waited() follows.
    virtual void waiting(const HnsError& error, std::chrono::milliseconds limit);

    /// That is over: HNS answers again, or is given up.
    virtual void waited(bool answers, std::chrono::milliseconds took);

    /// A handle is being closed, which is waited for only so long; ended() follows. By itself it is
    /// a call that began().
    virtual void closing(const std::string& operation);

    /// Closing a handle, by the function of that name, takes longer than `limit`: it is not waited
    /// for any longer.
    virtual void close_hangs(const std::string& operation, std::chrono::milliseconds limit);
};

} // namespace hnsclient
