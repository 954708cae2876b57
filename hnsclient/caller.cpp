// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/caller.hpp"

#include <algorithm>
#include <thread>

#include <nlohmann/json.hpp>

#include "hnsclient/answers.hpp"

namespace hnsclient {

namespace {

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
        said = "the answer is no object: " + text_of(answer);
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

} // namespace

Caller::Caller(const api::Functions& functions, CallOptions options)
    : functions_(functions), options_(std::move(options)) {}

void Caller::require(const char* operation, bool there) {
    if (!there)
        throw HnsError(operation, e_not_implemented, "this Windows does not have the function");
}

void Caller::once(const std::string& operation, const Attempt& attempt) const {
    const auto watched = options_.watch ? options_.watch(operation) : nullptr;
    std::string said;
    const api::HResult code = attempt(said);
    if (code < 0) throw HnsError(operation, code, said);
    if (!said.empty())
        throw HnsError(operation, code_in(nlohmann::json::parse(said, nullptr, false)), said);
}

void Caller::retrying(const std::string& operation,
                      const Attempt& attempt,
                      const std::function<bool()>& is_done) const {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds longest_pause{2000};
    const auto deadline = Clock::now() + options_.retry_for;
    for (std::chrono::milliseconds pause{50};; pause = std::min(pause * 2, longest_pause)) {
        try {
            return once(operation, attempt);
        } catch (const HnsError& error) {
            if (error.kind() != ErrorKind::unavailable || Clock::now() + pause > deadline) throw;
            if (options_.on_retry) options_.on_retry(error);
        }
        std::this_thread::sleep_for(pause);
        if (is_done && is_done()) return;
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
    const auto attempt = [&](std::string& said) {
        CoTaskString text(functions_.free_string);
        const api::HResult code = functions_.hns_call(
            wide_method.c_str(), wide_path.c_str(), wide_request.c_str(), text.out());
        if (code < 0) return code;
        return take_output(parsed(operation, libcni::to_utf8(text.view())), output, said);
    };
    retrying(operation, attempt, is_done);
    return output;
}

} // namespace hnsclient
