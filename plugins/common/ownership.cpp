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
        const auto holder = host_local::find_holder(conf, own.address);
        // The lease of another container says who has the address now, not whose endpoint it is.
        if (holder && holder->container_id == container_id) return holder;
    }
    return std::nullopt;
}

} // namespace

Ownership::Ownership(const Request& request, const Pod& pod)
    : request_(request), pod_(pod), told_(addresses_told(request)) {}

std::optional<bool> Ownership::told_by_id(const std::string& id) const {
    if (pod_.endpoint_id.empty()) return std::nullopt;
    if (hnsclient::same_guid(id, pod_.endpoint_id)) return true;
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

bool Ownership::is_ours(Client& hns, const Endpoint& endpoint) const {
    if (const auto told = told_by_id(endpoint.id)) return *told;
    if (is_of_other_network(hns, endpoint)) return false;
    if (endpoint.name == pod_.second_name) return true;
    if (const auto told = told_by_lease(endpoint)) return *told;
    return told_by_result(endpoint).value_or(true);
}

std::vector<std::string> Ownership::ids(Client& hns) const {
    std::vector<std::string> ours;
    if (!hns.abilities().lookup_by_name) {
        for (const auto& endpoint : endpoints_named_for(hns, pod_))
            if (is_ours(hns, endpoint)) ours.push_back(endpoint.id);
        return ours;
    }
    for (const auto& id : hns.endpoint_ids(pod_.endpoint_name)) {
        const auto told = told_by_id(id);
        const auto endpoint = told ? std::nullopt : hns.read_endpoint(id);
        if (told.value_or(endpoint && is_ours(hns, *endpoint))) ours.push_back(id);
    }
    return ours;
}

std::vector<Endpoint> endpoints_named_for(Client& hns, const Pod& pod) {
    if (pod.second_name.empty()) return hns.find_endpoints(pod.endpoint_name);
    return hns.find_endpoints_of({pod.endpoint_name, pod.second_name});
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
