// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/api.hpp"
#include "hnsclient/emulator/config.hpp"
#include "hnsclient/emulator/faults.hpp"
#include "hnsclient/emulator/object_store.hpp"

namespace hnsclient::emulator {

/// One call of a C function, as the call log tells it.
struct Call {
    CallName name;
    /// What the log says besides: "id", "network", "request", ...
    nlohmann::json details = nlohmann::json::object();
};

/// Where the caller wants its answer; any may be null.
struct Outs {
    api::WideOut response = nullptr;
    api::Handle* handle = nullptr;
    /// HNS's error record.
    api::WideOut error = nullptr;
    /// HCS's.
    api::WideOut result = nullptr;
};

/// What a call gives back when it succeeds.
struct Answer {
    std::optional<nlohmann::json> response;
    /// The object that the caller's handle shall stand for.
    std::optional<std::pair<Kind, std::string>> opened;
};

/// What the work of a call may use.
struct Session {
    ObjectStore& store;
    const Config& config;
};

using Work = std::function<Answer(Session&)>;

/// Does one call of HCN or HCS from end to end: finds the folder, plays the faults, does the work
/// under the store's lock, hands out answer, handle and error record, writes the log. Never throws.
api::HResult serve(Call call, const Outs& outs, const Work& work) noexcept;

/// The same for HNSCall, whose answer is {"Success", "Output"} or {"Success", "Error",
/// "ErrorCode"}. A failure of the work is such an answer; whether the call itself fails, and the
/// answer has the code, is a matter of the version.
api::HResult serve_v1(Call call, api::WideOut response, const Work& work) noexcept;

} // namespace hnsclient::emulator
