// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/host_endpoint.hpp"

#include <algorithm>
#include <chrono>

#include "hnsclient/host_endpoint.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "libcni/watchdog.hpp"
#include "plugins/common/hns_to_cni.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::find_host_endpoint;
using hnsclient::HostEndpoint;
using hnsclient::Network;

namespace {

/// True when a pod with the next address would send to this one.
bool is_gateway(const EndpointKind& kind, const Network& network, const libcni::Address& host) {
    const auto* const subnet = hnsclient::subnet_of(network, host);
    const auto pods = libcni::plus(host, 1);
    if (subnet == nullptr || !pods) return false;
    const libcni::IpConfig ip{.address = libcni::Cidr(*pods, subnet->prefix.prefix_length())};
    return kind.gateway_of(kind.conf(), network, ip) == host;
}

bool is_needed(const EndpointKind& kind, const Network& network) {
    if (!kind.conf().is_default_gateway) return false;
    return std::ranges::any_of(hnsclient::host_addresses(network),
                               [&](const auto& host) { return is_gateway(kind, network, host); });
}

void make(Client& hns, const Network& network) {
    try {
        (void)hnsclient::make_host_endpoint(hns, network);
    } catch (const hnsclient::HnsError& error) {
        // Another call may have made it meanwhile.
        if (find_host_endpoint(hns, network) != HostEndpoint::missing) return;
        libcni::Error cni = to_cni_error(error);
        cni.within("the host's endpoint on HNS network \"" + network.name
                   + "\" could not be created");
        throw libcni::Error(std::move(cni));
    }
}

/// HNS gives it when the switch has the adapter's address; flanneld waits as long.
std::chrono::milliseconds patience() {
    constexpr std::chrono::milliseconds longest{30'000};
    const auto left = libcni::Watchdog::time_left();
    return left ? std::min(longest, *left / 2) : longest;
}

/// The network with its management address; without it when that does not come.
Network with_management_address(Client& hns, const Network& made) {
    constexpr std::chrono::milliseconds pause{250};
    Network network = made;
    const auto has_address = [&] {
        if (network.management_address) return true;
        if (auto found = hns.find_network_with_address(made.name)) network = std::move(*found);
        return network.management_address.has_value();
    };
    if (!libcni::base::becomes_true(has_address, patience(), pause))
        libcni::log::warning("HNS network \"" + made.name
                             + "\" still has no management address, so forwarding is not enabled "
                               "on its interface: once it has one, run wincni hns create "
                               "host-endpoint "
                             + made.name);
    return network;
}

} // namespace

void connect_host(Client& hns, const EndpointKind& kind, const Network& made) {
    if (!is_needed(kind, made)) return;
    if (find_host_endpoint(hns, made) == HostEndpoint::attached) {
        // Who made it may have been stopped before, or the management address came later.
        for (const std::string& fault : hnsclient::forward_on(hns, made, hnsclient::Haste::at_once))
            libcni::log::debug(fault);
        return;
    }
    libcni::log::info("creating the host's endpoint " + hnsclient::host_endpoint_name(made));
    make(hns, made);
    const Network network = with_management_address(hns, made);
    for (const std::string& fault : hnsclient::forward_on(hns, network))
        libcni::log::warning(fault
                             + "; pods reach other nodes only after Set-NetIPInterface "
                               "-Forwarding Enabled on that interface");
}

void warn_of_missing_host_endpoint(Client& hns, const EndpointKind& kind, const Network& network) {
    // Whether HNS says so of one that flanneld has attached is not known.
    if (!is_needed(kind, network) || find_host_endpoint(hns, network) != HostEndpoint::missing)
        return;
    const auto addresses = libcni::joined(
        hnsclient::host_addresses(network), ", ", [](const auto& a) { return a.to_string(); });
    libcni::log::warning("pods on HNS network \"" + network.name + "\" send through " + addresses
                         + ", which should be the host's and which no endpoint has: flanneld makes "
                           "one, and so does wincni hns create host-endpoint "
                         + network.name);
}

} // namespace plugins
