// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "hnsclient/guid.hpp"
#include "hnsclient/host_endpoint.hpp"
#include "hnsclient/removal.hpp"
#include "libcni/base/text.hpp"
#include "libcni/undo.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/system.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::ClientV2;
using hnsclient::Endpoint;
using hnsclient::EndpointAddress;
using hnsclient::MacAddress;
using hnsclient::MacRange;
using hnsclient::Namespace;
using hnsclient::Network;
using hnsclient::Sandbox;
using hnsclient::Subnet;
using libcni::Address;
using libcni::Cidr;

namespace {

MacAddress mac_of(const std::string& text) {
    if (auto mac = MacAddress::parse(libcni::upper_case(text))) return std::move(*mac);
    throw Refusal("\"" + text + "\" is not a MAC address", "write it like 00-15-5D-52-C0-01");
}

MacRange mac_range_of(const std::string& text) {
    constexpr std::size_t mac = 17;
    if (text.size() != 2 * mac + 1)
        throw Refusal("\"" + text + "\" is not a range of MAC addresses",
                      "write the first, a dash and the last: 00-15-5D-52-C0-00-00-15-5D-52-CF-FF");
    MacRange range{mac_of(text.substr(0, mac)), mac_of(text.substr(mac + 1))};
    if (range.last < range.first)
        throw Refusal("the MAC range \"" + text + "\" ends before it begins",
                      "write the lower address first");
    return range;
}

Address address_of(const std::string& text) {
    if (const auto address = libcni::parse_address(text)) return *address;
    throw Refusal("\"" + text + "\" is not an IP address", "write it like 10.244.4.1 or fd00::1");
}

Cidr prefix_of(const std::string& text) {
    if (const auto cidr = Cidr::parse(text)) return cidr->network();
    throw Refusal("\"" + text + "\" is not a subnet", "write it like 10.244.4.0/24 or fd00::/64");
}

EndpointAddress endpoint_address_of(const std::string& text) {
    if (text.find('/') == std::string::npos) return {address_of(text), std::nullopt};
    if (const auto cidr = Cidr::parse(text)) return {cidr->address(), cidr->prefix_length()};
    throw Refusal("\"" + text + "\" is not an IP address with a prefix length",
                  "write it like 10.244.4.7/24");
}

/// The ID to give to HNS: the one that was asked for, else a new one.
std::string id_of(const std::string& wanted) {
    if (wanted.empty()) return hnsclient::new_id();
    if (const auto guid = hnsclient::parse_guid(wanted)) return hnsclient::to_text(*guid);
    throw Refusal("\"" + wanted + "\" is not a GUID",
                  "write it like a1111111-2222-4333-8444-555555555501, or leave --id out");
}

/// The subnet that holds the gateway, else the only one of its family: networks of Windows may have
/// a gateway outside of their prefix.
Subnet* find_subnet_for(Network& network, const Address& gateway) {
    Subnet* only = nullptr;
    int of_family = 0;
    for (auto& subnet : network.subnets) {
        if (subnet.prefix.contains(gateway)) return &subnet;
        if (subnet.prefix.is_v4() != gateway.is_v4()) continue;
        only = &subnet;
        ++of_family;
    }
    return of_family == 1 ? only : nullptr;
}

void set_gateway(Network& network, const std::string& text) {
    const Address gateway = address_of(text);
    Subnet* const subnet = find_subnet_for(network, gateway);
    if (subnet == nullptr)
        throw Refusal("the gateway " + text + " is not in any of the subnets",
                      "add its subnet with --subnet");
    if (subnet->gateway)
        throw Refusal("subnet " + subnet->prefix.to_string() + " has two gateways",
                      "give one --gateway for each subnet");
    subnet->gateway = gateway;
}

void require_name(const std::string& name, const char* kind) {
    if (name.empty())
        throw Refusal(std::string("the ") + kind + " name is empty",
                      "give it one: `wincni hns create --help`");
}

Network network_of(const NetworkOptions& options) {
    require_name(options.name, "network's");
    Network network;
    network.id = id_of(options.id);
    network.name = options.name;
    network.type = options.type;
    network.adapter = options.adapter;
    for (const auto& subnet : options.subnets)
        network.subnets.push_back({.prefix = prefix_of(subnet), .vni = options.vni});
    for (const auto& gateway : options.gateways)
        set_gateway(network, gateway);
    for (const auto& range : options.mac_ranges)
        network.mac_ranges.push_back(mac_range_of(range));
    return network;
}

Endpoint endpoint_of(const EndpointOptions& options, const Network& network) {
    Endpoint endpoint;
    endpoint.id = id_of(options.id);
    endpoint.name = options.name;
    endpoint.network_id = network.id;
    if (!options.mac.empty()) endpoint.mac = mac_of(options.mac);
    for (const auto& address : options.addresses)
        endpoint.addresses.push_back(endpoint_address_of(address));
    return endpoint;
}

/// What is being created, for the person who must remove it by hand when it stays.
struct Thing {
    /// As `wincni hns delete` has it.
    std::string kind;
    std::string name;
    std::string id;
    /// HNS has said that it has made it.
    bool is_there = false;
};

/// What fails is removed by its ID, so an ID of the person's choosing must not be another thing's.
template <class Found>
void require_new(const char* what, const std::optional<Found>& there) {
    if (!there) return;
    throw Refusal(std::string("HNS already has ") + what + " with the ID " + there->id,
                  "choose another ID, or leave --id out");
}

/// Words the exception under way for a person who must remove by hand what stays.
[[noreturn]] void tell_what_stays(const Thing& thing, const std::vector<libcni::LeftBehind>& left) {
    const auto stays = libcni::joined(left, "; ", [&](const libcni::LeftBehind& one) {
        return one.what + (thing.is_there ? " is" : " may be") + " left behind (" + one.reason
               + "): remove it with \"wincni hns delete " + thing.kind + " " + thing.id + "\"";
    });
    try {
        throw;
    } catch (const hnsclient::HnsError& error) {
        throw Refusal(error.what(), std::string(advice_here(error)) + "\n  " + stays);
    } catch (const std::exception& error) {
        throw Refusal(error.what(), stays);
    }
}

/// What `create` makes; nothing stays when it fails, or the person is told what does.
template <class Create, class Remove>
auto made(const Thing& thing, Create create, Remove remove) {
    const auto body = [&](libcni::Undo& undo) {
        // Pushed before the call: when its answer is lost, the thing may be there.
        undo.add(thing.kind + " " + thing.name, remove);
        return create();
    };
    return libcni::transaction(body, [&](const auto& left) { tell_what_stays(thing, left); });
}

/// Attached where `namespace_id` is not empty.
Endpoint made_endpoint(ClientV2& client, const Endpoint& wanted, const std::string& namespace_id) {
    Thing thing{.kind = "endpoint", .name = wanted.name, .id = wanted.id};
    const auto create = [&] {
        Endpoint endpoint = client.create_endpoint(wanted);
        thing.is_there = true;
        if (namespace_id.empty()) return endpoint;
        client.attach(Sandbox::of_namespace(namespace_id), endpoint.id);
        return client.read_endpoint(endpoint.id).value_or(endpoint);
    };
    return made(thing, create, [&] { client.remove_made(wanted); });
}

Network made_network(ClientV2& client, const Network& wanted) {
    const Thing thing{.kind = "network", .name = wanted.name, .id = wanted.id};
    const auto remove = [&] {
        hnsclient::unless_gone(hnsclient::network_not_found,
                               [&] { client.delete_network(wanted.id); });
    };
    return made(
        thing, [&] { return client.create_network(wanted); }, remove);
}

Namespace made_namespace(ClientV2& client, const Namespace& wanted) {
    const Thing thing{.kind = "namespace", .name = wanted.id, .id = wanted.id};
    const auto remove = [&] {
        hnsclient::unless_gone([&] { client.delete_namespace(wanted.id); });
    };
    return made(
        thing, [&] { return client.create_namespace(wanted); }, remove);
}

} // namespace

