// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipam/host-local/files.hpp"
#include "libcni/request.hpp"
#include "libcni/result.hpp"

// The commands of host-local; CNI spec 1.1.0, section 2. Each throws libcni::Error: io_failure for
// the disk, try_again_later for a lock that others hold too long.
namespace host_local {

/// One address out of each range set, leased to the container and interface on the disk. The same
/// call again gives the same addresses. A call that fails gives back what it took, and nothing
/// else. Throws Error(invalid_network_config), Error(internal) when no address can be had.
libcni::Result add(const libcni::Request& request, Files& files);

/// Releases all that the container and interface hold; nothing to release is success. Needs no
/// valid ranges: a conf that went wrong must not keep addresses for ever.
void del(const libcni::Request& request, Files& files);

/// Throws Error(check_failed) when the container and interface hold no address, or not those of
/// prevResult.
void check(const libcni::Request& request, Files& files);

/// Throws Error(plugin_not_available) when an ADD could not be served: a range set is full, the
/// data folder cannot be used. Changes nothing on the disk.
void status(const libcni::Request& request, Files& files);

/// Releases what belongs to no valid attachment, and lease files that name no owner. Throws
/// Error(invalid_network_config) when the conf has no cni.dev/valid-attachments; errors of single
/// files are gathered.
void gc(const libcni::Request& request, Files& files);

/// The same on the disk itself, for the table of handlers.
libcni::Result add(const libcni::Request& request);
void del(const libcni::Request& request);
void check(const libcni::Request& request);
void status(const libcni::Request& request);
void gc(const libcni::Request& request);

} // namespace host_local
