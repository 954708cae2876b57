// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/api.hpp"
#include "hnsclient/error.hpp"
#include "hnsclient/handle.hpp"
#include "libcni/base/unicode.hpp"

namespace hnsclient {

/// What a program wants to know of the calls that its client makes.
struct CallOptions {
    /// Called before each C function with its name; what it returns lives as long as the call.
    std::function<std::shared_ptr<void>(const std::string& operation)> watch;
    /// Called when a call failed and will be made again.
    std::function<void(const HnsError& error)> on_retry;
    /// For how long a call is made again while HNS is unavailable.
    std::chrono::milliseconds retry_for{10'000};
};

/// Makes checked calls of the C functions: throws HnsError when the HRESULT is negative or the
/// error record is not empty, and makes a call again, with growing pauses, while HNS is
/// unavailable.
class Caller {
public:
    Caller(const api::Functions& functions, CallOptions options);

    [[nodiscard]] const api::Functions& functions() const noexcept { return functions_; }

    /// One Hcn* function; the error record, its last parameter, is added here. Each call gets a
    /// record of its own: reusing one frees it twice.
    template <class... Params, class... Args>
    void call(const char* operation, api::HResult (*function)(Params...), Args&&... args) {
        require(operation, function != nullptr);
        retrying(operation, [&](std::string& said) {
            CoTaskString record(functions_.free_string);
            const api::HResult code = function(static_cast<Args&&>(args)..., record.out());
            said = libcni::to_utf8(record.view());
            return code;
        });
    }

    /// The same for a function that answers with a string before the error record.
    template <class... Params, class... Args>
    std::string answer(const char* operation, api::HResult (*function)(Params...), Args&&... args) {
        require(operation, function != nullptr);
        std::string text;
        retrying(operation, [&](std::string& said) {
            CoTaskString record(functions_.free_string);
            CoTaskString answer(functions_.free_string);
            const api::HResult code =
                function(static_cast<Args&&>(args)..., answer.out(), record.out());
            said = libcni::to_utf8(record.view());
            text = libcni::to_utf8(answer.view());
            return code;
        });
        return text;
    }

    /// One function of HCS, whose last parameter tells more of a failure: it is added here, and
    /// means nothing when the call succeeds.
    template <class... Params, class... Args>
    void call_compute(const char* operation, api::HResult (*function)(Params...), Args&&... args) {
        require(operation, function != nullptr);
        retrying(operation, [&](std::string& said) {
            CoTaskString result(functions_.free_string);
            const api::HResult code = function(static_cast<Args&&>(args)..., result.out());
            if (code < 0) said = libcni::to_utf8(result.view());
            return code;
        });
    }

    /// HNSCall: returns the "Output" of its answer, null when there is none. `is_done` is asked
    /// before a call is made again, and true ends it with null: the lost answer was a good one.
    nlohmann::json hns_call(const std::string& method,
                            const std::string& path,
                            const std::string& request = {},
                            const std::function<bool()>& is_done = {});

private:
    /// Makes one attempt: returns the HRESULT, puts the error record into `said`.
    using Attempt = std::function<api::HResult(std::string& said)>;

    static void require(const char* operation, bool there);
    void retrying(const std::string& operation,
                  const Attempt& attempt,
                  const std::function<bool()>& is_done = {}) const;
    void once(const std::string& operation, const Attempt& attempt) const;

    const api::Functions& functions_;
    CallOptions options_;
};

} // namespace hnsclient
