// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ipam/host-local/ranges.hpp"

namespace host_local {

/// What the allocator must know of the leases; nothing in it changes them.
struct Book {
    /// The addresses that this container and interface hold already.
    std::vector<Address> held;
    /// True when an address has a lease, whoever holds it and however broken it is.
    std::function<bool(const Address&)> is_taken;
    /// Who holds a taken address, for messages.
    std::function<std::string(const Address&)> holder;
    /// The address that the range set of this index gave last.
    std::function<std::optional<Address>(std::size_t)> last_given;
};

/// The address that an ADD is to have out of one range set.
struct Choice {
    std::size_t set_index;
    /// With the prefix length of its subnet.
    Cidr address;
    Address gateway;
    /// False when the container holds it already.
    bool is_new;
};

/// Chooses one address out of each range set: the one that is held already, else the one that is
/// asked for, else the next free one, round robin. Changes nothing, so that whatever is wrong is
/// found before anything is taken. Throws Error: invalid_network_config for an address asked for
/// that these ranges can never give; internal when one is taken by somebody else or a set is full.
std::vector<Choice>
choose(const std::vector<RangeSet>& sets, const std::vector<Address>& requested, const Book& book);

} // namespace host_local
