// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/network.hpp"

#include <algorithm>

#include "hnsclient/error.hpp"
#include "hnsclient/guid.hpp"
#include "hnsclient/network_type.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/host_endpoint.hpp"
#include "plugins/common/makeable.hpp"
#include "plugins/common/pod_subnets.hpp"
#include "plugins/common/sandbox.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Network;
using libcni::Error;
using libcni::ErrorCode;

namespace {

std::string names_of(const std::vector<Network>& networks) {
    return libcni::joined(networks, ", ", [](const Network& network) {
        return network.name + " (" + network.type + ")";
    });
}

/// The type that the network would have, for a command line: several in <> where the plugin works
/// on networks that differ in what they are for.
std::string type_to_name(const EndpointKind& kind, const std::string& name) {
    const auto& wanted = kind.conf().new_network;
    if (wanted && !wanted->type.empty()) return type_to_make(kind, *wanted);
    // Microsoft's plugin takes the type from the name.
    if (works_on(kind, name)) return std::string(hnsclient::find_network_type(name)->name);
    const auto types = kind.network_types();
    const bool may_be_transparent = std::ranges::any_of(types, [](std::string_view type) {
        return hnsclient::find_network_type(type)->may_lack_subnet;
    });
    return may_be_transparent ? "<" + libcni::joined(types, "|") + ">" : std::string(types.front());
}

std::string subnets_to_name(const EndpointKind& kind, const hnsclient::NetworkType* type) {
    const auto& wanted = kind.conf().new_network;
    if (wanted && !wanted->subnets.empty())
        return libcni::joined(wanted->subnets, "", [](const hnsclient::Subnet& subnet) {
            return " --subnet " + subnet.prefix.to_string()
                   + (subnet.gateway ? " --gateway " + subnet.gateway->to_string() : "");
        });
    if (type != nullptr && may_lack_subnet(kind, *type)) return "";
    const bool is_overlay = type != nullptr && type->needs_vni;
    return std::string(" --subnet <pod subnet of this node>")
           + (is_overlay ? " --gateway <its first address>" : "");
}

/// How a person makes the network that the plugin needs.
std::string way_to_make(const EndpointKind& kind, const std::string& name) {
    const std::string type = type_to_name(kind, name);
    const auto* const known = hnsclient::find_network_type(type);
    const bool is_overlay = known != nullptr && known->needs_vni;
    return "wincni hns create network " + name + " --type " + type + subnets_to_name(kind, known)
           + (is_overlay ? " --vni 4096" : "");
}

[[noreturn]] void refuse_missing(Client& hns, const EndpointKind& kind, const std::string& name) {
    if (kind.conf().ipam.has_empty_subnet)
        throw Error(
            ErrorCode::invalid_network_config,
            "conf.ipam.subnet is empty, and HNS has no network \"" + name + "\"",
            "a script that found no adapter leaves it so: write the network's subnet there, "
            "like 172.20.48.0/20, or create the network by hand: "
                + way_to_make(kind, name));
    const std::string known = names_of(hns.list_networks());
    // HNS networks do not outlive a reboot: whoever makes them may only be late.
    throw Error(ErrorCode::try_again_later,
                "HNS has no network \"" + name + "\"",
                (known.empty() ? "it has no networks" : "it has: " + known)
                    + "; the network is created by flanneld, by a start-up script, by "
                      "\"createNetwork\" in the conf, or by hand: "
                    + way_to_make(kind, name));
}

/// What HNS was asked to make, for a person.
std::string what_was_sent(const Network& wanted) {
    std::string text = "sent were: type " + wanted.type;
    for (const auto& subnet : wanted.subnets)
        text += ", subnet " + subnet.prefix.to_string()
                + (subnet.gateway ? " via " + subnet.gateway->to_string() : "")
                + (subnet.vni ? ", VNI " + std::to_string(*subnet.vni) : "");
    return text + (wanted.adapter.empty() ? ", no adapter" : ", adapter " + wanted.adapter);
}

/// HNS says that there is such a network, and lists none of that name.
std::string sentence_on_hidden(const std::vector<Network>& networks, const Network& wanted) {
    if (!hnsclient::find_network_type(wanted.type)->has_nat)
        return "HNS lists no network of that name, yet keeps the name of one that is gone: "
               "Restart-Service hns or a restart of the node cures that";
    std::vector<Network> others = networks;
    std::erase_if(others, [](const Network& network) {
        const auto* const type = hnsclient::find_network_type(network.type);
        return type == nullptr || !type->has_nat;
    });
    return "HNS lists no network of that name: another NAT network may hold the prefix ("
           + (others.empty() ? std::string("HNS lists none") : names_of(others))
           + "), or one of WinNAT (see Get-NetNat); or HNS keeps the name of one that is gone, "
             "which Restart-Service hns or a restart of the node cures";
}

[[noreturn]] void
refuse_to_make(Client& hns, const hnsclient::HnsError& error, const Network& wanted) {
    Error cni = to_cni_error(error);
    // A name that HNS has and does not list may come into sight; a prefix of a NAT network does not
    // become free by waiting.
    if (error.code() == hnsclient::network_already_exists
        && !hnsclient::find_network_type(wanted.type)->has_nat)
        cni = Error(ErrorCode::try_again_later, cni.msg(), cni.details());
    cni.within("HNS network \"" + wanted.name + "\" could not be created");
    if (error.kind() == hnsclient::ErrorKind::already_exists)
        cni.add_detail(sentence_on_hidden(hns.list_networks(), wanted));
    if (error.kind() != hnsclient::ErrorKind::unavailable
        && error.kind() != hnsclient::ErrorKind::access_denied)
        cni.add_detail(what_was_sent(wanted));
    throw Error(std::move(cni));
}

Network make_network(Client& hns, const EndpointKind& kind, Network wanted) {
    if (!kind.conf().names_new_network) require_gateways_inside(wanted);
    wanted.type = type_to_make(kind, wanted);
    wanted.id = hnsclient::new_id();
    libcni::log::info("creating the HNS network " + wanted.name + " of type " + wanted.type);
    try {
        auto made = hns.create_network(wanted);
        if (!kind.needs_management_address() || made.management_address) return made;
    } catch (const hnsclient::HnsError& error) {
        // Another call may have made it meanwhile.
        auto made = error.kind() == hnsclient::ErrorKind::already_exists
                        ? find_network(hns, kind, wanted.name)
                        : std::nullopt;
        if (!made) refuse_to_make(hns, error, wanted);
        return std::move(*made);
    }
    return require_network(hns, kind, wanted.name);
}

} // namespace

