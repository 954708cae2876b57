// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/ownership.hpp"

#include <algorithm>

#include "hnsclient/abilities.hpp"
#include "hnsclient/guid.hpp"
#include "ipam/host-local/lease_holder.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using libcni::Address;
using libcni::Attachment;
using libcni::Command;
using libcni::Request;

namespace {

/// A hint only: what is wrong with it is for CHECK to tell, which needs it.
std::vector<Address> addresses_told(const Request& request) noexcept {
    std::vector<Address> told;
    if (request.command != Command::del && request.command != Command::check) return told;
    try {
        if (const auto previous = libcni::read_prev_result(request.conf))
            for (const auto& ip : previous->ips)
                told.push_back(ip.address.address());
    } catch (const std::exception& error) {
        libcni::log::debug(std::string("conf.prevResult tells nothing: ") + error.what());
        told.clear();
    }
    return told;
}

/// Who holds an address of the endpoint; no value when no lease of its container tells.
std::optional<Attachment> holder_of(const libcni::NetworkConfig& conf,
                                    const Endpoint& endpoint,
                                    const std::string& container_id) {
    for (const auto& own : endpoint.addresses) {
        auto holder = host_local::find_holder(conf, own.address);
        // The lease of another container says who has the address now, not whose endpoint it is.
        if (holder && holder->container_id == container_id) return holder;
    }
    return std::nullopt;
}

/// What the pod's endpoints may be called.
std::vector<std::string> names_of(const Pod& pod) {
    const std::string plain = pod.sandbox_container_id + "_" + pod.network_name;
    if (pod.second_name.empty()) return {plain};
    return {plain, pod.second_name};
}

} // namespace

Ownership::Ownership(const Request& request, const Pod& pod)
    : request_(request)
    , pod_(pod)
    , own_id_(pod.interface_name.empty()
                  ? std::string()
                  : endpoint_id_of(pod.network_name, pod.sandbox_container_id, pod.interface_name))
    , told_(addresses_told(request)) {}

std::optional<bool> Ownership::told_by_id(const std::string& id) const {
    if (own_id_.empty()) return std::nullopt;
    if (hnsclient::same_guid(id, own_id_)) return true;
    if (hnsclient::is_id_of_name(id)) return false;
    return std::nullopt;
}

std::optional<bool> Ownership::told_by_lease(const Endpoint& endpoint) const {
    const auto holder = holder_of(request_.conf, endpoint, pod_.sandbox_container_id);
    if (!holder) return std::nullopt;
    // Old plugins wrote no interface, and gave a container only one.
    return holder->interface_name.empty() || holder->interface_name == pod_.interface_name;
}

std::optional<bool> Ownership::told_by_result(const Endpoint& endpoint) const {
    if (told_.empty() || endpoint.addresses.empty()) return std::nullopt;
    return std::ranges::any_of(endpoint.addresses, [&](const auto& own) {
        return std::ranges::find(told_, own.address) != told_.end();
    });
}

bool Ownership::is_of_other_network(Client& hns, const Endpoint& endpoint) const {
    if (!has_several_readings(pod_)) return false;
    for (const auto& network : hns.list_networks())
        if (hnsclient::same_guid(network.id, endpoint.network_id))
            return network.name != pod_.network_name
                   && read_endpoint_name(endpoint.name, network.name).has_value();
    return false;
}

std::optional<bool> Ownership::told(Client& hns, const Endpoint& endpoint) const {
    if (const auto by_id = told_by_id(endpoint.id)) return by_id;
    if (is_of_other_network(hns, endpoint)) return false;
    if (endpoint.name == pod_.second_name) return true;
    if (const auto by_lease = told_by_lease(endpoint)) return by_lease;
    return told_by_result(endpoint);
}

bool Ownership::is_ours(Client& hns, const Endpoint& endpoint) const {
    return told(hns, endpoint).value_or(true);
}

std::vector<Endpoint> Ownership::ours_among(Client& hns, std::vector<Endpoint> named) const {
    const auto is_own = [&](const Endpoint& endpoint) {
        return !pod_.second_name.empty() && endpoint.name == pod_.second_name;
    };
    // Where this interface's name is another one, the plain name is that of an earlier interface.
    const bool has_own =
        pod_.endpoint_name == pod_.second_name || std::ranges::any_of(named, is_own);
    std::erase_if(
        named, [&](const Endpoint& endpoint) { return !told(hns, endpoint).value_or(!has_own); });
    return named;
}

std::vector<std::string> Ownership::ids(Client& hns) const {
    std::vector<std::string> ours;
    std::vector<Endpoint> named;
    if (!hns.abilities().lookup_by_name)
        named = endpoints_named_for(hns, pod_);
    else
        // Those whose ID tells are not read.
        for (const auto& name : names_of(pod_))
            for (const auto& id : hns.endpoint_ids(name)) {
                const auto told = told_by_id(id);
                auto endpoint = told ? std::nullopt : hns.read_endpoint(id);
                if (told.value_or(false)) ours.push_back(id);
                if (endpoint) named.push_back(std::move(*endpoint));
            }
    for (const auto& endpoint : ours_among(hns, std::move(named)))
        ours.push_back(endpoint.id);
    return ours;
}

std::vector<Endpoint> endpoints_named_for(Client& hns, const Pod& pod) {
    const auto names = names_of(pod);
    return names.size() == 1 ? hns.find_endpoints(names.front()) : hns.find_endpoints_of(names);
}

bool belongs_to_one_of(const libcni::NetworkConfig& conf,
                       const EndpointName& name,
                       const Endpoint& endpoint,
                       const std::vector<Attachment>& valid) {
    std::vector<std::string> interfaces;
    for (const auto& attachment : valid)
        if (attachment.container_id == name.container_id)
            interfaces.push_back(attachment.interface_name);
    if (interfaces.empty()) return false;
    const auto is_one = [&](const std::string& told) {
        return std::ranges::find(interfaces, told) != interfaces.end();
    };
    if (!name.interface_name.empty()) return is_one(name.interface_name);
    if (hnsclient::is_id_of_name(endpoint.id))
        return std::ranges::any_of(interfaces, [&](const std::string& one) {
            return hnsclient::same_guid(endpoint.id,
                                        endpoint_id_of(conf.name, name.container_id, one));
        });
    const auto holder = holder_of(conf, endpoint, name.container_id);
    return !holder || holder->interface_name.empty() || is_one(holder->interface_name);
}

} // namespace plugins
