// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/leasing.hpp"

#include <algorithm>

#include "ipam/host-local/broken_leases.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/undo.hpp"

namespace host_local {

using libcni::Error;
using libcni::utf8_of;

namespace {

std::optional<Address> last_given(const LeaseStore& store, std::size_t set_index) {
    try {
        return store.last_given(set_index);
    } catch (const Error& error) {
        // Only the turn is lost, as when the file is not there.
        libcni::log::info(one_line(error));
        return std::nullopt;
    }
}

std::vector<Choice> choose_from(const LeaseStore& store,
                                const Holdings& holdings,
                                const std::vector<RangeSet>& sets,
                                const std::vector<Address>& requested) {
    const std::string broken = describe_broken(store, holdings.broken);
    // Not a warning: callers mix stderr into the result that they parse (kube-proxy's source VIP).
    if (!broken.empty()) libcni::log::info(broken);
    const Book book{.held = holdings.addresses(),
                    .is_taken = [&](const Address& a) { return store.is_taken(a); },
                    .holder = [&](const Address& a) { return holder_of(store, a); },
                    .last_given = [&](std::size_t i) { return last_given(store, i); }};
    try {
        return choose(sets, requested, book);
    } catch (Error& error) {
        error.add_detail("the leases are in " + utf8_of(store.folder()));
        error.add_detail(broken);
        throw;
    }
}

bool is_among(const std::vector<Lease>& leases, const Address& address) {
    return std::ranges::find(leases, address, &Lease::address) != leases.end();
}

void remember_turn(LeaseStore& store, const Choice& choice) {
    try {
        store.set_last_given(choice.set_index, choice.address.address());
    } catch (const Error& error) {
        // The lease is safe; only the next turn will begin elsewhere.
        libcni::log::warning(one_line(error));
    }
}

/// Where somebody removed the lock file, two commands may have written one lease; the other's
/// stays.
void remove_own(LeaseStore& store, const Owner& owner, const Address& address) {
    const auto lease = store.find(address);
    const bool is_anothers = lease && lease->owner && *lease->owner != owner;
    if (!is_anothers) store.remove(lease_name(address));
}

void lease_all(LeaseStore& store,
               const Owner& owner,
               const Holdings& holdings,
               const std::vector<Choice>& choices) {
    libcni::transaction([&](libcni::Undo& undo) {
        for (const Choice& choice : choices) {
            const Address& address = choice.address.address();
            // An old lease must name its interface from now on, else the container's next
            // interface would take it for its own too.
            const bool is_old = is_among(holdings.by_id_only, address);
            if (!choice.is_new && !is_old) continue;
            if (choice.is_new)
                undo.add("lease " + utf8_of(store.folder() / lease_name(address)),
                         [&store, &owner, address] { remove_own(store, owner, address); });
            store.add(address, owner);
        }
    });
}

} // namespace

std::vector<Choice> lease(LeaseStore& store,
                          const Owner& owner,
                          const std::vector<RangeSet>& sets,
                          const std::vector<Address>& requested) {
    const Holdings holdings = store.holdings_of(owner);
    std::vector<Choice> choices = choose_from(store, holdings, sets, requested);
    lease_all(store, owner, holdings, choices);
    for (const Choice& choice : choices)
        if (choice.is_new) remember_turn(store, choice);
    return choices;
}

} // namespace host_local
