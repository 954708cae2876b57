// SPDX-License-Identifier: Apache-2.0
// What win-bridge asks HNS for, and what it reports.
#include <doctest/doctest.h>

#include "plugins/common/endpoint_plan.hpp"
#include "plugins/win-bridge/win_bridge.hpp"

using hnsclient::Endpoint;
using hnsclient::OutboundNat;
using hnsclient::Policy;
using libcni::Cidr;
using libcni::Result;
using plugins::GatewayFrom;
using plugins::PlanInput;
using Texts = std::vector<std::string>;

namespace {

libcni::Address ip(const std::string& text) {
    return libcni::parse_address(text).value();
}

Cidr cidr(const std::string& text) {
    return Cidr::parse(text).value();
}

/// An IPAM's answer with these addresses; the gateway is the subnet's first address.
Result ipam(std::initializer_list<std::string> addresses) {
    Result result;
    for (const std::string& address : addresses)
        result.ips.push_back({.address = cidr(address),
                              .gateway = libcni::plus(cidr(address).network().address(), 1),
                              .interface_index = {}});
    return result;
}

libcni::Route route(const char* destination, const char* gateway = nullptr) {
    libcni::Route made{.destination = cidr(destination),
                       .gateway = {},
                       .mtu = {},
                       .advmss = {},
                       .priority = {},
                       .table = {},
                       .scope = {}};
    if (gateway != nullptr) made.gateway = ip(gateway);
    return made;
}

/// Pod c1 on a dual-stack network; IPAM gave these addresses.
PlanInput pod(std::initializer_list<std::string> addresses) {
    PlanInput input;
    input.endpoint_name = "c1_cbr0";
    input.network.id = "C0000001-FA4E-4000-A000-0000000C6B00";
    input.network.name = "cbr0";
    input.network.type = "L2Bridge";
    input.network.subnets = {
        {.prefix = cidr("10.244.0.0/16"), .gateway = ip("10.244.0.1"), .vni = {}},
        {.prefix = cidr("fd00:244::/56"), .gateway = ip("fd00:244::1"), .vni = {}}};
    input.ipam = ipam(addresses);
    return input;
}

/// "destination via next hop" for each route.
Texts routes_of(const Endpoint& endpoint) {
    Texts texts;
    for (const auto& [destination, next_hop] : endpoint.routes)
        texts.push_back(destination.to_string()
                        + (next_hop ? " via " + next_hop->to_string() : std::string()));
    return texts;
}

Texts addresses_of(const Endpoint& endpoint) {
    Texts texts;
    for (const auto& address : endpoint.addresses)
        texts.push_back(address.address.to_string());
    return texts;
}

Policy nat(Texts exceptions, Texts destinations = {}) {
    OutboundNat policy;
    policy.exceptions = std::move(exceptions);
    policy.destinations = std::move(destinations);
    return policy;
}

plugins::PortMapping tcp(std::uint16_t host_port, const char* host_address = nullptr) {
    plugins::PortMapping mapping{
        .protocol = 6, .host_port = host_port, .container_port = 80, .host_address = {}};
    if (host_address != nullptr) mapping.host_address = ip(host_address);
    return mapping;
}

Policy mapped(std::uint16_t host_port, std::uint32_t flags, const char* host_address = "") {
    return hnsclient::PortMapping{.protocol = 6,
                                  .internal_port = 80,
                                  .external_port = host_port,
                                  .virtual_ip = host_address,
                                  .flags = flags};
}

Result reported(const Endpoint& endpoint, const PlanInput& input) {
    return plugins::result_for(endpoint, input.network, input.ipam, input.conf.dns, "sandbox");
}

/// The endpoint as HNS answers that chose the address itself.
Endpoint chosen_by_hns(const char* address, std::optional<unsigned> prefix_length = {}) {
    Endpoint endpoint;
    endpoint.name = "c1_cbr0";
    endpoint.mac = "00-15-5D-52-C0-07";
    endpoint.addresses = {{ip(address), prefix_length}};
    endpoint.routes = {{cidr("0.0.0.0/0"), ip("10.244.0.1")}};
    return endpoint;
}

} // namespace

