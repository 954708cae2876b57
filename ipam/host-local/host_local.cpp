// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/host_local.hpp"

#include <algorithm>

#include "ipam/host-local/allocator.hpp"
#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "ipam/host-local/network_folder.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "libcni/undo.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;
using libcni::NetworkConfig;
using libcni::Request;
using libcni::utf8_of;

namespace {

constexpr bool on_windows = native_names == NameStyle::underscores;

Owner owner_of(const Request& request) {
    return {.container_id = request.container_id, .interface_name = request.interface_name};
}

LeaseStore store_of(const NetworkConfig& conf, Files& files) {
    return {read_data_dir(conf) / libcni::path_of(conf.name), files};
}

/// For what takes leases or releases those of others: two networks must not get one folder.
void refuse_misread_name(const NetworkConfig& conf, const Files& files) {
    if constexpr (!on_windows) return;
    const std::string_view reason = libcni::why_windows_misreads(conf.name);
    if (!reason.empty())
        throw Error(ErrorCode::invalid_network_config,
                    "network name \"" + conf.name
                        + "\" cannot name a folder: " + std::string(reason),
                    "give the network another name");
    const auto names = files.names(read_data_dir(conf));
    const auto other = names ? same_to_windows(*names, conf.name) : std::optional<std::string>();
    if (other)
        throw Error(ErrorCode::invalid_network_config,
                    "network name \"" + conf.name + "\" differs from \"" + *other
                        + "\", which has leases, in case only",
                    "Windows keeps both in one folder of " + utf8_of(read_data_dir(conf))
                        + "; spell the network as that folder");
}

/// Why a lease file names nobody, for messages.
std::string fault_of(const LeaseStore& store, const Lease& lease) {
    if (!lease.read_error.empty()) return lease.read_error;
    return utf8_of(store.folder() / lease.name) + " names no owner";
}

/// Empty when there is none; the first few by name.
std::string describe_broken(const LeaseStore& store, const std::vector<Lease>& broken) {
    constexpr std::size_t most = 5;
    if (broken.empty()) return {};
    const std::span first(broken.data(), std::min(most, broken.size()));
    std::string text =
        libcni::joined(first, "; ", [&](const Lease& lease) { return fault_of(store, lease); });
    if (broken.size() > most)
        text += "; and " + std::to_string(broken.size() - most) + " more like that";
    return text + "; GC releases such files";
}

std::optional<Address> last_given(const LeaseStore& store, std::size_t set_index) {
    try {
        return store.last_given(set_index);
    } catch (const Error& error) {
        // Only the turn is lost, as when the file is not there.
        libcni::log::info(one_line(error));
        return std::nullopt;
    }
}

std::vector<Address> addresses_of(const Holdings& holdings) {
    std::vector<Address> addresses;
    for (const auto* leases : {&holdings.own, &holdings.by_id_only})
        for (const Lease& lease : *leases)
            addresses.push_back(lease.address);
    return addresses;
}

std::string holder_of(const LeaseStore& store, const Address& address) {
    const auto lease = store.find(address);
    if (!lease) return "nobody";
    return lease->owner ? to_string(*lease->owner) : fault_of(store, *lease);
}

std::vector<Choice> choose_from(const LeaseStore& store,
                                const Holdings& holdings,
                                const std::vector<RangeSet>& sets,
                                const std::vector<Address>& requested) {
    const std::string broken = describe_broken(store, holdings.broken);
    // Not a warning: callers mix stderr into the result that they parse (kube-proxy's source VIP).
    if (!broken.empty()) libcni::log::info(broken);
    const Book book{.held = addresses_of(holdings),
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
                         [&store, address] { store.remove(lease_name(address)); });
            store.add(address, owner);
        }
    });
    for (const Choice& choice : choices)
        if (choice.is_new) remember_turn(store, choice);
}

/// Removes leases; goes on after an error. Returns what went wrong, one sentence each.
std::vector<std::string> release(LeaseStore& store, const std::vector<Lease>& leases) {
    std::vector<std::string> errors;
    for (const Lease& lease : leases) {
        try {
            store.remove(lease.name);
        } catch (const Error& error) {
            errors.push_back(error.msg());
        }
    }
    return errors;
}

void throw_gathered(const std::string& msg, const std::vector<std::string>& errors) {
    if (errors.empty()) return;
    throw Error(ErrorCode::io_failure, msg, libcni::joined(errors, "; "));
}

std::vector<std::string> unreadable(const std::vector<Lease>& broken) {
    std::vector<std::string> errors;
    for (const Lease& lease : broken)
        if (!lease.read_error.empty()) errors.push_back(lease.read_error);
    return errors;
}

/// What prevResult says that the leases do not; addresses outside the ranges are not ours.
std::string differences(const LeaseStore& store,
                        const Holdings& holdings,
                        const std::vector<RangeSet>& sets,
                        const libcni::Result& expected) {
    const auto held = addresses_of(holdings);
    std::vector<std::string> sentences;
    for (const libcni::IpConfig& ip : expected.ips) {
        const Address& address = ip.address.address();
        const bool ours = std::ranges::any_of(
            sets, [&](const RangeSet& set) { return set.find(address) != nullptr; });
        if (!ours || std::ranges::find(held, address) != held.end()) continue;
        sentences.push_back(address.to_string() + " of prevResult is held by "
                            + holder_of(store, address));
    }
    return libcni::joined(sentences, "; ");
}

