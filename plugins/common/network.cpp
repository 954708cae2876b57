// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/network.hpp"

#include "hnsclient/error.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/makeable.hpp"
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

[[noreturn]] void refuse_missing(Client& hns, const EndpointKind& kind, const std::string& name) {
    const std::string known = names_of(hns.list_networks());
    // HNS networks do not outlive a reboot: whoever makes them may only be late.
    throw Error(
        ErrorCode::try_again_later,
        "HNS has no network \"" + name + "\"",
        (known.empty() ? "it has no networks" : "it has: " + known)
            + "; the network is created by flanneld, by a start-up script, by \"createNetwork\" "
              "in the conf, or by hand: wincni hns create network "
            + name + " --type " + std::string(kind.network_types().front())
            + " --subnet <pod subnet of this node>");
}

Network make_network(Client& hns, const EndpointKind& kind, Network wanted) {
    require_gateways_inside(wanted);
    wanted.type = type_to_make(kind, wanted);
    wanted.id = hnsclient::new_id();
    libcni::log::info("creating the HNS network " + wanted.name + " of type " + wanted.type);
    try {
        auto made = hns.create_network(wanted);
        if (!kind.needs_management_address() || made.management_address) return made;
    } catch (const hnsclient::HnsError& error) {
        if (error.kind() != hnsclient::ErrorKind::already_exists)
            throw to_cni_error(error).within("HNS network \"" + wanted.name
                                             + "\" could not be created");
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
    if (auto network = find_network(hns, kind, pod.network_name)) return std::move(*network);
    require_sandbox(hns, sandbox_of(pod));
    return make_network(hns, kind, *wanted);
}

void require_usable_network(Client& hns, const EndpointKind& kind, const std::string& name) {
    const auto& wanted = kind.conf().new_network;
    if (!wanted) return kind.require_fit(require_network(hns, kind, name));
    if (const auto network = find_network(hns, kind, name)) return kind.require_fit(*network);
    require_gateways_inside(*wanted);
}

} // namespace plugins