TEST_CASE("A pod's gateway is its subnet's base + 2, the bridge's own address") {
    struct Case {
        std::string address;
        std::string gateway;
    };

    const Case cases[] = {{"10.244.3.7/24", "10.244.3.2"},
                          {"10.244.3.7/16", "10.244.0.2"},
                          {"10.244.3.199/26", "10.244.3.194"},
                          {"10.1.255.255/23", "10.1.254.2"},
                          {"192.168.100.14/30", "192.168.100.14"}};
    for (const Case& one : cases) {
        CAPTURE(one.address);
        const Endpoint plan = win_bridge::plan(pod({one.address}));
        CHECK(routes_of(plan) == Texts{"0.0.0.0/0 via " + std::string(one.gateway)});
    }
    CHECK(routes_of(win_bridge::plan(pod({"fd00:244::7/64"}))) == Texts{"::/0 via fd00:244::2"});
    CHECK(routes_of(win_bridge::plan(pod({"fd00:244:0:1:ffff::7/64"})))
          == Texts{"::/0 via fd00:244:0:1::2"});
}

TEST_CASE("gatewayFrom takes the gateway from IPAM or from the HNS network instead") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244:0:3::7/64"});
    input.conf.gateway_from = GatewayFrom::ipam;
    CHECK(routes_of(win_bridge::plan(input))
          == Texts{"0.0.0.0/0 via 10.244.3.1", "::/0 via fd00:244:0:3::1"});
    input.conf.gateway_from = GatewayFrom::network;
    CHECK(routes_of(win_bridge::plan(input))
          == Texts{"0.0.0.0/0 via 10.244.0.1", "::/0 via fd00:244::1"});
}

TEST_CASE("The author's own gateways go before every rule, the first of each family") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244:0:3::7/64"});
    input.conf.gateways = {ip("10.244.3.9"), ip("10.244.3.10")};
    for (const auto from : {GatewayFrom::plugin, GatewayFrom::ipam, GatewayFrom::network}) {
        input.conf.gateway_from = from;
        const Texts routes = routes_of(win_bridge::plan(input));
        REQUIRE(routes.size() == 2);
        CHECK(routes[0] == "0.0.0.0/0 via 10.244.3.9");
        CHECK(routes[1] != "::/0 via 10.244.3.9");
        CHECK(plugins::gateway_for(input, input.ipam.ips[0], win_bridge::bridge_address)
              == ip("10.244.3.9"));
    }
    input.conf.gateway_from = GatewayFrom::plugin;
    input.conf.gateways = {ip("fd00:244:0:3::9")};
    CHECK(routes_of(win_bridge::plan(input))
          == Texts{"0.0.0.0/0 via 10.244.3.2", "::/0 via fd00:244:0:3::9"});
}

TEST_CASE("Where HNS gives the addresses the author's gateways make the default routes") {
    PlanInput input = pod({});
    input.conf.gateways = {ip("fd00:244::9"), ip("10.244.3.9"), ip("10.244.3.10")};
    CHECK(routes_of(win_bridge::plan(input))
          == Texts{"::/0 via fd00:244::9", "0.0.0.0/0 via 10.244.3.9"});
    CHECK(win_bridge::plan(input).addresses.empty());
}

TEST_CASE("Where nobody names a gateway the default route is left to HNS") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.ipam.ips[0].gateway = {};
    input.conf.gateway_from = GatewayFrom::ipam;
    CHECK(win_bridge::plan(input).routes.empty());
    input.conf.gateway_from = GatewayFrom::network;
    input.network.subnets.clear();
    CHECK(win_bridge::plan(input).routes.empty());
}

TEST_CASE("B75: every address that IPAM gave becomes one of the endpoint, in its order") {
    const Endpoint plan = win_bridge::plan(pod({"fd00:244::7/64", "10.244.3.7/24"}));
    CHECK(addresses_of(plan) == Texts{"fd00:244::7", "10.244.3.7"});
    CHECK(routes_of(plan) == Texts{"::/0 via fd00:244::2", "0.0.0.0/0 via 10.244.3.2"});
    CHECK(plan.name == "c1_cbr0");
    CHECK(plan.network_id == "C0000001-FA4E-4000-A000-0000000C6B00");
    CHECK(plan.id.empty());
    CHECK(plan.namespace_id.empty());
    CHECK(plan.mac.empty());
}

TEST_CASE("Two addresses of one family have one default route") {
    const Endpoint plan = win_bridge::plan(pod({"10.244.3.7/24", "10.244.4.7/24"}));
    CHECK(addresses_of(plan) == Texts{"10.244.3.7", "10.244.4.7"});
    CHECK(routes_of(plan) == Texts{"0.0.0.0/0 via 10.244.3.2"});
}

TEST_CASE("Without IPAM everything about addresses is left to HNS") {
    const Endpoint plan = win_bridge::plan(pod({}));
    CHECK(plan.addresses.empty());
    CHECK(plan.routes.empty());
}

