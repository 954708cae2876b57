// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/broken_leases.hpp"

#include <algorithm>
#include <span>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"

namespace host_local {

using libcni::utf8_of;

std::string fault_of(const LeaseStore& store, const Lease& lease) {
    if (!lease.read_error.empty()) return lease.read_error;
    return utf8_of(store.folder() / lease.name) + " does not name an owner";
}

std::string describe_broken(const LeaseStore& store, const std::vector<Lease>& broken) {
    constexpr std::size_t most = 5;
    if (broken.empty()) return {};
    const std::span first(broken.data(), std::min(most, broken.size()));
    std::string text =
        libcni::joined(first, "; ", [&](const Lease& lease) { return fault_of(store, lease); });
    if (broken.size() > most) text += "; and " + std::to_string(broken.size() - most) + " more";
    return text + "; GC releases such files";
}

std::vector<std::string> read_errors_of(const std::vector<Lease>& broken) {
    std::vector<std::string> errors;
    for (const Lease& lease : broken)
        if (!lease.read_error.empty()) errors.push_back(lease.read_error);
    return errors;
}

std::string holder_of(const LeaseStore& store, const Address& address) {
    const auto lease = store.find(address);
    if (!lease) return "nobody";
    if (lease->owner) return to_string(*lease->owner);
    return "an unknown owner (" + fault_of(store, *lease) + ")";
}

} // namespace host_local
