// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "libcni/version.hpp"

namespace libcni {

/// CNI spec 1.1.0, section 2, "CNI operations".
enum class Command { add, del, check, status, gc, version };

/// The variables that a command may need, as bits: CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME,
/// CNI_PATH.
enum Variable : unsigned { needs_container = 1, needs_netns = 2, needs_ifname = 4, needs_path = 8 };

/// What the spec says about a command.
struct CommandFacts {
    Command command;
    /// As CNI_COMMAND spells it.
    std::string_view name;
    /// Bits of Variable: without these the command is refused.
    unsigned needs;
    /// The spec version that brought the command.
    SpecVersion first_version;
    /// Takes things away. It must succeed whatever else has gone wrong, so what does not make sense
    /// and is not needed for it is ignored.
    bool removes;
};

const CommandFacts& facts_of(Command command) noexcept;

/// "ADD", "DEL", ... as CNI_COMMAND spells it.
std::string_view to_string(Command command);

/// The command of exactly this name; no value when there is none.
std::optional<Command> find_command(std::string_view name);

} // namespace libcni
