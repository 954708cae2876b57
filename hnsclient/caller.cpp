// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/caller.hpp"

#include <algorithm>
#include <thread>

#include <nlohmann/json.hpp>

#include "hnsclient/answers.hpp"

namespace hnsclient {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// What a record's sentence means, where it has no code.
api::HResult code_by_words(const nlohmann::json& record) {
    const auto error = record.value("Error", nlohmann::json());
    return error.is_string() ? code_of_sentence(error.get<std::string>()) : e_unexpected;
}

/// A record with S_OK is an error all the same; it may tell which.
api::HResult code_in(const nlohmann::json& json) {
    if (!json.is_object()) return e_unexpected;
    const auto number = json.value("ErrorCode", nlohmann::json());
    if (!number.is_number_integer()) return code_by_words(json);
    const auto code = hresult(static_cast<std::uint32_t>(number.get<std::int64_t>()));
    return code < 0 ? code : code_by_words(json);
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
        began_ = SteadyClock::now();
    }

    ~Observed() {
        using std::chrono::duration_cast;
        const auto took = duration_cast<std::chrono::microseconds>(SteadyClock::now() - began_);
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
    SteadyClock::time_point began_ = {};
};

} // namespace

Caller::Caller(const api::Functions& functions, CallOptions options)
    : functions_(functions), options_(std::move(options)), patience_(options_.retry_for) {
    if (!options_.observer) options_.observer = std::make_shared<Observer>();
    closing_ = std::make_unique<Closing>(options_.observer, options_.close_within);
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

bool Caller::may_wait(const HnsError& error, std::chrono::milliseconds pause, bool is_first) {
    if (error.kind() != ErrorKind::unavailable) {
        end_wait(true);
        return false;
    }
    if (patience_ == std::chrono::milliseconds(0)) return options_.retry_for >= pause && is_first;
    const auto now = Clock::now();
    if (now + pause > waiting_since_.value_or(now) + patience_) {
        end_wait(false);
        return false;
    }
    if (!waiting_since_) {
        waiting_since_ = now;
        options_.observer->waiting(error, patience_);
    }
    return true;
}

void Caller::end_wait(bool answers) {
    using std::chrono::milliseconds;
    if (!waiting_since_) return;
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - *waiting_since_);
    waiting_since_.reset();
    patience_ = answers ? std::max(patience_ - took, milliseconds(0)) : milliseconds(0);
    options_.observer->waited(answers, took);
}

Caller::Reply
Caller::retrying(const Call& call, const Attempt& attempt, const std::function<bool()>& is_done) {
    constexpr std::chrono::milliseconds first_pause{50};
    constexpr std::chrono::milliseconds longest_pause{2000};
    for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        try {
            Reply reply;
            once(call, attempt, reply);
            end_wait(true);
            return reply;
        } catch (const HnsError& error) {
            if (!may_wait(error, pause, pause == first_pause)) throw;
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
        reply.answer = libcni::to_utf8(text.view());
        // Windows of 1809 and later fail the call itself, and still say why.
        if (reply.code < 0) {
            reply.said = reply.answer;
            return;
        }
        reply.code = take_output(parsed(operation, reply.answer), output, reply.said);
    };
    retrying({operation, request}, attempt, is_done);
    return output;
}

} // namespace hnsclient
