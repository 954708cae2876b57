// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/new_network.hpp"

#include <algorithm>

#include "libcni/error.hpp"
#include "plugins/common/gateways.hpp"
#include "plugins/common/ipam_conf.hpp"
#include "plugins/common/values.hpp"

namespace plugins {

using hnsclient::Network;
using hnsclient::Subnet;
using libcni::Address;
using libcni::Cidr;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

constexpr std::uint32_t largest_vni = 0xFFFFFF;

[[noreturn]] void refuse(const JsonReader& key, const std::string& what, const char* cure) {
    require_filled_in(key);
    const std::string text = key.is_string() ? " \"" + key.text() + "\"" : "";
    throw Error(ErrorCode::invalid_network_config, key.path() + text + " " + what, cure);
}

Cidr read_subnet_prefix(const JsonReader& key) {
    const auto cidr = Cidr::parse(key.text());
    if (!cidr) refuse(key, "is not a network", "write it like 10.244.4.0/24");
    // Scripts compute it from an address of the host, and leave the host's bits in.
    return cidr->network();
}

Address read_gateway(const JsonReader& key) {
    const auto address = libcni::parse_address(key.text());
    if (!address) refuse(key, "is not an IP address", "name the network's gateway");
    return *address;
}

std::uint32_t read_vni(const JsonReader& key) {
    const auto vni = key.number<std::uint32_t>();
    if (vni == 0 || vni > largest_vni)
        refuse(key, "is " + std::to_string(vni), "a VNI is a number from 1 to 16777215");
    return vni;
}

Subnet read_subnet(const JsonReader& object) {
    Subnet subnet{.prefix = read_subnet_prefix(object.require("subnet"))};
    const auto gateway = object.find("gateway");
    subnet.gateway = gateway ? read_gateway(*gateway) : libcni::plus(subnet.prefix.address(), 1);
    // Networks of Windows may have a gateway outside of their prefix.
    if (gateway && subnet.gateway->is_v4() != subnet.prefix.is_v4())
        refuse(*gateway,
               "is not of the family of " + subnet.prefix.to_string(),
               "name a gateway of the subnet's family");
    if (gateway && subnet.prefix.contains(*subnet.gateway)
        && !holds_host(subnet.prefix, *subnet.gateway))
        refuse(*gateway,
               "is the network's own or the broadcast address of " + subnet.prefix.to_string(),
               "name the address of a machine: the subnet's first is the default");
    if (const auto vni = object.find("vni")) subnet.vni = read_vni(*vni);
    return subnet;
}

std::vector<Subnet> read_subnets(const JsonReader& object) {
    std::vector<Subnet> subnets;
    if (object.find("subnet")) subnets.push_back(read_subnet(object));
    if (const auto list = object.find("subnets"))
        for (const auto& element : list->elements())
            subnets.push_back(read_subnet(element));
    return subnets;
}

std::uint16_t read_port(const JsonReader& key) {
    const auto port = key.number<std::uint16_t>();
    if (port == 0) refuse(key, "is 0", "a port is a number from 1 to 65535; VXLAN's is 4789");
    return port;
}

} // namespace

std::optional<Network> read_new_network(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    const auto object = conf.find("createNetwork");
    if (!object) return std::nullopt;
    Network network;
    network.name = request.conf.name;
    network.type = object->text_or_empty("type");
    network.adapter = object->text_or_empty("adapter");
    network.subnets = read_subnets(*object);
    if (const auto vni = object->find("vni")) {
        if (network.subnets.empty()) refuse(*vni, "needs a subnet", "add the \"subnet\"");
        network.subnets.front().vni = read_vni(*vni);
    }
    if (const auto port = object->find("vxlanPort")) network.vxlan_port = read_port(*port);
    return network;
}

std::optional<Network> network_of_ipam(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    const auto ipam = conf.find("ipam");
    const auto prefix = ipam ? ipam->find("subnet") : std::nullopt;
    if (!prefix || prefix->text().empty()) return std::nullopt;
    Network network;
    network.name = request.conf.name;
    network.adapter = conf.text_or_empty("master");
    Subnet subnet{.prefix = read_subnet_prefix(*prefix)};
    const auto routes = ipam->find("routes");
    const auto gateways = routes ? gateways_in(*routes) : std::vector<AuthorGateway>();
    const auto own = std::ranges::find(gateways, subnet.prefix.is_v4(), [](const auto& gateway) {
        return gateway.address.is_v4();
    });
    subnet.gateway =
        own == gateways.end() ? libcni::plus(subnet.prefix.address(), 1) : own->address;
    network.subnets = {subnet};
    return network;
}

} // namespace plugins
