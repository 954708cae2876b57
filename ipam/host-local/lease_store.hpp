// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipam/host-local/files.hpp"
#include "libcni/files.hpp"
#include "libcni/ip.hpp"

namespace host_local {

using libcni::Address;

/// Who holds an address. Leases of old Go plugins name no interface.
struct Owner {
    std::string container_id;
    std::string interface_name = {};

    friend bool operator==(const Owner&, const Owner&) = default;
};

/// "container c1, interface eth0"
std::string to_string(const Owner& owner);

/// How a folder spells the names of lease files. Windows allows no ":" in a name.
enum class NameStyle { colons, underscores };

/// What the Go plugin uses on this platform.
inline constexpr NameStyle native_names =
    fs::path::preferred_separator == '\\' ? NameStyle::underscores : NameStyle::colons;

/// The name of an address's lease file: the address as Go's net.IP prints it. The system's own
/// functions print some IPv6 addresses otherwise ("::5efe:10.0.0.1" on Windows), and then Go and we
/// would not see each other's leases.
std::string lease_name(const Address& address, NameStyle style = native_names);

/// The address that a file of this name leases; no value for a file that is not a lease.
std::optional<Address> address_of_name(std::string_view name, NameStyle style = native_names);

/// "<container id>\r\n<interface>", or the old form with the ID alone; white space around it does
/// not count. No value for what does not name an owner: nothing, or control characters, which are
/// what a crash of the Go plugin or a power cut leaves.
std::optional<Owner> parse_owner(std::string_view content);

/// A lease file as it was read.
struct Lease {
    /// Of the file in the store's folder.
    std::string name;
    Address address;
    /// No value for a broken file.
    std::optional<Owner> owner = {};
    /// Why the file could not be read; empty when it could.
    std::string read_error = {};
};

/// The leases that concern one owner.
struct Holdings {
    /// Of that container and interface.
    std::vector<Lease> own;
    /// Of that container, in the old form that names no interface.
    std::vector<Lease> by_id_only;
    /// Of nobody that could be found out.
    std::vector<Lease> broken;

    /// What the owner holds, in either form.
    [[nodiscard]] std::vector<Address> addresses() const;
};

/// The leases of one network: a folder as the Go plugin has it; docs/lease-files.md. Needs the lock
/// for all but `exists` and `addresses`. Every function throws Error(io_failure) naming the path.
class LeaseStore {
public:
    /// Touches nothing yet. Borrows `files`.
    LeaseStore(fs::path folder, Files& files) : folder_(std::move(folder)), files_(&files) {}

    [[nodiscard]] const fs::path& folder() const noexcept { return folder_; }

    /// False when no address was ever leased here.
    [[nodiscard]] bool exists() const { return files_->exists(folder_); }

    /// Makes the folder when it is not there.
    void make_folder() { files_->make_folders(folder_); }

    /// Waits for the lock that the Go plugin takes too, then clears away what a crash left. Throws
    /// Error(try_again_later) naming the lock file when `patience` ran out.
    [[nodiscard]] std::unique_ptr<libcni::FileLock> lock(std::chrono::milliseconds patience);

    /// The addresses that have a lease file, sound or broken; reads no file.
    [[nodiscard]] std::vector<Address> addresses() const;

    /// Every lease file, read. What cannot be read is told in the lease.
    [[nodiscard]] std::vector<Lease> leases() const;

    /// The one place that must look at every lease to find those of one container.
    [[nodiscard]] Holdings holdings_of(const Owner& owner) const;

    /// The lease file of one address; no value when it is not there.
    [[nodiscard]] std::optional<Lease> find(const Address& address) const;

    /// True when the address has a lease file, whoever holds it and however broken it is.
    [[nodiscard]] bool is_taken(const Address& address) const;

    /// True for what has the name of a lease and is no file, so that it is nobody's.
    [[nodiscard]] bool is_nobodys(const Lease& lease) const noexcept {
        return files_->is_no_file(folder_ / lease.name);
    }

    /// Leases an address that is not taken. The lease is on the disk, whole, when this returns.
    void add(const Address& address, const Owner& owner);

    /// False when there was no such file.
    bool remove(const std::string& name) { return files_->remove(folder_ / name); }

    /// The address that this range set gave last; no value when that is not known.
    [[nodiscard]] std::optional<Address> last_given(std::size_t set_index) const;

    void set_last_given(std::size_t set_index, const Address& address);

private:
    [[nodiscard]] fs::path temporary() const;
    [[nodiscard]] fs::path last_given_file(std::size_t set_index) const;
    [[nodiscard]] Lease read_lease(const std::string& name, const Address& address) const;

    fs::path folder_;
    Files* files_;
};

} // namespace host_local
