// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/endpoints.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/addresses.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/later.hpp"
#include "hnsclient/emulator/namespaces.hpp"
#include "hnsclient/emulator/networks.hpp"
#include "hnsclient/emulator/policies.hpp"
#include "libcni/base/text.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

constexpr unsigned remote_flag = 1;
constexpr unsigned dhcp_flag = 32;
/// Of a port mapping: the port is the host's own, too.
constexpr unsigned local_flag = 1;
constexpr unsigned highest_number = 0xFFFFFFFFU;

Taken taken_on(ObjectStore& store, const Config& config, const std::string& network_id) {
    Taken taken;
    taken.code =
        config.version < windows::since_2004 ? Code::object_already_exists : Code::address_in_use;
    for (const auto& [id, endpoint] : store.endpoints()) {
        if (endpoint.network_id != network_id) continue;
        if (!config.shared_addresses)
            taken.addresses.insert(endpoint.addresses.begin(), endpoint.addresses.end());
        taken.macs.insert(libcni::upper_case(endpoint.mac_address));
    }
    return taken;
}

bool is_of_type(const json& network, std::string_view type) {
    return libcni::same_ignoring_case(text_at(network, "Type"), type);
}

/// 2004 to 21H2.
bool is_late_windows_10(const Config& config) {
    return config.version >= windows::since_2004 && config.version < windows::since_2022;
}

/// What a host port that another endpoint has is refused with.
Code taken_port(const Config& config, bool is_bridge) {
    if (config.version < windows::since_1709) return Code::unspecified;
    return is_bridge || is_late_windows_10(config) ? Code::port_already_exists
                                                   : Code::sharing_violation;
}

/// There HNS takes a port mapping on an l2bridge network only when it is local, free port or not.
bool needs_local_mapping(const Config& config, const json& network) {
    return is_late_windows_10(config) && is_of_type(network, "L2Bridge");
}

void check_ports(ObjectStore& store,
                 const Config& config,
                 const json& network,
                 const std::string& id,
                 const json& policies) {
    const bool is_local = all_mappings_have(policies, local_flag);
    const auto ports = host_ports(policies);
    if (!ports.empty() && !is_local && needs_local_mapping(config, network))
        throw Failure(Code::port_already_exists);
    for (const auto& port : ports)
        for (const auto& [other, endpoint] : store.endpoints())
            if (other != id && std::ranges::count(endpoint.ports, port) > 0)
                throw Failure(taken_port(config, is_of_type(network, "L2Bridge") && !is_local));
}

bool is_without_subnets(const json& network) {
    return list_at(network, "Subnets").empty() && text_at(network, "Type") == "Transparent";
}

/// A transparent network without subnets is on DHCP: HNS takes any address there.
json addresses_for(const json& wanted, const json& network, const Taken& taken) {
    const auto subnets = subnets_of(network);
    const json& given = wanted.at("IpConfigurations");
    if ((number_at(wanted, "Flags", highest_number) & remote_flag) != 0)
        return resolve_remote_addresses(given, subnets, taken);
    // Internet Connection Sharing gives addresses by DHCP, when the endpoint is used.
    if (is_of_type(network, "ICS")) return json::array();
    if (is_without_subnets(network))
        return given.empty() ? json::array() : resolve_remote_addresses(given, subnets, taken);
    return resolve_addresses(given, subnets, taken);
}

std::string mac_for(const json& wanted, const json& network, const Taken& taken) {
    std::string given = text_at(wanted, "MacAddress");
    if (given.empty()) return free_mac(list_at(network, "MacPools"), taken);
    if (!is_mac(given)) throw Failure(Code::invalid_endpoint);
    return given;
}

bool passes(const std::string& id, const EndpointSummary& endpoint, const json& filter) {
    if (!text_at(filter, "ID").empty() && id_at(filter, "ID") != id) return false;
    if (!text_at(filter, "VirtualNetwork").empty()
        && id_at(filter, "VirtualNetwork") != endpoint.network_id)
        return false;
    const std::string name = text_at(filter, "Name");
    return name.empty() || name == endpoint.name;
}

/// HNS gives endpoints on NAT networks the host's name servers.
json dns_for(const json& wanted, const json& network, const Config& config) {
    json dns = object_at(wanted, "Dns");
    const HostDns& host = config.host_dns;
    if (!is_of_type(network, "NAT") || !list_at(dns, "ServerList").empty()) return dns;
    if (!host.servers.empty()) dns["ServerList"] = host.servers;
    if (!host.suffix.empty() && list_at(dns, "Search").empty())
        dns["Search"] = json::array({host.suffix});
    return dns;
}

} // namespace

