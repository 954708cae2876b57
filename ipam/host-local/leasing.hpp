// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ipam/host-local/allocator.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "ipam/host-local/ranges.hpp"

namespace host_local {

/// Chooses an address out of each range set for `owner`, as choose() does, and leases those that it
/// does not hold yet. Needs the store's lock. When one cannot be leased, those that were are given
/// back, and what cannot be given back is told in the details. Throws as choose(), with the folder
/// and its broken leases in the details, and Error(io_failure).
std::vector<Choice> lease(LeaseStore& store,
                          const Owner& owner,
                          const std::vector<RangeSet>& sets,
                          const std::vector<Address>& requested);

} // namespace host_local
