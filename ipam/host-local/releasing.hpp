// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ipam/host-local/lease_store.hpp"
#include "libcni/config.hpp"

namespace host_local {

/// Releases all that `owner` holds; nothing to release is success. Needs the store's lock. Throws
/// Error(io_failure) when a lease could not be released, or when none was found and some could not
/// be read: they may be the owner's.
void release_all_of(LeaseStore& store, const Owner& owner);

/// Releases what belongs to none of the `valid` attachments, and lease files that name no owner.
/// Needs the store's lock. Goes on after an error; returns what went wrong, a sentence each.
std::vector<std::string> release_stale(LeaseStore& store,
                                       const std::vector<libcni::Attachment>& valid);

} // namespace host_local
