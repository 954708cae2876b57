// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/releasing.hpp"

#include <algorithm>

#include "ipam/host-local/broken_leases.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace host_local {

using libcni::Error;

namespace {

/// Removes leases; goes on after an error. Returns what went wrong, one sentence each.
std::vector<std::string> release(LeaseStore& store, const std::vector<Lease>& leases) {
    std::vector<std::string> errors;
    for (const Lease& lease : leases) {
        try {
            store.remove(lease.name);
        } catch (const Error& error) {
            errors.push_back(one_line(error));
        }
    }
    return errors;
}

void require_none(const std::vector<std::string>& errors, const std::string& msg) {
    if (errors.empty()) return;
    throw Error(libcni::ErrorCode::io_failure, msg, libcni::joined(errors, "; "));
}

bool is_valid(const Owner& owner, const std::vector<libcni::Attachment>& valid) {
    return std::ranges::any_of(valid, [&](const libcni::Attachment& attachment) {
        return attachment.container_id == owner.container_id
               && (owner.interface_name.empty() || attachment.interface_name.empty()
                   || attachment.interface_name == owner.interface_name);
    });
}

} // namespace

void release_all_of(LeaseStore& store, const Owner& owner) {
    Holdings holdings = store.holdings_of(owner);
    std::erase_if(holdings.broken, [&](const Lease& lease) { return store.is_nobodys(lease); });
    const auto& leases = holdings.own.empty() ? holdings.by_id_only : holdings.own;
    require_none(release(store, leases),
                 "not all leases of " + to_string(owner) + " could be released");
    if (leases.empty())
        require_none(read_errors_of(holdings.broken),
                     "no lease of " + to_string(owner)
                         + " was found, but not all lease files could be read");
}

std::vector<std::string> release_stale(LeaseStore& store,
                                       const std::vector<libcni::Attachment>& valid) {
    std::vector<Lease> stale;
    std::vector<std::string> errors;
    for (Lease& lease : store.leases()) {
        if (!lease.read_error.empty()) {
            errors.push_back(lease.read_error);
        } else if (!lease.owner || !is_valid(*lease.owner, valid)) {
            if (!lease.owner) libcni::log::warning(fault_of(store, lease) + "; releasing it");
            stale.push_back(std::move(lease));
        }
    }
    std::ranges::move(release(store, stale), std::back_inserter(errors));
    return errors;
}

} // namespace host_local