std::string fullness(const LeaseStore& store, const std::vector<RangeSet>& sets) {
    const std::vector<Address> leased = store.addresses();
    std::vector<std::string> sentences;
    for (const RangeSet& set : sets) {
        const auto used = std::ranges::count_if(leased, [&](const Address& address) {
            const Range* const range = set.find(address);
            return range != nullptr && range->why_reserved(address) == nullptr;
        });
        if (static_cast<std::uint64_t>(used) < set.capacity()) continue;
        sentences.push_back(set.to_string() + " has " + std::to_string(set.capacity())
                            + " addresses, all leased");
    }
    return libcni::joined(sentences, "; ");
}

[[noreturn]] void not_available(const std::string& msg, const std::string& details) {
    throw Error(ErrorCode::plugin_not_available, msg, details);
}

bool is_valid(const Owner& owner, const std::vector<libcni::Attachment>& valid) {
    return std::ranges::any_of(valid, [&](const libcni::Attachment& attachment) {
        return attachment.container_id == owner.container_id
               && (owner.interface_name.empty() || attachment.interface_name.empty()
                   || attachment.interface_name == owner.interface_name);
    });
}

} // namespace

libcni::Result add(const Request& request, Files& files) {
    const std::vector<RangeSet> sets = read_range_sets(request.conf);
    const std::vector<Address> requested = read_requested(request);
    libcni::Result result{.interfaces = {},
                          .ips = {},
                          .routes = read_routes(request.conf),
                          .dns = read_resolv_conf(request.conf)};
    refuse_misread_name(request.conf, files);
    LeaseStore store = store_of(request.conf, files);
    store.make_folder();
    const auto lock = store.lock(request.conf.timeout);
    const Owner owner = owner_of(request);
    const Holdings holdings = store.holdings_of(owner);
    const std::vector<Choice> choices = choose_from(store, holdings, sets, requested);
    lease_all(store, owner, holdings, choices);
    for (const Choice& choice : choices)
        result.ips.push_back({.address = choice.address,
                              .gateway = choice.gateway,
                              .interface_index = std::nullopt});
    return result;
}

void del(const Request& request, Files& files) {
    LeaseStore store = store_of(request.conf, files);
    if (!store.exists()) return;
    const auto lock = store.lock(request.conf.timeout);
    const Owner owner = owner_of(request);
    const Holdings holdings = store.holdings_of(owner);
    const auto& leases = holdings.own.empty() ? holdings.by_id_only : holdings.own;
    throw_gathered("not all leases of " + to_string(owner) + " could be released",
                   release(store, leases));
    if (leases.empty())
        throw_gathered("no lease of " + to_string(owner)
                           + " was found, but not all lease files could be read",
                       unreadable(holdings.broken));
}

void check(const Request& request, Files& files) {
    const std::vector<RangeSet> sets = read_range_sets(request.conf);
    const Owner owner = owner_of(request);
    LeaseStore store = store_of(request.conf, files);
    const std::string nothing = to_string(owner) + " holds no address of network \""
                                + request.conf.name + "\" in " + utf8_of(store.folder());
    const std::string cure =
        "its addresses may be given to others: delete the pod and make it anew";
    if (!store.exists()) throw Error(ErrorCode::check_failed, nothing, cure);
    const auto lock = store.lock(request.conf.timeout);
    const Holdings holdings = store.holdings_of(owner);
    if (addresses_of(holdings).empty()) throw Error(ErrorCode::check_failed, nothing, cure);
    if (!request.conf.prev_result) return;
    const std::string text = differences(store, holdings, sets, *request.conf.prev_result);
    if (!text.empty())
        throw Error(ErrorCode::check_failed,
                    to_string(owner) + " does not hold all its addresses: " + text,
                    cure);
}

void status(const Request& request, Files& files) {
    const std::vector<RangeSet> sets = read_range_sets(request.conf);
    const LeaseStore store = store_of(request.conf, files);
    const std::string unusable = libcni::why_not_usable(store.folder());
    if (!unusable.empty())
        not_available("the lease folder " + utf8_of(store.folder())
                          + " cannot be used: " + unusable,
                      "correct dataDir in the conf, or the rights on that folder");
    refuse_misread_name(request.conf, files);
    try {
        (void)read_resolv_conf(request.conf);
        const std::string full = fullness(store, sets);
        if (!full.empty())
            not_available("network \"" + request.conf.name + "\" has no free address: " + full,
                          "containers that are gone without a DEL are released by GC; the leases "
                          "are in "
                              + utf8_of(store.folder()));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::io_failure) throw;
        not_available(error.msg(), error.details());
    }
}

void gc(const Request& request, Files& files) {
    const auto& valid = libcni::require_valid_attachments(request.conf);
    refuse_misread_name(request.conf, files);
    LeaseStore store = store_of(request.conf, files);
    if (!store.exists()) return;
    const auto lock = store.lock(request.conf.timeout);
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
    throw_gathered(
        "not all stale leases of network \"" + request.conf.name + "\" could be released", errors);
}

libcni::Result add(const Request& request) {
    Disk disk;
    return add(request, disk);
}

void del(const Request& request) {
    Disk disk;
    del(request, disk);
}

void check(const Request& request) {
    Disk disk;
    check(request, disk);
}

void status(const Request& request) {
    Disk disk;
    status(request, disk);
}

void gc(const Request& request) {
    Disk disk;
    gc(request, disk);
}

} // namespace host_local
