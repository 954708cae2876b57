// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/hcn_call.hpp"

#include <utility>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/handles.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/unicode.hpp"

namespace hnsclient::emulator::hcn {

using nlohmann::json;

std::string narrow(api::WideIn text) {
    return text == nullptr ? std::string() : libcni::to_utf8(text);
}

Call call(const char* function, api::WideIn request) {
    Call result{.name = {.function = function, .method = {}, .path = {}}};
    const std::string text = narrow(request);
    if (text.empty()) return result;
    json parsed = json::parse(text, nullptr, false);
    if (parsed.is_discarded())
        result.details["requestRaw"] = text;
    else
        result.details["request"] = std::move(parsed);
    return result;
}

Call call(const char* function, const api::Guid& id, api::WideIn request) {
    Call result = call(function, request);
    result.details["id"] = to_text(id);
    return result;
}

Call call(const char* function, Kind kind, api::Handle handle, api::WideIn request) {
    Call result = call(function, request);
    if (const auto id = HandleTable::instance().find(kind, handle)) result.details["id"] = *id;
    return result;
}

std::string wanted_id(const api::Guid& id) {
    return id == api::Guid{} ? std::string() : to_text(id);
}

std::string require_handle(Kind kind, api::Handle handle) {
    auto id = HandleTable::instance().find(kind, handle);
    if (!id) throw Failure(Code::invalid_handle);
    return std::move(*id);
}

void require_out(const void* out) {
    if (out == nullptr) throw Failure(Code::invalid_argument);
}

json filter_of(const std::string& query) {
    if (query.empty()) return json::object();
    const std::string filter = text_at(parse_object(query), "Filter");
    return filter.empty() ? json::object() : parse_object(filter);
}

api::HResult close(const char* function, Kind kind, api::Handle handle) noexcept {
    try {
        Call this_call = call(function, kind, handle, nullptr);
        const bool closed = HandleTable::instance().close(kind, handle);
        return serve(std::move(this_call), {}, [closed](Session&) -> Answer {
            if (!closed) throw Failure(Code::invalid_handle);
            return {};
        });
    } catch (...) {
        return static_cast<api::HResult>(Code::unspecified);
    }
}

Answer opened(Kind kind, std::string id) {
    return {.response = std::nullopt, .opened = std::pair(kind, std::move(id))};
}

} // namespace hnsclient::emulator::hcn
