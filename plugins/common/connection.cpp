// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/connection.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "hnsclient/observer.hpp"
#include "libcni/log.hpp"
#include "libcni/trace.hpp"
#include "libcni/watchdog.hpp"

namespace plugins {

namespace log = libcni::log;

namespace {

std::string milliseconds(std::chrono::microseconds took) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(took.count()) / 1000);
    return text;
}

std::string seconds(std::chrono::milliseconds time) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(time.count()) / 1000);
    return text;
}

/// Lets the watchdog see each call while it lasts, and the log tell of it: at debug its result and
/// duration, at trace what went in and came out. All of it goes into a trace that is asked for.
class LoggingObserver final : public hnsclient::Observer {
public:
    [[nodiscard]] bool wants_json() const override {
        return log::enabled(log::Level::trace) || !trace_.empty();
    }

    void began(const std::string& operation, std::string_view request) override {
        if (!trace_.empty()) request_ = request;
        log::trace(operation + (request.empty() ? "" : " <- " + std::string(request)));
        activity_.emplace(operation);
    }

    /// No activity: a command whose work is done is not ended for what is only put away.
    void closing(const std::string& operation) override { log::trace(operation); }

    void ended(const std::string& operation,
               hnsclient::api::HResult code,
               std::chrono::microseconds took,
               std::string_view answer) override {
        activity_.reset();
        if (log::enabled(log::Level::debug))
            log::debug(operation + ": " + hnsclient::shown(code) + ", " + milliseconds(took));
        if (!answer.empty()) log::trace(operation + " -> " + std::string(answer));
        if (trace_.empty()) return;
        libcni::trace_call(
            trace_,
            {.name = operation, .code = code, .took = took, .request = request_, .answer = answer});
        request_.clear();
    }

    void waiting(const hnsclient::HnsError& error, std::chrono::milliseconds limit) override {
        log::warning(std::string(error.what()) + "; waiting for HNS, up to " + seconds(limit));
    }

    void waited(bool answers, std::chrono::milliseconds took) override {
        log::warning((answers ? "HNS answers again after " : "HNS is given up after ")
                     + seconds(took));
    }

    void close_hangs(const std::string& operation, std::chrono::milliseconds limit) override {
        log::warning(operation + " has not answered for " + seconds(limit)
                     + "; it is left to the end of the process");
    }

private:
    std::optional<libcni::Activity> activity_;
    /// The file of a trace, and what went into the call that is under way.
    std::string trace_ = libcni::trace_file();
    std::string request_;
};

} // namespace

std::unique_ptr<hnsclient::Client> connect(hnsclient::ApiVersion api) {
    log::debug("using " + std::string(hnsclient::name_of(api)));
    hnsclient::CallOptions options;
    options.observer = std::make_shared<LoggingObserver>();
    // Time for what comes after the wait.
    if (const auto left = libcni::Watchdog::time_left()) {
        options.close_within = std::min(options.close_within, *left / 4);
        options.retry_for = std::min(options.retry_for, *left / 2);
    }
    return hnsclient::make_client(api, hnsclient::api::load(), std::move(options));
}

} // namespace plugins
