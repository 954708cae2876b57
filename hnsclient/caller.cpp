// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/caller.hpp"

#include <algorithm>
#include <thread>

#include <nlohmann/json.hpp>

#include "hnsclient/answers.hpp"

namespace hnsclient {

namespace {

using Clock = std::chrono::steady_clock;

/// A record with S_OK is an error all the same; it may tell which.
api::HResult code_in(const nlohmann::json& json) {
    if (!json.is_object() || !json.contains("ErrorCode") || !json["ErrorCode"].is_number_unsigned())
        return e_unexpected;
    const auto code = hresult(json["ErrorCode"].get<std::uint32_t>());
    return code < 0 ? code : e_unexpected;
}

/// Takes an HNSCall's answer apart: a call that went well may bring a failure, with a code or with
/// words alone.
api::HResult take_output(nlohmann::json answer, nlohmann::json& output, std::string& said) {
    if (!answer.is_object()) {
        said = "the answer is not an object: " + text_of(answer);
        return e_unexpected;
    }
    if (answer.value("Success", nlohmann::json()) == true) {
        // Lists of a whole node are long.
        if (const auto found = answer.find("Output"); found != answer.end())
            output = std::move(*found);
        return 0;
    }
    const auto error = answer.value("Error", nlohmann::json());
    said = error.is_string() ? error.get<std::string>() : text_of(answer);
    return code_in(answer);
}

/// One attempt as an observer sees it: it has begun, and is over however the scope is left.
class Observed {
public:
    Observed(Observer& observer, const std::string& operation, std::string_view request)
        : observer_(observer), operation_(operation), wants_json_(observer.wants_json()) {
        observer_.began(operation_, wants_json_ ? request : std::string_view());
        // After what the observer does, as writing a line to a log.
        began_ = Clock::now();
    }

    ~Observed() {
        using std::chrono::duration_cast;
        const auto took = duration_cast<std::chrono::microseconds>(Clock::now() - began_);
        try {
            observer_.ended(operation_, code, took, wants_json_ ? answer : std::string_view());
        } catch (...) { // NOLINT(bugprone-empty-catch): who looks on changes nothing
        }
    }

    Observed(const Observed&) = delete;
    Observed& operator=(const Observed&) = delete;

    /// What ended() is told; an exception that nobody expected leaves it as it is here.
    api::HResult code = e_unexpected;
    std::string_view answer = {};

private:
    Observer& observer_;
    const std::string& operation_;
    bool wants_json_;
    Clock::time_point began_ = {};
};

} // namespace

Caller::Caller(const api::Functions& functions, CallOptions options)
    : functions_(functions), options_(std::move(options)) {
    if (!options_.observer) options_.observer = std::make_shared<Observer>();
}

void Caller::require(const char* operation, bool there) {
    if (!there)
        throw HnsError(operation, e_not_implemented, "this Windows does not have the function");
}

void Caller::once(const Call& call, const Attempt& attempt, Reply& reply) const {
    Observed observed(*options_.observer, call.operation, call.request);
    try {
        attempt(reply);
        if (reply.code >= 0 && !reply.said.empty())
            reply.code = code_in(nlohmann::json::parse(reply.said, nullptr, false));
        if (reply.code < 0) throw HnsError(call.operation, reply.code, reply.said);
        observed.code = reply.code;
        observed.answer = reply.answer;
    } catch (const HnsError& error) {
        observed.code = error.code();
        // HNSCall has its record in the answer.
        observed.answer = reply.answer.empty() ? reply.said : reply.answer;
        throw;
    }
}

Caller::Reply Caller::retrying(const Call& call,
                               const Attempt& attempt,
                               const std::function<bool()>& is_done) const {
    constexpr std::chrono::milliseconds longest_pause{2000};
    const auto deadline = Clock::now() + options_.retry_for;
    for (std::chrono::milliseconds pause{50};; pause = std::min(pause * 2, longest_pause)) {
        try {
            Reply reply;
            once(call, attempt, reply);
            return reply;
        } catch (const HnsError& error) {
            if (error.kind() != ErrorKind::unavailable || Clock::now() + pause > deadline) throw;
            options_.observer->retrying(error, pause);
        }
        std::this_thread::sleep_for(pause);
        if (is_done && is_done()) return {};
    }
}

nlohmann::json Caller::hns_call(const std::string& method,
                                const std::string& path,
                                const std::string& request,
                                const std::function<bool()>& is_done) {
    const std::string operation = hns_operation(method, path);
    require(operation.c_str(), functions_.hns_call != nullptr);
    const auto wide_method = libcni::to_utf16(method);
    const auto wide_path = libcni::to_utf16(path);
    const auto wide_request = libcni::to_utf16(request);
    nlohmann::json output;
    const auto attempt = [&](Reply& reply) {
        CoTaskString text(functions_.free_string);
        reply.code = functions_.hns_call(
            wide_method.c_str(), wide_path.c_str(), wide_request.c_str(), text.out());
        if (reply.code < 0) return;
        reply.answer = libcni::to_utf8(text.view());
        reply.code = take_output(parsed(operation, reply.answer), output, reply.said);
    };
    retrying({operation, request}, attempt, is_done);
    return output;
}

} // namespace hnsclient
