// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "libcni/request.hpp"
#include "libcni/result.hpp"

namespace libcni {

/// What an executable does for a container runtime (CNI spec 1.1.0, section 2). The commands return
/// values or throw: Error as it is to be printed, BadShape for a key of the conf, which becomes
/// code 6. They never touch stdin, stdout or the environment.
class Plugin {
public:
    Plugin() = default;
    virtual ~Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    /// As the executable is called: "win-bridge".
    [[nodiscard]] virtual std::string_view name() const = 0;

    /// One sentence for people who start the executable by hand.
    [[nodiscard]] virtual std::string_view about() const = 0;

    [[nodiscard]] virtual Result add(const Request& request) const = 0;
    virtual void del(const Request& request) const = 0;
    virtual void check(const Request& request) const = 0;
    virtual void status(const Request& request) const = 0;
    virtual void gc(const Request& request) const = 0;

    /// True for a plugin whose commands must not run beside each other: ADD and DEL of one
    /// container, and GC with any of its network. dispatch() then lets them wait (libcni/turn.hpp).
    [[nodiscard]] virtual bool takes_turns() const { return false; }

    /// VERSION: the spec versions that the plugin speaks, oldest first; all of libcni's unless it
    /// says otherwise. Requests in others do not reach it.
    [[nodiscard]] virtual std::span<const std::string_view> versions() const;
};

} // namespace libcni
