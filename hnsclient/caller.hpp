// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/api.hpp"
#include "hnsclient/error.hpp"
#include "hnsclient/guid.hpp"
#include "hnsclient/handle.hpp"
#include "hnsclient/observer.hpp"
#include "libcni/base/unicode.hpp"

namespace hnsclient {

/// How a client makes its calls.
struct CallOptions {
    /// Is told of every call; may be null.
    std::shared_ptr<Observer> observer = nullptr;
    /// For how long calls are made again while HNS is unavailable: all the waiting of one caller.
    std::chrono::milliseconds retry_for{10'000};
    /// How long closing a handle may take before it is not waited for any longer.
    std::chrono::milliseconds close_within{3'000};
};

/// Makes checked calls of the C functions: throws HnsError when the HRESULT is negative or the
/// error record is not empty, and makes a call again, with growing pauses, while HNS is
/// unavailable. Once it has waited for as long as it may, a call is made again once, and then
/// fails: a command of many calls takes hardly longer than one of a single call.
class Caller {
public:
    Caller(const api::Functions& functions, CallOptions options);

    [[nodiscard]] const api::Functions& functions() const noexcept { return functions_; }

    /// How a handle is closed, by the function of that name; it is observed like a call.
    [[nodiscard]] Closer closer(const char* operation,
                                api::HResult (*function)(api::Handle)) noexcept {
        return {.closing = closing_.get(), .operation = operation, .function = function};
    }

    /// One Hcn* function; the error record, its last parameter, is added here. Each call gets a
    /// record of its own: reusing one frees it twice.
    template <class... Params, class... Args>
    void call(const char* operation, api::HResult (*function)(Params...), Args&&... args) {
        require(operation, function != nullptr);
        retrying({operation, request_in(args...)}, [&](Reply& reply) {
            CoTaskString record(functions_.free_string);
            reply.code = function(static_cast<Args&&>(args)..., record.out());
            reply.said = libcni::to_utf8(record.view());
        });
    }

    /// The same for a function that answers with a string before the error record.
    template <class... Params, class... Args>
    std::string answer(const char* operation, api::HResult (*function)(Params...), Args&&... args) {
        require(operation, function != nullptr);
        return retrying({operation, request_in(args...)},
                        [&](Reply& reply) {
                            CoTaskString record(functions_.free_string);
                            CoTaskString answer(functions_.free_string);
                            reply.code =
                                function(static_cast<Args&&>(args)..., answer.out(), record.out());
                            reply.said = libcni::to_utf8(record.view());
                            reply.answer = libcni::to_utf8(answer.view());
                        })
            .answer;
    }

    /// One function of HCS, whose last parameter tells more of a failure: it is added here, and
    /// means nothing when the call succeeds.
    template <class... Params, class... Args>
    void call_compute(const char* operation, api::HResult (*function)(Params...), Args&&... args) {
        require(operation, function != nullptr);
        retrying({operation, request_in(args...)}, [&](Reply& reply) {
            CoTaskString result(functions_.free_string);
            reply.code = function(static_cast<Args&&>(args)..., result.out());
            if (reply.code < 0) reply.said = libcni::to_utf8(result.view());
        });
    }

    /// HNSCall: returns the "Output" of its answer, null when there is none. `is_done` is asked
    /// before a call is made again, and true ends it with null: the lost answer was a good one.
    nlohmann::json hns_call(const std::string& method,
                            const std::string& path,
                            const std::string& request = {},
                            const std::function<bool()>& is_done = {});

private:
    /// A call as its observer sees it.
    struct Call {
        std::string operation;
        /// Empty when nobody wants to know.
        std::string request;
    };

    /// What one attempt brought.
    struct Reply {
        api::HResult code = 0;
        std::string answer = {};
        /// The error record; not empty means that the call failed, whatever its code.
        std::string said = {};
    };

    using Attempt = std::function<void(Reply& reply)>;

    static void require(const char* operation, bool there);

    /// What an observer is told of the arguments: an ID, settings or a query.
    template <class... Args>
    [[nodiscard]] std::string request_in(const Args&... args) const {
        std::string text;
        if (!options_.observer->wants_json()) return text;
        const auto take = [&text](const auto& argument) {
            const std::string_view separator = text.empty() ? "" : " ";
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(argument)>, api::Guid>)
                text.append(separator).append(to_text(argument));
            else if constexpr (std::is_convertible_v<decltype(argument), api::WideIn>)
                text.append(separator).append(libcni::to_utf8(api::WideIn(argument)));
        };
        (take(args), ...);
        return text;
    }

    using Clock = std::chrono::steady_clock;

    Reply
    retrying(const Call& call, const Attempt& attempt, const std::function<bool()>& is_done = {});
    void once(const Call& call, const Attempt& attempt, Reply& reply) const;
    /// True when another attempt may be made after the pause; the observer is told of the first.
    /// The first is made even when all the waiting is done: the answer of one that was carried out
    /// may be all that was lost.
    bool may_wait(const HnsError& error, std::chrono::milliseconds pause, bool is_first);
    /// Ends the wait that is under way, if any.
    void end_wait(bool answers);

    const api::Functions& functions_;
    CallOptions options_;
    std::unique_ptr<Closing> closing_;
    /// Since when HNS has been unavailable, while it is waited for.
    std::optional<Clock::time_point> waiting_since_;
    /// How much may still be waited.
    std::chrono::milliseconds patience_;
};

} // namespace hnsclient