TEST_CASE("IPAM's routes join the default one, which the gateway rule decides") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.ipam.routes = {route("0.0.0.0/0", "10.244.3.1"),
                         route("10.96.0.0/12"),
                         route("172.16.0.0/12", "10.244.3.9"),
                         route("fd01::/64"),
                         route("::/0")};
    CHECK(routes_of(win_bridge::plan(input))
          == Texts{"0.0.0.0/0 via 10.244.3.2",
                   "::/0 via fd00:244::2",
                   "10.96.0.0/12 via 10.244.3.2",
                   "172.16.0.0/12 via 10.244.3.9",
                   "fd01::/64 via fd00:244::2"});
}

TEST_CASE("The conf's DNS is put on the endpoint, with options; IPAM's where it has none") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.ipam.dns.nameservers = {"9.9.9.9"};
    CHECK(win_bridge::plan(input).dns.servers == Texts{"9.9.9.9"});
    input.conf.dns = {
        .nameservers = {"10.96.0.10"}, .domain = "d", .search = {"a", "b"}, .options = {"ndots:5"}};
    CHECK(win_bridge::plan(input).dns
          == hnsclient::Dns{.domain = "d",
                            .search = {"a", "b"},
                            .servers = {"10.96.0.10"},
                            .options = {"ndots:5"}});
}

TEST_CASE("D13: ipMasqNetwork joins the author's OutBoundNAT policy of its family") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.policies = {nat({"10.96.0.0/12"}), hnsclient::ProviderAddress{"192.0.2.10"}};
    input.conf.ip_masq_networks = {cidr("10.244.0.0/16")};
    CHECK(win_bridge::plan(input).policies
          == std::vector<Policy>{nat({"10.96.0.0/12", "10.244.0.0/16"}),
                                 hnsclient::ProviderAddress{"192.0.2.10"}});
    input.conf.policies.clear();
    CHECK(win_bridge::plan(input).policies == std::vector{nat({"10.244.0.0/16"})});
    input.conf.ip_masq_networks.push_back(cidr("10.245.0.0/16"));
    input.conf.ip_masq_networks.push_back(cidr("fd00:10:244::/48"));
    CHECK(win_bridge::plan(input).policies
          == std::vector{nat({"10.244.0.0/16", "10.245.0.0/16"}), nat({"fd00:10:244::/48"})});
}

TEST_CASE("A host port is mapped for each family that the pod has") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "127.0.0.1")};
    CHECK(win_bridge::plan(input).policies
          == std::vector{mapped(8080, 0), mapped(8081, 0, "127.0.0.1")});
    input.ipam = ipam({"fd00:244::7/64"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "fd00::1")};
    CHECK(win_bridge::plan(input).policies
          == std::vector{mapped(8080, 2), mapped(8081, 2, "fd00::1")});
    input.ipam = ipam({"fd00:244::7/64", "10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "127.0.0.1"), tcp(8082, "fd00::1")};
    CHECK(win_bridge::plan(input).policies
          == std::vector{mapped(8080, 0),
                         mapped(8081, 0, "127.0.0.1"),
                         mapped(8080, 2),
                         mapped(8082, 2, "fd00::1")});
    input.ipam = {};
    input.conf.port_mappings = {tcp(8080)};
    CHECK(win_bridge::plan(input).policies == std::vector{mapped(8080, 0)});
}

TEST_CASE("Flags of all port mappings join that of the family") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.conf.port_mappings = {tcp(8080)};
    input.conf.port_mapping_flags = 1;
    CHECK(win_bridge::plan(input).policies == std::vector{mapped(8080, 1), mapped(8080, 3)});
}

TEST_CASE("A mapped port can be opened, too: once, and only where it is mapped") {
    const auto allow = [](const char* protocol, const char* port) -> Policy {
        return hnsclient::SharedPolicy{.type = "ACL",
                                       .settings = {{"Protocols", protocol},
                                                    {"Action", "Allow"},
                                                    {"Direction", "In"},
                                                    {"LocalPorts", port},
                                                    {"Priority", 1000}}};
    };
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "fd00::1"), tcp(8082)};
    input.conf.allow_mapped_ports = true;
    CHECK(win_bridge::plan(input).policies
          == std::vector{mapped(8080, 0), allow("6", "80"), mapped(8082, 0)});
    input.conf.port_mappings[0].container_port = 53;
    input.conf.port_mappings[0].protocol = 17;
    input.conf.port_mappings.resize(2);
    const Policy dns = hnsclient::PortMapping{
        .protocol = 17, .internal_port = 53, .external_port = 8080, .virtual_ip = {}, .flags = 0};
    CHECK(win_bridge::plan(input).policies == std::vector{dns, allow("17", "53")});
    input.conf.port_mappings.clear();
    CHECK(win_bridge::plan(input).policies.empty());
}

