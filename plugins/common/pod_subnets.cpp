// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/pod_subnets.hpp"

#include <algorithm>
#include <string>

#include "hnsclient/network_type.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "plugins/common/endpoint_kind.hpp"
#include "plugins/common/makeable.hpp"

namespace plugins {

using hnsclient::Network;
using libcni::Address;
using libcni::Cidr;
using libcni::Error;
using libcni::ErrorCode;

namespace {

void add(Families& families, bool v4) {
    (v4 ? families.v4 : families.v6) = true;
}

Address first_of(const PodRange& range) {
    const Address network = range.subnet.address();
    return range.start.value_or(libcni::plus(network, 1).value_or(network));
}

/// The last address that host-local may give.
Address last_of(const PodRange& range) {
    return range.end.value_or(range.subnet.last());
}

/// Ranges may be narrower than the network's subnets, or wider.
bool overlaps(const PodRange& range, const Network& network) {
    return std::ranges::any_of(network.subnets, [&](const hnsclient::Subnet& subnet) {
        return subnet.prefix.contains(first_of(range)) || subnet.prefix.contains(last_of(range))
               || (range.subnet.contains(subnet.prefix.address())
                   && first_of(range) <= subnet.prefix.address()
                   && subnet.prefix.address() <= last_of(range));
    });
}

/// Why no pod gets an address, as host-local sees it.
bool is_kept(const PodRange& range, const Address& address) {
    const Address gateway = range.gateway.value_or(
        libcni::plus(range.subnet.address(), 1).value_or(range.subnet.address()));
    return address == gateway || address == range.subnet.address()
           || (range.subnet.is_v4() && address == range.subnet.last());
}

bool has_address_for_pods(const EndpointKind& kind, const Network& network, const PodRange& range) {
    // No more are kept than the network's own, broadcast, the gateway and the host's.
    constexpr int most = 8;
    auto address = std::optional(first_of(range));
    for (int i = 0; i < most && address && *address <= last_of(range); ++i) {
        const libcni::IpConfig ip{.address = Cidr(*address, range.subnet.prefix_length()),
                                  .gateway = range.gateway};
        if (!is_kept(range, *address) && !kind.is_reserved(network, ip)) return true;
        address = libcni::plus(*address, 1);
    }
    return false;
}

std::string shown(const std::vector<PodRange>& set) {
    return libcni::joined(set, ", ", [](const PodRange& range) {
        return first_of(range).to_string() + "-" + last_of(range).to_string() + " of "
               + range.subnet.to_string();
    });
}

/// Without an IPAM plugin addresses are HNS's, of the network's subnets.
void require_source(const EndpointKind& kind, const Network& network) {
    const auto* const type = hnsclient::find_network_type(network.type);
    if (!kind.conf().ipam.type.empty() || !network.subnets.empty() || type == nullptr
        || may_lack_subnet(kind, *type))
        return;
    throw Error(ErrorCode::invalid_network_config,
                "HNS network \"" + network.name
                    + "\" has no subnet, and the conf names no IPAM plugin: pods would have no "
                      "addresses",
                "add \"ipam\", like {\"type\": \"host-local\", \"subnet\": \"10.244.4.0/24\"}, or "
                "make the network anew with a subnet");
}

void require_on_network(const std::vector<PodRange>& set, const Network& network) {
    if (network.subnets.empty()
        || std::ranges::any_of(set, [&](const auto& range) { return overlaps(range, network); }))
        return;
    throw Error(ErrorCode::invalid_network_config,
                "host-local's range " + shown(set) + " is outside of HNS network \"" + network.name
                    + "\", whose subnets are "
                    + libcni::joined(network.subnets,
                                     ", ",
                                     [](const auto& subnet) { return subnet.prefix.to_string(); }),
                "the network was made for another pod subnet, or the conf (with flannel: "
                "subnet.env) is of another time: make the network anew, or correct the range");
}

} // namespace

Families families_of(const libcni::Result& addresses) {
    Families families;
    for (const auto& ip : addresses.ips)
        add(families, ip.address.is_v4());
    return families;
}

Families families_on(const EndpointConf& conf, const Network& network) {
    Families families;
    for (const auto& set : conf.ipam.sets)
        for (const auto& range : set)
            add(families, range.subnet.is_v4());
    if (conf.ipam.type.empty())
        for (const auto& subnet : network.subnets)
            add(families, subnet.prefix.is_v4());
    return families;
}

void require_families(const EndpointConf& conf, const Families& families) {
    if (!families.v4 && !families.v6) return;
    if (!families.v4)
        throw Error(ErrorCode::invalid_network_config,
                    "the pod would have IPv6 addresses only, and Windows runs no pods without IPv4",
                    "add an IPv4 range to the conf's \"ipam\", or an IPv4 subnet to the network; "
                    "see https://kubernetes.io/docs/concepts/services-networking/dual-stack/");
    for (const auto& mapping : conf.port_mappings) {
        if (!mapping.host_address) continue;
        const bool v4 = mapping.host_address->is_v4();
        if (v4 ? families.v4 : families.v6) continue;
        throw Error(ErrorCode::invalid_network_config,
                    "host port " + host_side(mapping) + " is to be mapped on hostIP "
                        + mapping.host_address->to_string() + ", but the pod has no "
                        + (v4 ? "IPv4" : "IPv6") + " address",
                    "name an address of the host of the pod's family, or leave hostIP out");
    }
}

void require_pod_addresses(const EndpointKind& kind, const Network& network) {
    require_source(kind, network);
    for (const auto& set : kind.conf().ipam.sets) {
        if (set.empty()) continue;
        require_on_network(set, network);
        if (std::ranges::any_of(
                set, [&](const auto& range) { return has_address_for_pods(kind, network, range); }))
            continue;
        throw Error(ErrorCode::invalid_network_config,
                    "host-local's range " + shown(set) + " holds no address for pods on network \""
                        + network.name + "\": only the gateway's or the host's own",
                    "give it a wider range");
    }
}

} // namespace plugins
