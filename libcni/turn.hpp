// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "libcni/request.hpp"

// CNI spec 1.1.0, section 2: a runtime must not run commands on one container at once. One that was
// restarted does so all the same: a DEL beside the ADD that it no longer knows of would free the
// address of an endpoint that is about to be made.
namespace libcni {

/// While it lives, no other ADD or DEL of the container (or of the sandbox that it shares) on this
/// network runs, and no GC of the network; while that of a GC lives, nothing on the network. It
/// ends with the process at the latest.
class Turn {
public:
    Turn() = default;
    virtual ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
};

/// Waits for its turn as long as the request's time allows. Null for a command that changes
/// nothing, for the delegate of a plugin of ours, which has it, and, with a warning, where the lock
/// file cannot be made. Throws Error(try_again_later) when others take too long.
std::unique_ptr<Turn> take_turn(const Request& request, const Environment& env);

} // namespace libcni
