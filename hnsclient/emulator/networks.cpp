// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/networks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/addresses.hpp"
#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/later.hpp"
#include "hnsclient/emulator/policies.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/ip.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

constexpr Version dual_stack{11, 10};

std::string checked_type(const std::string& wanted) {
    constexpr std::array<std::string_view, 8> types{
        "NAT", "ICS", "Transparent", "L2Bridge", "L2Tunnel", "Overlay", "Private", "Internal"};
    for (const auto type : types)
        if (libcni::same_ignoring_case(type, wanted)) return std::string(type);
    throw Failure(Code::invalid_network_type);
}

std::vector<json> all_networks(const ObjectStore& store) {
    std::vector<json> networks;
    for (const auto& id : store.ids(Kind::network))
        if (auto network = store.find(Kind::network, id)) networks.push_back(std::move(*network));
    return networks;
}

void check_pools(const json& pools) {
    for (const auto& pool : pools)
        for (const char* key : {"StartMacAddress", "EndMacAddress"})
            if (!is_mac(text_at(pool, key)))
                throw Failure(Code::invalid_network, "A MAC pool has no valid addresses. ");
}

/// With host bits it is not a prefix to HNS.
void check_prefixes(const json& network) {
    for (const auto& subnet : list_at(network, "Subnets")) {
        const auto prefix = libcni::Cidr::parse(text_at(subnet, "AddressPrefix"));
        if (prefix && prefix->address() != prefix->network().address())
            throw Failure(Code::invalid_network);
    }
}

void check_number_of_nats(const std::vector<json>& others,
                          const json& wanted,
                          const Config& config) {
    if (!config.nat_networks || wanted["Type"] != "NAT") return;
    const auto count = std::ranges::count_if(
        others, [](const json& other) { return text_at(other, "Type") == "NAT"; });
    if (count >= *config.nat_networks) throw Failure(Code::invalid_argument);
}

void check_subnets(const json& network, const Config& config) {
    check_prefixes(network);
    for (const auto& subnet : subnets_of(network)) {
        if (!subnet.prefix.is_v4() && config.version < dual_stack)
            throw Failure(Code::request_unsupported, "IPv6 is not known to this version of HNS. ");
    }
}

void check_unique(const std::vector<json>& networks, const std::string& id, const json& wanted) {
    const std::string name = text_at(wanted, "Name");
    for (const auto& network : networks) {
        const bool same_name = !name.empty() && text_at(network, "Name") == name;
        if (same_name || text_at(network, "ID") == id) throw Failure(Code::network_already_exists);
    }
}

/// A prefix of its own for each network, out of those that HNS picks for NAT.
json fresh_subnets(const std::vector<json>& others) {
    constexpr int first = 17;
    constexpr int last = 31;
    for (int second = first; second <= last; ++second) {
        const std::string base = "172." + std::to_string(second) + ".0.";
        const auto is_taken = [&](const json& other) {
            return std::ranges::any_of(list_at(other, "Subnets"), [&](const json& subnet) {
                return text_at(subnet, "AddressPrefix").starts_with(base);
            });
        };
        if (std::ranges::none_of(others, is_taken))
            return json::array({{{"AddressPrefix", base + "0/20"},
                                 {"GatewayAddress", base + "1"},
                                 {"Policies", json::array()}}});
    }
    throw Failure(Code::invalid_network, "No prefix is left. ");
}

bool passes(const json& network, const json& filter) {
    const std::string id = id_at(filter, "ID");
    if (!text_at(filter, "ID").empty() && id != text_at(network, "ID")) return false;
    const std::string name = text_at(filter, "Name");
    return name.empty() || name == text_at(network, "Name");
}

} // namespace

json create_network(ObjectStore& store, const Config& config, const std::string& id, json wanted) {
    const auto others = all_networks(store);
    wanted["ID"] = id.empty() ? fresh_id() : id;
    const std::string asked_type = text_at(wanted, "Type");
    wanted["Type"] = checked_type(asked_type);
    // HNS v1 tells it as it was written.
    if (wanted["Type"] != asked_type) wanted["WrittenType"] = asked_type;
    check_unique(others, id, wanted);
    check_number_of_nats(others, wanted, config);
    check_subnets(wanted, config);
    check_pools(list_at(wanted, "MacPools"));
    if (wanted["MacPools"].empty()) wanted["MacPools"] = fresh_mac_pools(others);
    if (text_at(wanted, "ManagementIP").empty() && has_management_address(wanted))
        set_over_time(wanted, "ManagementIP", config.management_ips);
    if (wanted["Type"] == "NAT" && list_at(wanted, "Subnets").empty())
        wanted["Subnets"] = fresh_subnets(others);
    if (wanted["Dns"].empty()) wanted.erase("Dns");
    store.put(Kind::network, wanted);
    return wanted;
}

bool has_management_address(const json& network) {
    const std::string type = text_at(network, "Type");
    return type != "NAT" && type != "ICS" && type != "Private" && type != "Internal";
}

json require_network(const ObjectStore& store, const std::string& id) {
    auto network = store.find(Kind::network, id);
    if (!network) throw Failure(Code::network_not_found);
    return std::move(*network);
}

void modify_network(ObjectStore& store, const std::string& id, const json& request) {
    json network = require_network(store, id);
    if (text_at(request, "ResourceType") != "Policy") throw Failure(Code::request_unsupported);
    const json changes = from_v2(list_at(object_at(request, "Settings"), "Policies"));
    modify_policies(network["Policies"], changes, text_at(request, "RequestType"));
    store.put(Kind::network, network);
}

void delete_network(ObjectStore& store, const std::string& id) {
    require_network(store, id);
    for (const auto& endpoint : find_endpoints(store, {{"VirtualNetwork", id}}))
        delete_endpoint(store, endpoint);
    store.erase(Kind::network, id);
}

std::vector<std::string> find_networks(const ObjectStore& store, const json& filter) {
    std::vector<std::string> result;
    for (const auto& network : all_networks(store))
        if (passes(network, filter)) result.push_back(text_at(network, "ID"));
    return result;
}

std::string fresh_id() {
    return to_text(random_guid());
}

} // namespace hnsclient::emulator