std::string create_network(ClientV2& client, const NetworkOptions& options) {
    const Network wanted = network_of(options);
    // Confs find networks by name, so a second one could not be meant any more.
    if (const auto there = client.find_network(options.name))
        throw Refusal("HNS already has a network \"" + options.name + "\" (" + there->id + ")",
                      "choose another name, or delete that one first: wincni hns delete network "
                          + there->id);
    if (!options.id.empty()) require_new("a network", client.read_network(wanted.id));
    const Network network = made_network(client, wanted);
    if (options.format == Format::json) return document(to_json(network));
    return "Created network " + network.name + " (" + network.type + ", " + network.id + ").\n";
}

std::string create_endpoint(ClientV2& client, const EndpointOptions& options) {
    require_name(options.name, "endpoint's");
    const Network network = require_network(client, options.network);
    const Endpoint wanted = endpoint_of(options, network);
    const std::string namespace_id =
        options.hns_namespace.empty() ? "" : require_namespace(client, options.hns_namespace).id;
    if (!options.id.empty()) require_new("an endpoint", client.read_endpoint(wanted.id));
    const Endpoint endpoint = made_endpoint(client, wanted, namespace_id);
    if (options.format == Format::json) return document(to_json(endpoint));
    const auto addresses =
        libcni::joined(endpoint.addresses, ", ", [](const auto& a) { return text_of(a); });
    return "Created endpoint " + endpoint.name + " with " + addresses + " (" + endpoint.id + ").\n";
}

std::string create_host_endpoint(ClientV2& client, const HostEndpointOptions& options) {
    Network network = require_network(client, options.network);
    const auto addresses = hnsclient::host_addresses(network);
    if (addresses.empty())
        throw Refusal("network " + network.name + " (" + network.type
                          + ") has no endpoint of the host's",
                      "L2Bridge networks with a subnet have one, at its base + 2");
    const Endpoint endpoint = hnsclient::make_host_endpoint(client, network);
    if (auto found = client.find_network_with_address(network.name)) network = std::move(*found);
    const auto faults = hnsclient::forward_on(client, network);
    if (options.format == Format::json) return document(to_json(endpoint));
    const auto shown = libcni::joined(addresses, ", ", [](const auto& a) { return a.to_string(); });
    std::string text = "The host is on network " + network.name + " with " + shown
                       + ", by endpoint " + endpoint.name + " (" + endpoint.id + ").\n";
    for (const std::string& fault : faults)
        text += "But " + fault + ": Set-NetIPInterface -Forwarding Enabled does it.\n";
    return text;
}

std::string create_namespace(ClientV2& client, const NamespaceOptions& options) {
    Namespace wanted;
    wanted.id = id_of(options.id);
    wanted.type = options.type;
    if (!options.id.empty()) require_new("a namespace", client.read_namespace(wanted.id));
    const Namespace created = made_namespace(client, wanted);
    if (options.format == Format::json) return document(to_json(created));
    return "Created namespace " + created.id + ".\n";
}

} // namespace wincni::hns
