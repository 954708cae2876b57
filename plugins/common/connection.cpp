// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/connection.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "hnsclient/observer.hpp"
#include "libcni/log.hpp"
#include "libcni/watchdog.hpp"

namespace plugins {

namespace log = libcni::log;

namespace {

std::string milliseconds(std::chrono::microseconds took) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(took.count()) / 1000);
    return text;
}

/// Lets the watchdog see each call while it lasts, and the log tell of it: at debug its result and
/// duration, at trace what went in and came out.
class LoggingObserver final : public hnsclient::Observer {
public:
    [[nodiscard]] bool wants_json() const override { return log::enabled(log::Level::trace); }

    void began(const std::string& operation, std::string_view request) override {
        log::trace(operation + (request.empty() ? "" : " <- " + std::string(request)));
        activity_.emplace(operation);
    }

    void ended(const std::string& operation,
               hnsclient::api::HResult code,
               std::chrono::microseconds took,
               std::string_view answer) override {
        activity_.reset();
        if (log::enabled(log::Level::debug))
            log::debug(operation + ": " + hnsclient::shown(code) + ", " + milliseconds(took));
        if (!answer.empty()) log::trace(operation + " -> " + std::string(answer));
    }

    void retrying(const hnsclient::HnsError& error, std::chrono::milliseconds) override {
        log::warning(std::string(error.what()) + "; trying again");
    }

private:
    std::optional<libcni::Activity> activity_;
};

} // namespace

std::unique_ptr<hnsclient::Client> connect(hnsclient::ApiVersion api) {
    log::debug("using " + std::string(hnsclient::name_of(api)));
    hnsclient::CallOptions options;
    options.observer = std::make_shared<LoggingObserver>();
    return hnsclient::make_client(api, hnsclient::api::load(), std::move(options));
}

} // namespace plugins