json create_endpoint(ObjectStore& store,
                     const Config& config,
                     const EndpointPlace& place,
                     json wanted) {
    const json network = require_network(store, place.network_id);
    const std::string id = place.id.empty() ? fresh_id() : place.id;
    if (store.find(Kind::endpoint, id)) throw Failure(Code::port_already_exists);
    check_endpoint_policies(wanted.at("Policies"), config.version);
    check_ports(store, config, network, id, wanted.at("Policies"));

    const Taken taken = taken_on(store, config, place.network_id);
    json addresses = addresses_for(wanted, network, taken);
    json routes = resolve_routes(wanted.at("Routes"), addresses, subnets_of(network));
    wanted["MacAddress"] = mac_for(wanted, network, taken);
    wanted["IpConfigurations"] = std::move(addresses);
    wanted["Routes"] = std::move(routes);
    wanted["Dns"] = dns_for(wanted, network, config);
    if (is_of_type(network, "ICS"))
        wanted["Flags"] = number_at(wanted, "Flags", highest_number) | dhcp_flag;
    wanted["ID"] = id;
    wanted["NetworkID"] = place.network_id;
    wanted["NamespaceID"] = "";
    wanted["SharedContainers"] = json::array();
    store.put(Kind::endpoint, wanted);
    return wanted;
}

json require_endpoint(const ObjectStore& store, const std::string& id) {
    auto endpoint = store.find(Kind::endpoint, id);
    if (!endpoint) throw Failure(Code::endpoint_not_found);
    return std::move(*endpoint);
}

unsigned state_of(const json& endpoint) {
    constexpr unsigned created = 1;
    constexpr unsigned attached_sharing = 3;
    if (endpoint.contains("State")) return endpoint["State"].get<unsigned>();
    const bool is_free =
        text_at(endpoint, "NamespaceID").empty() && list_at(endpoint, "SharedContainers").empty();
    return is_free ? created : attached_sharing;
}

void modify_endpoint(ObjectStore& store,
                     const Config& config,
                     const std::string& id,
                     const json& request) {
    json endpoint = require_endpoint(store, id);
    if (text_at(request, "ResourceType") != "Policy") throw Failure(Code::request_unsupported);
    const json changes = from_v2(list_at(object_at(request, "Settings"), "Policies"));
    modify_policies(endpoint["Policies"], changes, text_at(request, "RequestType"));
    check_endpoint_policies(endpoint["Policies"], config.version);
    const auto network = store.find(Kind::network, text_at(endpoint, "NetworkID"));
    check_ports(store, config, network.value_or(json::object()), id, endpoint["Policies"]);
    store.put(Kind::endpoint, endpoint);
}

void require_startable(ObjectStore& store, json endpoint) {
    constexpr unsigned degraded = 5;
    if (!has_unusable_prefix(list_at(endpoint, "Policies"))) return;
    endpoint["State"] = degraded;
    store.put(Kind::endpoint, endpoint);
    throw Failure(Code::degraded_operation);
}

void attach_container(ObjectStore& store,
                      const Config& config,
                      const std::string& id,
                      const std::string& container) {
    json endpoint = require_endpoint(store, id);
    auto& containers = endpoint["SharedContainers"];
    if (std::ranges::find(containers, json(container)) != containers.end())
        throw Failure(Code::endpoint_already_attached);
    require_startable(store, endpoint);
    containers.push_back(container);
    if (containers.size() == 1) set_over_time(endpoint, "State", config.attached_states);
    store.put(Kind::endpoint, endpoint);
}

void detach_container(ObjectStore& store, const std::string& id, const std::string& container) {
    json endpoint = require_endpoint(store, id);
    auto& containers = endpoint["SharedContainers"];
    const auto found = std::ranges::find(containers, json(container));
    if (found == containers.end()) throw Failure(Code::element_not_found);
    containers.erase(found);
    if (containers.empty()) forget(endpoint, "State");
    store.put(Kind::endpoint, endpoint);
}

void attach_to_host(ObjectStore& store, const std::string& id) {
    constexpr int attached = 2;
    json endpoint = require_endpoint(store, id);
    if (endpoint.contains("HostCompartment")) throw Failure(Code::endpoint_already_attached);
    endpoint["HostCompartment"] = 1;
    endpoint["State"] = attached;
    store.put(Kind::endpoint, endpoint);
}

void delete_endpoint(ObjectStore& store, const std::string& id) {
    const json endpoint = require_endpoint(store, id);
    // Gone first: what a namespace lists without the endpoint agreeing counts for nothing.
    store.erase(Kind::endpoint, id);
    forget_endpoint(store, text_at(endpoint, "NamespaceID"), id);
}

std::vector<std::string> find_endpoints(ObjectStore& store, const json& filter) {
    std::vector<std::string> result;
    for (const auto& [id, endpoint] : store.endpoints())
        if (passes(id, endpoint, filter)) result.push_back(id);
    return result;
}

} // namespace hnsclient::emulator
