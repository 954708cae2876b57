// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/lease_store.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace host_local {

namespace {

constexpr const char* lock_name = "lock";
/// One name is enough: files are written under the lock only. Nothing can be leased under it, since
/// it is not an address.
constexpr const char* temporary_name = ".wincni-new";

/// Where something that is no file has its place: who forgot which address was the last would give
/// the same one again and again, also where that one is of no use to the caller.
fs::path stand_in_for(const fs::path& last_given_file) {
    return last_given_file.parent_path() / (".wincni-" + last_given_file.filename().string());
}

bool holds_control_characters(std::string_view text) {
    return std::ranges::any_of(text, libcni::is_control_character);
}

using Groups = std::array<unsigned, 8>;

Groups groups_of(const Address& address) {
    Groups groups{};
    const auto bytes = address.to_v6().to_bytes();
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i] = bytes[2 * i] * 256U + bytes[2 * i + 1];
    return groups;
}

/// The first of the longest runs of two zeros or more, as begin and end; empty when there is none.
std::pair<std::size_t, std::size_t> longest_zeros(const Groups& groups) {
    std::pair<std::size_t, std::size_t> longest{0, 0};
    for (std::size_t begin = 0; begin < groups.size(); ++begin) {
        std::size_t end = begin;
        while (end < groups.size() && groups[end] == 0)
            ++end;
        const std::size_t length = end - begin;
        if (length >= 2 && length > longest.second - longest.first) longest = {begin, end};
    }
    return longest;
}

std::string hex(unsigned number) {
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
    return {digits.data(), end};
}

std::string ipv6_text(const Address& address) {
    const Groups groups = groups_of(address);
    const auto [begin, end] = longest_zeros(groups);
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (begin != end && i == begin) {
            text += "::";
            i = end - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ":";
        text += hex(groups[i]);
    }
    return text;
}

} // namespace

std::string to_string(const Owner& owner) {
    if (owner.interface_name.empty()) return "container " + owner.container_id;
    return "container " + owner.container_id + ", interface " + owner.interface_name;
}

std::string lease_name(const Address& address, NameStyle style) {
    if (address.is_v4()) return address.to_string();
    std::string name = ipv6_text(address);
    if (style == NameStyle::underscores) std::ranges::replace(name, ':', '_');
    return name;
}

std::optional<Address> address_of_name(std::string_view name, NameStyle style) {
    std::string text(name);
    if (style == NameStyle::underscores) std::ranges::replace(text, '_', ':');
    return libcni::parse_address(text);
}

std::optional<Owner> parse_owner(std::string_view content) {
    const std::string_view text = libcni::trimmed(content);
    const auto end_of_id = std::min(text.find('\n'), text.size());
    const std::string_view id = libcni::trimmed(text.substr(0, end_of_id));
    const std::string_view interface_name = libcni::trimmed(text.substr(end_of_id));
    if (id.empty() || holds_control_characters(id) || holds_control_characters(interface_name))
        return std::nullopt;
    return Owner{.container_id = std::string(id), .interface_name = std::string(interface_name)};
}

std::vector<Address> Holdings::addresses() const {
    std::vector<Address> found;
    for (const auto* leases : {&own, &by_id_only})
        for (const Lease& lease : *leases)
            found.push_back(lease.address);
    return found;
}

fs::path LeaseStore::temporary() const {
    return folder_ / temporary_name;
}

fs::path LeaseStore::last_given_file(std::size_t set_index) const {
    return folder_ / ("last_reserved_ip." + std::to_string(set_index));
}

std::unique_ptr<libcni::FileLock> LeaseStore::lock(std::chrono::milliseconds patience) {
    auto held = std::make_unique<libcni::FileLock>(folder_ / lock_name, patience);
    try {
        files_->remove(temporary());
    } catch (const libcni::Error& error) {
        // Who only removes leases needs nothing of it, and who writes one is told then.
        if (!files_->is_no_file(temporary())) throw;
        libcni::log::info(one_line(error));
    }
    return held;
}

std::vector<Address> LeaseStore::addresses() const {
    std::vector<Address> found;
    for (const std::string& name : files_->names(folder_).value_or(std::vector<std::string>()))
        if (const auto address = address_of_name(name)) found.push_back(*address);
    return found;
}

Lease LeaseStore::read_lease(const std::string& name, const Address& address) const {
    Lease lease{.name = name, .address = address};
    try {
        lease.owner = parse_owner(files_->read(folder_ / name).value_or(""));
    } catch (const libcni::Error& error) {
        lease.read_error = error.msg();
    }
    return lease;
}

std::vector<Lease> LeaseStore::leases() const {
    std::vector<Lease> found;
    for (const std::string& name : files_->names(folder_).value_or(std::vector<std::string>()))
        if (const auto address = address_of_name(name)) found.push_back(read_lease(name, *address));
    return found;
}

Holdings LeaseStore::holdings_of(const Owner& owner) const {
    const Owner old_form{.container_id = owner.container_id};
    Holdings holdings;
    for (Lease& lease : leases()) {
        if (!lease.owner)
            holdings.broken.push_back(std::move(lease));
        else if (*lease.owner == owner)
            holdings.own.push_back(std::move(lease));
        else if (*lease.owner == old_form)
            holdings.by_id_only.push_back(std::move(lease));
    }
    return holdings;
}

std::optional<Lease> LeaseStore::find(const Address& address) const {
    if (!is_taken(address)) return std::nullopt;
    return read_lease(lease_name(address), address);
}

bool LeaseStore::is_taken(const Address& address) const {
    return files_->exists(folder_ / lease_name(address));
}

void LeaseStore::add(const Address& address, const Owner& owner) {
    files_->write(folder_ / lease_name(address),
                  temporary(),
                  owner.container_id + "\r\n" + owner.interface_name);
}

std::optional<Address> LeaseStore::last_given(std::size_t set_index) const {
    const fs::path file = last_given_file(set_index);
    const fs::path readable = files_->is_no_file(file) ? stand_in_for(file) : file;
    return libcni::parse_address(files_->read(readable).value_or(""));
}

void LeaseStore::set_last_given(std::size_t set_index, const Address& address) {
    const fs::path file = last_given_file(set_index);
    const std::string text = lease_name(address, NameStyle::colons);
    try {
        files_->write(file, temporary(), text);
    } catch (const libcni::Error& error) {
        if (!files_->is_no_file(file)) throw;
        libcni::log::warning(one_line(error));
        files_->write(stand_in_for(file), temporary(), text);
    }
}

} // namespace host_local
