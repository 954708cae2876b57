// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ipam/host-local/lease_store.hpp"

// Lease files of which nobody can tell whose they are, and what is told about them.
namespace host_local {

/// Why a lease file names nobody: it cannot be read, or it holds no owner.
std::string fault_of(const LeaseStore& store, const Lease& lease);

/// The faults of the first few, and that GC releases such files; empty when there are none.
std::string describe_broken(const LeaseStore& store, const std::vector<Lease>& broken);

/// Why those of them that cannot be read cannot, a sentence each.
std::vector<std::string> read_errors_of(const std::vector<Lease>& broken);

/// Who has leased an address, for messages: an owner, "nobody", or what is wrong with the file.
std::string holder_of(const LeaseStore& store, const Address& address);

} // namespace host_local
