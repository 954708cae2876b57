// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/allocator.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;

namespace {

std::string described(const std::vector<RangeSet>& sets) {
    return libcni::joined(sets, "; ", &RangeSet::to_string);
}

void require_assignable(const RangeSet& set, const Address& address) {
    const char* const reason = set.find(address)->why_reserved(address);
    if (reason != nullptr)
        throw Error(ErrorCode::invalid_network_config,
                    "requested address " + address.to_string() + " is " + reason + " of subnet "
                        + set.find(address)->subnet().to_string(),
                    "ask for another one");
}

/// For every set the address asked for out of it. Throws unless each request has its set.
std::vector<std::optional<Address>> assign(const std::vector<RangeSet>& sets,
                                           const std::vector<Address>& requested) {
    std::vector<std::optional<Address>> assigned(sets.size());
    for (const Address& address : requested) {
        const auto set =
            std::ranges::find_if(sets, [&](const auto& s) { return s.find(address) != nullptr; });
        if (set == sets.end())
            throw Error(ErrorCode::invalid_network_config,
                        "requested address " + address.to_string() + " is not in any range",
                        "the ranges are " + described(sets));
        require_assignable(*set, address);
        auto& place = assigned[static_cast<std::size_t>(set - sets.begin())];
        if (place && *place != address)
            throw Error(ErrorCode::invalid_network_config,
                        "requested addresses " + place->to_string() + " and " + address.to_string()
                            + " are from the same range set",
                        "a container gets one address from each range set");
        place = address;
    }
    return assigned;
}

std::optional<Address> held_in(const RangeSet& set, const Book& book) {
    const auto found =
        std::ranges::find_if(book.held, [&](const auto& a) { return set.find(a) != nullptr; });
    if (found == book.held.end()) return std::nullopt;
    return *found;
}

Choice choice(const RangeSet& set, std::size_t index, const Address& address, bool is_new) {
    const Range& range = *set.find(address);
    return {.set_index = index,
            .address = Cidr(address, range.subnet().prefix_length()),
            .gateway = range.gateway(),
            .is_new = is_new};
}

Choice
take_requested(const RangeSet& set, std::size_t index, const Address& wanted, const Book& book) {
    if (std::ranges::find(book.held, wanted) != book.held.end())
        return choice(set, index, wanted, false);
    // A second address would never be missed by anybody, and so would leak.
    if (const auto held = held_in(set, book))
        throw Error(ErrorCode::internal,
                    "requested address " + wanted.to_string()
                        + " cannot be assigned: the container holds " + held->to_string()
                        + " from the same range set",
                    "release that one with DEL first");
    if (book.is_taken(wanted))
        throw Error(ErrorCode::internal,
                    "requested address " + wanted.to_string() + " is taken",
                    "it is held by " + book.holder(wanted));
    return choice(set, index, wanted, true);
}

/// No GC helps a range that never had an address for pods.
[[noreturn]] void refuse_empty(const RangeSet& set, std::size_t index) {
    throw Error(ErrorCode::invalid_network_config,
                "range set " + std::to_string(index) + " (" + set.to_string()
                    + ") holds no address for pods: what is in it is "
                    + set.ranges().front().why_reserved(set.ranges().front().start()),
                "give it a wider range, or name another gateway");
}

Choice take_next(const RangeSet& set, std::size_t index, const Book& book) {
    if (const auto held = held_in(set, book)) return choice(set, index, *held, false);
    RoundRobin candidates(set, book.last_given(index));
    while (const auto candidate = candidates.next())
        if (!book.is_taken(*candidate)) return choice(set, index, *candidate, true);
    if (set.capacity() == 0) refuse_empty(set, index);
    throw Error(ErrorCode::internal,
                "no address is free in range set " + std::to_string(index) + " (" + set.to_string()
                    + ")",
                "GC releases the leases of containers that are gone without a DEL");
}

} // namespace

std::vector<Choice>
choose(const std::vector<RangeSet>& sets, const std::vector<Address>& requested, const Book& book) {
    const auto assigned = assign(sets, requested);
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < sets.size(); ++i)
        choices.push_back(assigned[i] ? take_requested(sets[i], i, *assigned[i], book)
                                      : take_next(sets[i], i, book));
    return choices;
}

} // namespace host_local
