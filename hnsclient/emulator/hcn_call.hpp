// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/api.hpp"
#include "hnsclient/emulator/service.hpp"

/// What the functions of hcn.hpp have in common.
namespace hnsclient::emulator::hcn {

/// A wide string of the caller as UTF-8; null is empty.
std::string narrow(api::WideIn text);

/// A call about no object in particular.
Call call(const char* function, api::WideIn request);

/// A call about the object with that ID.
Call call(const char* function, const api::Guid& id, api::WideIn request);

/// A call about the object that a handle stands for.
Call call(const char* function, Kind kind, api::Handle handle, api::WideIn request);

/// The ID that an object shall have; empty for a zero GUID, with which HNS chooses.
std::string wanted_id(const api::Guid& id);

/// The ID behind a handle. Throws Failure (invalid_handle).
std::string require_handle(Kind kind, api::Handle handle);

/// Throws Failure (invalid_argument) for a place that is null but must not be.
void require_out(const void* out);

/// The filter of a query; an empty object when there is none. Throws Failure (invalid_json).
nlohmann::json filter_of(const std::string& query);

/// Closes a handle: always, even when a fault makes the call fail.
api::HResult close(const char* function, Kind kind, api::Handle handle) noexcept;

/// An answer that opens a handle.
Answer opened(Kind kind, std::string id);

} // namespace hnsclient::emulator::hcn