std::optional<Network>
find_network(Client& hns, const EndpointKind& kind, const std::string& name) {
    auto network = kind.needs_management_address() ? hns.find_network_with_address(name)
                                                   : hns.find_network(name);
    if (network && !works_on(kind, network->type))
        throw Error(ErrorCode::invalid_network_config,
                    "HNS network \"" + network->name + "\" is of type " + network->type,
                    sentence_on_types(kind) + ": correct the conf's \"type\" or \"name\"");
    return network;
}

Network require_network(Client& hns, const EndpointKind& kind, const std::string& name) {
    auto network = find_network(hns, kind, name);
    if (!network) refuse_missing(hns, kind, name);
    return std::move(*network);
}

Network prepare_network(Client& hns, const EndpointKind& kind, const Pod& pod) {
    const auto& wanted = kind.conf().new_network;
    if (!wanted || pod.joins) return require_network(hns, kind, pod.network_name);
    auto network = find_network(hns, kind, pod.network_name);
    if (!network) {
        require_sandbox(hns, sandbox_of(pod));
        network = make_network(hns, kind, *wanted);
    }
    connect_host(hns, kind, *network);
    return std::move(*network);
}

void require_usable_network(Client& hns, const EndpointKind& kind, const std::string& name) {
    const auto& wanted = kind.conf().new_network;
    const auto network =
        wanted ? find_network(hns, kind, name) : std::optional(require_network(hns, kind, name));
    if (network) {
        kind.require_fit(*network);
        warn_of_missing_host_endpoint(hns, kind, *network);
        return require_pod_addresses(kind, *network);
    }
    if (!kind.conf().names_new_network) require_gateways_inside(*wanted);
    Network to_make = *wanted;
    to_make.type = type_to_make(kind, to_make);
    require_pod_addresses(kind, to_make);
}

} // namespace plugins