TEST_CASE("B69: one host port on two addresses of the host is two mappings") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080, "127.0.0.1"), tcp(8080, "192.0.2.10")};
    CHECK(win_bridge::plan(input).policies
          == std::vector{mapped(8080, 0, "127.0.0.1"), mapped(8080, 0, "192.0.2.10")});
}

TEST_CASE("Loopback DSR translates traffic to each of the pod's own addresses, once") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.conf.policies = {nat({"10.96.0.0/12"})};
    input.conf.loopback_dsr = true;
    CHECK(win_bridge::plan(input).policies
          == std::vector{nat({"10.96.0.0/12"}), nat({}, {"10.244.3.7"}), nat({}, {"fd00:244::7"})});
    input.conf.policies = {nat({}, {"10.244.3.7"})};
    input.ipam = ipam({"10.244.3.7/24"});
    CHECK(win_bridge::plan(input).policies == std::vector{nat({}, {"10.244.3.7"})});
}

TEST_CASE("The result has IPAM's prefix lengths, the endpoint's MAC and gateways, and the DNS") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.ipam.routes = {route("0.0.0.0/0", "10.244.3.1"), route("10.96.0.0/12")};
    input.conf.dns.nameservers = {"10.96.0.10"};
    Endpoint endpoint = win_bridge::plan(input);
    endpoint.mac = "00-15-5D-52-C0-07";
    const Result result = reported(endpoint, input);
    REQUIRE(result.interfaces.size() == 1);
    CHECK(result.interfaces[0].name == "c1_cbr0");
    CHECK(result.interfaces[0].mac == "00-15-5D-52-C0-07");
    CHECK(result.interfaces[0].sandbox == "sandbox");
    REQUIRE(result.ips.size() == 2);
    CHECK(result.ips[0].address == cidr("10.244.3.7/24"));
    CHECK(result.ips[0].gateway == ip("10.244.3.2"));
    CHECK_FALSE(result.ips[0].interface_index);
    CHECK(result.ips[1].address == cidr("fd00:244::7/64"));
    CHECK(result.ips[1].gateway == ip("fd00:244::2"));
    CHECK(result.routes == std::vector{route("10.96.0.0/12")});
    CHECK(result.dns == input.conf.dns);
}

TEST_CASE("An address that HNS chose has the prefix length of the subnet that holds it") {
    PlanInput input = pod({});
    input.network.subnets.insert(input.network.subnets.begin(),
                                 {.prefix = cidr("10.9.0.0/20"), .gateway = {}, .vni = {}});
    CHECK(reported(chosen_by_hns("10.244.3.7", 24), input).ips.at(0).address
          == cidr("10.244.3.7/16"));
    CHECK(reported(chosen_by_hns("10.9.1.7"), input).ips.at(0).address == cidr("10.9.1.7/20"));
    CHECK(reported(chosen_by_hns("172.16.0.7", 12), input).ips.at(0).address
          == cidr("172.16.0.7/12"));
    CHECK(reported(chosen_by_hns("172.16.0.7"), input).ips.at(0).address == cidr("172.16.0.7/32"));
}

TEST_CASE("An endpoint without addresses or routes has a result all the same") {
    Endpoint bare;
    bare.name = "c1_cbr0";
    PlanInput input = pod({});
    input.network.subnets.clear();
    const Result result = reported(bare, input);
    CHECK(result.ips.empty());
    CHECK(result.interfaces.size() == 1);
    Endpoint without_route = chosen_by_hns("10.244.3.7");
    without_route.routes.clear();
    CHECK_FALSE(reported(without_route, input).ips.at(0).gateway);
}

TEST_CASE("B12: the bridge's own address is never a pod's") {
    PlanInput input = pod({"10.244.3.2/24"});
    CHECK(win_bridge::is_reserved(input, input.ipam.ips[0]));
    for (const std::string free :
         {"10.244.3.3/24", "10.244.3.254/24", "10.244.3.2/23", "fd00:244::3/64"}) {
        CAPTURE(free);
        input = pod({free});
        CHECK_FALSE(win_bridge::is_reserved(input, input.ipam.ips[0]));
    }
    input = pod({"fd00:244::2/64"});
    CHECK(win_bridge::is_reserved(input, input.ipam.ips[0]));
}
