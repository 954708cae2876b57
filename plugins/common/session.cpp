// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/session.hpp"

#include <algorithm>
#include <functional>

#include "hnsclient/features.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/watchdog.hpp"
#include "plugins/common/hns_to_cni.hpp"

namespace plugins {

using hnsclient::ApiVersion;
using hnsclient::Client;
using hnsclient::ErrorKind;
using hnsclient::HnsError;
using hnsclient::Network;
using libcni::Error;
using libcni::ErrorCode;

namespace {

std::string names_of(const std::vector<Network>& networks) {
    return libcni::joined(networks, ", ", [](const Network& network) {
        return network.name + " (" + network.type + ")";
    });
}

std::string types_of(const Driver& driver) {
    return libcni::joined(driver.network_types, ", ");
}

bool is_kind(const HnsError& error, std::initializer_list<ErrorKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), error.kind()) != kinds.end();
}

/// The driver's type of that name in HNS's own spelling; an empty text when it has none.
std::string_view find_type(const Driver& driver, const std::string& name) {
    const auto found = std::ranges::find_if(driver.network_types, [&](std::string_view known) {
        return libcni::same_ignoring_case(known, name);
    });
    return found == driver.network_types.end() ? std::string_view() : *found;
}

bool is_type_of(const Driver& driver, const std::string& name) {
    return !find_type(driver, name).empty();
}

/// What the person must know to make an endpoint's namespace or container be there.
std::string cure_for_missing_sandbox(const Client& hns) {
    if (hns.api_version() == ApiVersion::v1)
        return "apiVersion 1 attaches endpoints to running containers; with containerd leave "
               "\"apiVersion\" out or make it 2";
    return "the pod's namespace is gone, so the pod is too; by hand, make one with \"wincni hns "
           "create namespace\"";
}

/// The addresses behind the first of their family.
std::vector<libcni::IpConfig> take_surplus(std::vector<libcni::IpConfig>& ips) {
    std::vector<libcni::IpConfig> kept;
    std::vector<libcni::IpConfig> surplus;
    for (const auto& ip : ips) {
        const bool is_first = std::ranges::none_of(
            kept, [&](const auto& other) { return other.address.is_v4() == ip.address.is_v4(); });
        (is_first ? kept : surplus).push_back(ip);
    }
    ips = std::move(kept);
    return surplus;
}

} // namespace

void refuse_missing_network(Client& hns, const Driver& driver, const std::string& name) {
    const std::string known = names_of(hns.list_networks());
    // HNS networks do not outlive a reboot: whoever makes them may only be late.
    throw Error(
        ErrorCode::try_again_later,
        "HNS has no network \"" + name + "\"",
        (known.empty() ? "it has no networks at all" : "it has: " + known)
            + "; the network is made by flanneld, by a start-up script, by \"createNetwork\" "
              "in the conf, or by hand: wincni hns create network "
            + name + " --type " + std::string(driver.network_types.front())
            + " --subnet <pod subnet of this node>");
}

std::unique_ptr<Client> connect(ApiVersion version) {
    hnsclient::CallOptions options;
    options.watch = [](const std::string& operation) {
        libcni::log::debug("calling " + operation);
        return std::make_shared<libcni::Activity>(operation);
    };
    options.on_retry = [](const HnsError& error) {
        libcni::log::warning(std::string(error.what()) + "; trying again");
    };
    return hnsclient::make_client(version, hnsclient::api::load(), std::move(options));
}

std::string sandbox_of(ApiVersion version, const libcni::Request& request) {
    const auto guid = hnsclient::parse_guid(request.netns);
    if (version == ApiVersion::v2) {
        if (guid) return hnsclient::to_text(*guid);
        throw Error(
            ErrorCode::invalid_environment,
            "CNI_NETNS \"" + request.netns + "\" is not the GUID of an HNS namespace",
            "containerd passes a GUID; by hand, make one with \"wincni hns create namespace\"");
    }
    if (request.netns == "none" || shares_sandbox(request)) return request.container_id;
    throw Error(ErrorCode::invalid_environment,
                "CNI_NETNS \"" + request.netns
                    + "\" does not fit apiVersion 1, which attaches to containers",
                guid ? "with containerd leave the conf's \"apiVersion\" out or make it 2"
                     : "it must be \"none\", or \"container:<id>\" of the sandbox");
}

void require_sandbox(Client& hns, const std::string& sandbox) {
    try {
        hns.open_sandbox(sandbox);
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        const bool v1 = hns.api_version() == ApiVersion::v1;
        throw Error(ErrorCode::invalid_environment,
                    v1 ? "CNI_CONTAINERID: no container \"" + sandbox + "\" is running"
                       : "CNI_NETNS: HNS has no namespace " + sandbox,
                    cure_for_missing_sandbox(hns));
    }
}

std::optional<Network>
find_network(Client& hns, const Driver& driver, const libcni::Request& request) {
    auto network = driver.needs_management_address
                       ? hns.find_network_with_address(request.conf.name)
                       : hns.find_network(request.conf.name);
    if (network && !is_type_of(driver, network->type))
        throw Error(ErrorCode::invalid_network_config,
                    "HNS network \"" + network->name + "\" is of type " + network->type,
                    std::string(driver.name) + " works on networks of type " + types_of(driver)
                        + ": correct the conf's \"type\" or \"name\"");
    return network;
}

