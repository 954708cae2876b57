// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/host_endpoint.hpp"

#include <algorithm>
#include <chrono>

#include "hnsclient/error.hpp"
#include "hnsclient/guid.hpp"
#include "hnsclient/network_type.hpp"
#include "hnsclient/removal.hpp"
#include "libcni/base/files.hpp"

namespace hnsclient {

using libcni::Address;

namespace {

bool holds(const Endpoint& endpoint, const Address& address) {
    return std::ranges::any_of(endpoint.addresses,
                               [&](const EndpointAddress& own) { return own.address == address; });
}

bool holds_all(const Endpoint& endpoint, const std::vector<Address>& addresses) {
    return std::ranges::all_of(addresses, [&](const Address& a) { return holds(endpoint, a); });
}

/// Those of the usual name on that network.
std::vector<Endpoint> find_named(Client& client, const Network& network) {
    auto found = client.find_endpoints(host_endpoint_name(network));
    std::erase_if(found,
                  [&](const Endpoint& one) { return !same_guid(one.network_id, network.id); });
    return found;
}

/// HNS says that it was created and no more.
bool is_unattached(const Endpoint& endpoint) {
    constexpr std::uint32_t created = 1;
    return endpoint.state == created;
}

Endpoint make(Client& client, const Network& network, const std::vector<Address>& addresses) {
    Endpoint wanted;
    wanted.id = new_id();
    wanted.name = host_endpoint_name(network);
    wanted.network_id = network.id;
    for (const Address& address : addresses)
        wanted.addresses.push_back({address});
    Endpoint made = client.create_endpoint(wanted);
    try {
        client.attach_to_host(made.id);
    } catch (...) {
        client.remove_made(made);
        throw;
    }
    return made;
}

/// Empty when it is done.
std::string forward_or_why_not(Client& client, const Address& address, Haste haste) {
    const std::chrono::milliseconds patience{haste == Haste::patient ? 2000 : 0};
    std::string why;
    const auto is_decided = [&] {
        try {
            client.enable_forwarding(address);
            why.clear();
        } catch (const HnsError& error) {
            why = error.what();
            return error.code() != element_not_found;
        }
        return true;
    };
    (void)libcni::base::becomes_true(is_decided, patience);
    return why.empty() ? why
                       : "forwarding is not enabled on the interface of " + address.to_string()
                             + ": " + why;
}

} // namespace

std::string host_endpoint_name(const Network& network) {
    return network.name + "_ep";
}

std::vector<Address> host_addresses(const Network& network) {
    constexpr std::uint64_t place = 2;
    std::vector<Address> addresses;
    const auto* const type = find_network_type(network.type);
    if (type == nullptr || !type->has_host_endpoint) return addresses;
    for (const Subnet& subnet : network.subnets) {
        const auto address = libcni::plus(subnet.prefix.network().address(), place);
        if (address && subnet.prefix.contains(*address) && subnet.gateway != address)
            addresses.push_back(*address);
    }
    return addresses;
}

HostEndpoint find_host_endpoint(Client& client, const Network& network) {
    std::vector<Address> missing = host_addresses(network);
    if (missing.empty()) return HostEndpoint::attached;
    const auto take = [&](const std::vector<Endpoint>& endpoints) {
        for (const Endpoint& endpoint : endpoints)
            std::erase_if(missing, [&](const Address& a) { return holds(endpoint, a); });
    };
    const auto named = find_named(client, network);
    take(named);
    if (!missing.empty()) take(client.list_endpoints_of(network.id));
    if (!missing.empty()) return HostEndpoint::missing;
    return std::ranges::any_of(named, is_unattached) ? HostEndpoint::unattached
                                                     : HostEndpoint::attached;
}

Endpoint make_host_endpoint(Client& client, const Network& network) {
    const auto addresses = host_addresses(network);
    for (const Endpoint& there : find_named(client, network)) {
        if (holds_all(there, addresses)) {
            client.attach_to_host(there.id);
            return there;
        }
        remove_endpoint(client, there.id);
    }
    return make(client, network, addresses);
}

std::vector<std::string> forward_on(Client& client, const Network& network, Haste haste) {
    std::vector<Address> addresses = host_addresses(network);
    if (network.management_address) addresses.push_back(*network.management_address);
    std::vector<std::string> faults;
    for (const Address& address : addresses)
        if (auto why = forward_or_why_not(client, address, haste); !why.empty())
            faults.push_back(std::move(why));
    return faults;
}

} // namespace hnsclient
