// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "libcni/config.hpp"
#include "libcni/ip.hpp"

// What host-local's leases tell to others. docs/lease-files.md.
namespace host_local {

/// True when the conf's IPAM plugin is host-local.
bool keeps_leases(const libcni::NetworkConfig& conf) noexcept;

/// Who holds this address of the conf's network, as the lease file on the disk says, ours or the Go
/// plugin's; a lease of an old plugin names no interface. No value when the conf has another IPAM
/// plugin or none, when nobody holds the address, or when that cannot be read.
std::optional<libcni::Attachment> find_holder(const libcni::NetworkConfig& conf,
                                              const libcni::Address& address) noexcept;

} // namespace host_local
