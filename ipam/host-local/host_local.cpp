// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/host_local.hpp"

#include <algorithm>

#include "ipam/host-local/broken_leases.hpp"
#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "ipam/host-local/leasing.hpp"
#include "ipam/host-local/network_folder.hpp"
#include "ipam/host-local/releasing.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;
using libcni::NetworkConfig;
using libcni::Request;
using libcni::utf8_of;

namespace {

Owner owner_of(const Request& request) {
    return {.container_id = request.container_id, .interface_name = request.interface_name};
}

LeaseStore store_of(const NetworkConfig& conf, Files& files) {
    return {read_data_dir(conf) / libcni::path_of(conf.name), files};
}

bool is_among(const std::vector<Address>& addresses, const libcni::IpConfig& ip) {
    return std::ranges::find(addresses, ip.address.address()) != addresses.end();
}

/// Later plugins of a chain add interfaces, and say which addresses are theirs.
bool is_of_another_interface(const libcni::IpConfig& ip,
                             const libcni::Result& expected,
                             const std::vector<Address>& held) {
    return ip.interface_index && std::ranges::any_of(expected.ips, [&](const auto& other) {
               return is_among(held, other) && other.interface_index != ip.interface_index;
           });
}

/// What prevResult says that the leases do not; addresses outside the ranges are not ours.
std::string differences(const LeaseStore& store,
                        const Holdings& holdings,
                        const std::vector<RangeSet>& sets,
                        const libcni::Result& expected) {
    const auto held = holdings.addresses();
    std::vector<std::string> sentences;
    for (const libcni::IpConfig& ip : expected.ips) {
        const Address& address = ip.address.address();
        const bool ours = std::ranges::any_of(
            sets, [&](const RangeSet& set) { return set.find(address) != nullptr; });
        if (!ours || is_among(held, ip) || is_of_another_interface(ip, expected, held)) continue;
        sentences.push_back(address.to_string() + " of prevResult is held by "
                            + holder_of(store, address));
    }
    return libcni::joined(sentences, "; ");
}

[[noreturn]] void fail_check(const std::string& msg) {
    throw Error(ErrorCode::check_failed,
                msg,
                "its addresses may be given to others: delete the pod, so that a new one is "
                "created");
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
        if (set.capacity() == 0) {
            sentences.push_back(set.to_string() + " holds no address for pods, only "
                                + set.ranges().front().why_reserved(set.ranges().front().start()));
            continue;
        }
        sentences.push_back(set.to_string() + " has " + std::to_string(set.capacity())
                            + " addresses, all leased");
    }
    return libcni::joined(sentences, "; ");
}

[[noreturn]] void not_available(const std::string& msg, const std::string& details) {
    throw Error(ErrorCode::plugin_not_available, msg, details);
}

} // namespace

libcni::Result HostLocal::add(const Request& request) const {
    const std::vector<RangeSet> sets = read_range_sets(request.conf);
    const std::vector<Address> requested = read_requested(request);
    libcni::Result result{.routes = read_routes(request.conf),
                          .dns = read_resolv_conf(request.conf)};
    require_folder_of_its_own(request.conf, *files_);
    LeaseStore store = store_of(request.conf, *files_);
    store.make_folder();
    const auto lock = store.lock(time_left(request));
    for (const Choice& choice : lease(store, owner_of(request), sets, requested)) {
        result.ips.push_back({.address = choice.address, .gateway = choice.gateway});
        result.was_there = result.was_there || !choice.is_new;
    }
    return result;
}

void HostLocal::del(const Request& request) const {
    LeaseStore store = store_of(request.conf, *files_);
    if (!store.exists()) return;
    const auto lock = store.lock(time_left(request));
    release_all_of(store, owner_of(request));
}

void HostLocal::check(const Request& request) const {
    const std::vector<RangeSet> sets = read_range_sets(request.conf);
    const auto expected = libcni::read_prev_result(request.conf);
    const Owner owner = owner_of(request);
    LeaseStore store = store_of(request.conf, *files_);
    const std::string nothing = to_string(owner) + " holds no address of network \""
                                + request.conf.name + "\" in " + utf8_of(store.folder());
    if (!store.exists()) fail_check(nothing);
    const auto lock = store.lock(time_left(request));
    const Holdings holdings = store.holdings_of(owner);
    if (holdings.addresses().empty()) fail_check(nothing);
    if (!expected) return;
    const std::string text = differences(store, holdings, sets, *expected);
    if (!text.empty()) fail_check(to_string(owner) + " does not hold all its addresses: " + text);
}

void HostLocal::status(const Request& request) const {
    const std::vector<RangeSet> sets = read_range_sets(request.conf);
    (void)read_routes(request.conf);
    const LeaseStore store = store_of(request.conf, *files_);
    const std::string unusable = libcni::why_not_usable(store.folder());
    if (!unusable.empty())
        not_available("the lease folder " + utf8_of(store.folder())
                          + " cannot be used: " + unusable,
                      "correct dataDir in the conf, or the permissions on that folder");
    require_folder_of_its_own(request.conf, *files_);
    try {
        (void)read_resolv_conf(request.conf);
        const std::string full = fullness(store, sets);
        if (!full.empty())
            not_available("network \"" + request.conf.name + "\" has no free address: " + full,
                          "GC releases the leases of containers that are gone without a DEL; the "
                          "leases are in "
                              + utf8_of(store.folder()));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::io_failure) throw;
        not_available(error.msg(), error.details());
    }
}

void HostLocal::gc(const Request& request) const {
    const auto valid = libcni::require_valid_attachments(request.conf);
    require_folder_of_its_own(request.conf, *files_);
    LeaseStore store = store_of(request.conf, *files_);
    if (!store.exists()) return;
    const auto lock = store.lock(time_left(request));
    const auto errors = release_stale(store, valid);
    if (!errors.empty())
        throw Error(ErrorCode::io_failure,
                    "not all stale leases of network \"" + request.conf.name
                        + "\" could be released",
                    libcni::joined(errors, "; "));
}

} // namespace host_local
