// SPDX-License-Identifier: Apache-2.0
#include "libcni/command.hpp"

#include <algorithm>
#include <array>

namespace libcni {

namespace {

constexpr unsigned attachment = needs_container | needs_netns | needs_ifname;

// In the order of the enumeration; CNI spec 1.1.0, section 2, "CNI operations".
constexpr std::array commands{
    CommandFacts{Command::add, "ADD", attachment, SpecVersion::v0_1_0, false},
    // The namespace may be gone.
    CommandFacts{Command::del, "DEL", needs_container | needs_ifname, SpecVersion::v0_1_0, true},
    CommandFacts{Command::check, "CHECK", attachment, SpecVersion::v0_4_0, false},
    CommandFacts{Command::status, "STATUS", 0, SpecVersion::v1_1_0, false},
    CommandFacts{Command::gc, "GC", needs_path, SpecVersion::v1_1_0, true},
    CommandFacts{Command::version, "VERSION", 0, SpecVersion::v0_1_0, false},
};

} // namespace

const CommandFacts& facts_of(Command command) noexcept {
    return commands[static_cast<std::size_t>(command)];
}

std::string_view to_string(Command command) {
    return facts_of(command).name;
}

std::optional<Command> find_command(std::string_view name) {
    const auto found = std::ranges::find(commands, name, &CommandFacts::name);
    if (found == commands.end()) return std::nullopt;
    return found->command;
}

} // namespace libcni
