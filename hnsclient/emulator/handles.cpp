// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/handles.hpp"

#include <algorithm>

namespace hnsclient::emulator {

HandleTable& HandleTable::instance() {
    static HandleTable table;
    return table;
}

api::Handle HandleTable::open(Kind kind, const std::string& id) {
    const std::lock_guard lock(mutex_);
    next_ += 16;
    open_.emplace(next_, Open{kind, id});
    return reinterpret_cast<api::Handle>(next_); // NOLINT(performance-no-int-to-ptr)
}

std::optional<std::string> HandleTable::find(Kind kind, api::Handle handle) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(reinterpret_cast<std::uintptr_t>(handle));
    if (found == open_.end() || found->second.kind != kind) return std::nullopt;
    return found->second.id;
}

bool HandleTable::close(Kind kind, api::Handle handle) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(reinterpret_cast<std::uintptr_t>(handle));
    if (found == open_.end() || found->second.kind != kind) return false;
    open_.erase(found);
    return true;
}

std::size_t HandleTable::count(Kind kind) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        open_, [kind](const auto& open) { return open.second.kind == kind; }));
}

} // namespace hnsclient::emulator
