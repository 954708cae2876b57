// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/makeable.hpp"

#include <algorithm>

#include "hnsclient/network_type.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "plugins/common/pod_subnets.hpp"

namespace plugins {

using hnsclient::Network;
using hnsclient::Subnet;
using libcni::Error;
using libcni::ErrorCode;

namespace {

/// The plugin's type of that name in HNS's own spelling; an empty text when it has none.
std::string_view find_type(const EndpointKind& kind, std::string_view name) {
    const auto types = kind.network_types();
    const auto found = std::ranges::find_if(
        types, [&](std::string_view known) { return libcni::same_ignoring_case(known, name); });
    return found == types.end() ? std::string_view() : *found;
}

[[noreturn]] void refuse_new(const std::string& what, const std::string& cure) {
    throw Error(ErrorCode::invalid_network_config, "conf.createNetwork" + what, cure);
}

Families families_in(const Network& network) {
    Families families;
    for (const auto& subnet : network.subnets)
        (subnet.prefix.is_v4() ? families.v4 : families.v6) = true;
    return families;
}

/// Before a network is made in vain.
void require_v4(const EndpointKind& kind, const Network& wanted) {
    for (const Families& families : {families_in(wanted), families_on(kind.conf(), wanted)})
        if (!families.v4) require_families(kind.conf(), families);
}

/// What the type of the network asks of its subnets.
void require_subnets(const EndpointKind& kind,
                     const Network& wanted,
                     const hnsclient::NetworkType& type) {
    const auto has_vni = [](const Subnet& subnet) { return subnet.vni.has_value(); };
    if (wanted.subnets.empty() && !may_lack_subnet(kind, type))
        refuse_new(" has no subnet", "give the network a \"subnet\", like 10.244.4.0/24");
    if (type.needs_vni && !std::ranges::all_of(wanted.subnets, has_vni))
        refuse_new(" has no vni", "flannel's is 4096 on Windows");
    if (!type.needs_vni && std::ranges::any_of(wanted.subnets, has_vni))
        refuse_new(".vni cannot be honoured", "only overlay networks have one");
}

} // namespace

bool may_lack_subnet(const EndpointKind& kind, const hnsclient::NetworkType& type) {
    return type.may_lack_subnet || (type.chooses_subnet && kind.conf().ipam.type.empty());
}

void require_makeable(const EndpointKind& kind, const hnsclient::Abilities& abilities) {
    const auto& wanted = kind.conf().new_network;
    if (!wanted) return;
    const auto* const type = hnsclient::find_network_type(type_to_make(kind, *wanted));
    if (type == nullptr) refuse_new(".type is \"" + wanted->type + "\"", sentence_on_types(kind));
    require_subnets(kind, *wanted, *type);
    require_v4(kind, *wanted);
    if (wanted->vxlan_port && (!type->needs_vni || !abilities.vxlan_port))
        refuse_new(".vxlanPort cannot be honoured",
                   "only overlay networks have one, and only with apiVersion 2");
}

void require_gateways_inside(const Network& wanted) {
    for (const auto& subnet : wanted.subnets)
        if (subnet.gateway && !subnet.prefix.contains(*subnet.gateway))
            throw Error(ErrorCode::invalid_network_config,
                        "HNS network \"" + wanted.name + "\" cannot be created: its gateway "
                            + subnet.gateway->to_string() + " is outside its subnet "
                            + subnet.prefix.to_string(),
                        "correct conf.ipam.routes or conf.ipam.subnet");
}

std::string type_to_make(const EndpointKind& kind, const Network& wanted) {
    return std::string(wanted.type.empty() ? kind.network_types().front()
                                           : find_type(kind, wanted.type));
}

bool works_on(const EndpointKind& kind, std::string_view type) {
    return !find_type(kind, type).empty();
}

std::string sentence_on_types(const EndpointKind& kind) {
    return std::string(kind.plugin()) + " works on networks of type "
           + libcni::joined(kind.network_types(), ", ");
}

} // namespace plugins
