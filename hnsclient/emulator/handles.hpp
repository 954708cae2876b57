// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "hnsclient/api.hpp"
#include "hnsclient/emulator/object_store.hpp"

namespace hnsclient::emulator {

/// The handles that this process has open. A handle is a number that was never given before, not
/// an address: one that is wrong, closed or of another kind is found out and harms nothing.
class HandleTable {
public:
    /// The one of this process (of this DLL).
    static HandleTable& instance();

    api::Handle open(Kind kind, const std::string& id);

    /// The ID of the object; no value for a handle that is not open, or of another kind.
    std::optional<std::string> find(Kind kind, api::Handle handle);

    /// False when find() would have no value.
    bool close(Kind kind, api::Handle handle);

    std::size_t count(Kind kind);

private:
    struct Open {
        Kind kind;
        std::string id;
    };

    std::mutex mutex_;
    std::uintptr_t next_ = 0x48435000;
    std::map<std::uintptr_t, Open> open_;
};

} // namespace hnsclient::emulator