Network require_network(Client& hns, const Driver& driver, const libcni::Request& request) {
    auto network = find_network(hns, driver, request);
    if (!network) refuse_missing_network(hns, driver, request.conf.name);
    return std::move(*network);
}

void check_new_network(const Driver& driver,
                       ApiVersion version,
                       const std::optional<Network>& wanted) {
    if (!wanted) return;
    const std::string type =
        wanted->type.empty() ? std::string(driver.network_types.front()) : wanted->type;
    const auto refuse = [](const std::string& what, const std::string& cure) {
        throw Error(ErrorCode::invalid_network_config, "conf.createNetwork" + what, cure);
    };
    const bool overlay = libcni::same_ignoring_case(type, "Overlay");
    const auto has_vni = [](const auto& subnet) { return subnet.vni.has_value(); };
    if (!is_type_of(driver, type))
        refuse(".type is \"" + type + "\"",
               std::string(driver.name) + " works on networks of type " + types_of(driver));
    if (wanted->subnets.empty() && !libcni::same_ignoring_case(type, "Transparent"))
        refuse(" has no subnet", "give the network a \"subnet\", like 10.244.4.0/24");
    if (overlay && !std::ranges::all_of(wanted->subnets, has_vni))
        refuse(" has no vni", "flannel's is 4096 on Windows");
    if (!overlay && std::ranges::any_of(wanted->subnets, has_vni))
        refuse(".vni cannot be honoured", "only overlay networks have one");
    if (wanted->vxlan_port && (!overlay || version == ApiVersion::v1))
        refuse(".vxlanPort cannot be honoured",
               "only overlay networks have one, and only with apiVersion 2");
}

void require_makeable(const Network& wanted) {
    for (const auto& subnet : wanted.subnets)
        if (subnet.gateway && !subnet.prefix.contains(*subnet.gateway))
            throw Error(ErrorCode::invalid_network_config,
                        "HNS network \"" + wanted.name + "\" cannot be made: its gateway "
                            + subnet.gateway->to_string() + " is outside its subnet "
                            + subnet.prefix.to_string(),
                        "correct conf.ipam.routes or conf.ipam.subnet");
}

Network
make_network(Client& hns, const Driver& driver, const libcni::Request& request, Network wanted) {
    require_makeable(wanted);
    wanted.type =
        wanted.type.empty() ? driver.network_types.front() : find_type(driver, wanted.type);
    wanted.id = hnsclient::new_id();
    libcni::log::info("making the HNS network " + wanted.name + " of type " + wanted.type);
    try {
        auto made = hns.create_network(wanted);
        if (!driver.needs_management_address || made.management_address) return made;
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::already_exists)
            throw to_cni_error(error).within("HNS network \"" + wanted.name
                                             + "\" could not be made");
    }
    return require_network(hns, driver, request);
}

void drop_loopback_dsr_if_unsupported(Client& hns, EndpointConf& conf) {
    using hnsclient::Feature;
    if (!conf.loopback_dsr || hnsclient::supports(hns.version(), Feature::loopback_dsr)) return;
    libcni::log::warning("loopbackDSR is left out: this HNS has no "
                         + std::string(hnsclient::name_of(Feature::loopback_dsr)) + " (versions "
                         + std::string(hnsclient::versions_of(Feature::loopback_dsr))
                         + " have them)");
    conf.loopback_dsr = false;
}

void drop_what_api_lacks(const Client& hns, PlanInput& input) {
    if (hns.api_version() == ApiVersion::v2) return;
    const auto is_default = [](const libcni::Route& route) {
        return route.destination.prefix_length() == 0;
    };
    if (!std::ranges::all_of(input.ipam.routes, is_default))
        libcni::log::warning("IPAM's routes are left out: endpoints of apiVersion 1 have none but "
                             "their gateway; apiVersion 2 has them");
    if (!input.conf.dns.options.empty() || !input.ipam.dns.options.empty())
        libcni::log::warning("DNS options are left out: endpoints of apiVersion 1 have none");
    for (const auto& ip : take_surplus(input.ipam.ips))
        libcni::log::warning("IPAM's address " + ip.address.to_string()
                             + " is left out: endpoints of apiVersion 1 have one of each family");
    std::erase_if(input.ipam.routes, std::not_fn(is_default));
    input.conf.dns.options.clear();
    input.ipam.dns.options.clear();
}

void detach_all(Client& hns, const hnsclient::Endpoint& endpoint) {
    for (const auto& container : endpoint.container_ids)
        unless_gone([&] { hns.unshare(container, endpoint.id); });
    // Version 1 tells of namespaces, and cannot detach from them.
    if (!endpoint.namespace_id.empty() && hns.api_version() == ApiVersion::v2)
        unless_gone([&] { hns.detach(endpoint.namespace_id, endpoint.id); });
}

void remove_endpoint(Client& hns, const std::string& id) {
    try {
        return unless_gone([&] { hns.delete_endpoint(id); });
    } catch (const HnsError& error) {
        if (!is_kind(error, {ErrorKind::in_use, ErrorKind::already_attached})) throw;
    }
    const auto endpoint = hns.read_endpoint(id);
    if (!endpoint) return;
    detach_all(hns, *endpoint);
    unless_gone([&] { hns.delete_endpoint(id); });
}

} // namespace plugins
