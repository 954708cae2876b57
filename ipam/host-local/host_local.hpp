// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipam/host-local/files.hpp"
#include "libcni/plugin.hpp"

namespace host_local {

/// Gives containers addresses out of ranges, and keeps the leases in files as the Go plugin does
/// (docs/lease-files.md). Beside what is said here, commands throw Error: io_failure for the disk,
/// try_again_later for a lock that others hold too long.
class HostLocal final : public libcni::Plugin {
public:
    /// Works on the disk itself.
    HostLocal() : files_(&disk_) {}

    /// Borrows `files`.
    explicit HostLocal(Files& files) : files_(&files) {}

    [[nodiscard]] std::string_view name() const override { return "host-local"; }

    [[nodiscard]] std::string_view about() const override {
        return "Gives pods addresses from ranges, and keeps the leases in files.";
    }

    /// One address out of each range set, leased to the container and interface on the disk. The
    /// same call again gives the same addresses. A call that fails gives back what it took, and
    /// nothing else. Throws Error(invalid_network_config), Error(internal) when no address can be
    /// had.
    [[nodiscard]] libcni::Result add(const libcni::Request& request) const override;

    /// Releases all that the container and interface hold; nothing to release is success. Needs no
    /// more of the conf than name and dataDir: one that went wrong must not keep addresses for
    /// ever.
    void del(const libcni::Request& request) const override;

    /// Throws Error(check_failed) when the container and interface hold no address, or not those of
    /// prevResult.
    void check(const libcni::Request& request) const override;

    /// Throws Error(plugin_not_available) when an ADD could not be served: a range set is full, the
    /// data folder cannot be used. Changes nothing on the disk.
    void status(const libcni::Request& request) const override;

    /// Releases what belongs to no valid attachment, and lease files that name no owner. Throws
    /// Error(invalid_network_config) when the conf has no cni.dev/valid-attachments; errors of
    /// single files are gathered.
    void gc(const libcni::Request& request) const override;

private:
    Disk disk_;
    Files* files_;
};

} // namespace host_local
