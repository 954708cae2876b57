// SPDX-License-Identifier: Apache-2.0
// What win-bridge asks HNS for; with the settings that only sdnbridge has, sdnbridge.
#include <doctest/doctest.h>

#include "plugins/sdnbridge/sdnbridge.hpp"
#include "plugins/win-bridge/win_bridge.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"

using hnsclient::Endpoint;
using hnsclient::Policy;
using hnsclient::Protocol;
using nlohmann::json;
using plugins::GatewayFrom;
using Texts = std::vector<std::string>;

namespace {

/// What a conf without any keys makes of this pod.
Endpoint plan_of(const PlanInput& input) {
    return planned(win_bridge::BridgeEndpoint(request_with(json::object())), input);
}

bool is_reserved(const PlanInput& input) {
    const win_bridge::BridgeEndpoint kind(request_with(json::object()));
    return kind.is_reserved(input.network, input.ipam.ips[0]);
}

/// sdnbridge with one of Microsoft's flags.
sdnbridge::SdnBridgeEndpoint with_flag(const char* flag) {
    return sdnbridge::SdnBridgeEndpoint(request_with({{"optionalFlags", {{flag, true}}}}));
}

/// The same for a conf whose author wrote these gateways.
sdnbridge::SdnBridgeEndpoint with_gateways(const Texts& gateways) {
    json conf{{"optionalFlags", {{"gatewayFromAdditionalRoutes", true}}}};
    for (const auto& gateway : gateways)
        conf["additionalRoutes"].push_back({{"GW", gateway}});
    return sdnbridge::SdnBridgeEndpoint(request_with(conf));
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

plugins::PortMapping tcp(std::uint16_t host_port, const char* host_address = nullptr) {
    plugins::PortMapping mapping{.host_port = host_port, .container_port = 80};
    if (host_address != nullptr) mapping.host_address = ip(host_address);
    return mapping;
}

Policy mapped(std::uint16_t host_port, std::uint32_t flags, const char* host_address = "") {
    return hnsclient::PortMapping{.protocol = Protocol::tcp,
                                  .internal_port = 80,
                                  .external_port = host_port,
                                  .virtual_ip = host_address,
                                  .flags = flags};
}

} // namespace

TEST_CASE(
    "A pod's gateway is base + 2 of its HNS subnet, the bridge's own address, else of IPAM's") {
    struct Case {
        std::string address;
        std::string gateway;
    };

    const Case cases[] = {{"10.244.3.7/24", "10.244.0.2"},
                          {"10.244.3.7/16", "10.244.0.2"},
                          {"10.244.3.199/26", "10.244.0.2"},
                          {"10.244.3.7/12", "10.244.0.2"},
                          {"10.1.254.255/23", "10.1.254.2"},
                          {"192.168.100.14/30", "192.168.100.14"}};
    for (const Case& one : cases) {
        CAPTURE(one.address);
        const Endpoint plan = plan_of(pod({one.address}));
        CHECK(routes_of(plan) == Texts{"0.0.0.0/0 via " + std::string(one.gateway)});
    }
    CHECK(routes_of(plan_of(pod({"fd00:244::7/64"}))) == Texts{"::/0 via fd00:244::2"});
    CHECK(routes_of(plan_of(pod({"fd00:244:0:1:ffff::7/64"}))) == Texts{"::/0 via fd00:244::2"});
}

TEST_CASE("gatewayFrom takes the gateway from IPAM or from the HNS network instead") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244:0:3::7/64"});
    input.conf.gateway_from = GatewayFrom::ipam;
    CHECK(routes_of(plan_of(input))
          == Texts{"0.0.0.0/0 via 10.244.3.1", "::/0 via fd00:244:0:3::1"});
    input.conf.gateway_from = GatewayFrom::network;
    CHECK(routes_of(plan_of(input)) == Texts{"0.0.0.0/0 via 10.244.0.1", "::/0 via fd00:244::1"});
}

TEST_CASE("The author's own gateways go before every rule, the first of each family") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244:0:3::7/64"});
    const auto kind = with_gateways({"10.244.3.9", "10.244.3.10"});
    for (const auto from : {GatewayFrom::plugin, GatewayFrom::ipam, GatewayFrom::network}) {
        input.conf.gateway_from = from;
        const Texts routes = routes_of(planned(kind, input));
        REQUIRE(routes.size() == 2);
        CHECK(routes[0] == "0.0.0.0/0 via 10.244.3.9");
        CHECK(routes[1] != "::/0 via 10.244.3.9");
        CHECK(kind.gateway_of(input.conf, input.network, input.ipam.ips[0]) == ip("10.244.3.9"));
    }
    input.conf.gateway_from = GatewayFrom::plugin;
    CHECK(routes_of(planned(with_gateways({"fd00:244:0:3::9"}), input))
          == Texts{"0.0.0.0/0 via 10.244.0.2", "::/0 via fd00:244:0:3::9"});
}

TEST_CASE("Where HNS gives the addresses the author's gateways make the default routes") {
    const auto kind = with_gateways({"fd00:244::9", "10.244.3.9", "10.244.3.10"});
    const Endpoint plan = planned(kind, pod({}));
    CHECK(routes_of(plan) == Texts{"::/0 via fd00:244::9", "0.0.0.0/0 via 10.244.3.9"});
    CHECK(plan.addresses.empty());
}

TEST_CASE("Where nobody names a gateway the default route is left to HNS") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.ipam.ips[0].gateway = {};
    input.conf.gateway_from = GatewayFrom::ipam;
    CHECK(plan_of(input).routes.empty());
    input.conf.gateway_from = GatewayFrom::network;
    input.network.subnets.clear();
    CHECK(plan_of(input).routes.empty());
}

TEST_CASE("B75: every address that IPAM gave becomes one of the endpoint, in its order") {
    const Endpoint plan = plan_of(pod({"fd00:244::7/64", "10.244.3.7/24"}));
    CHECK(addresses_of(plan) == Texts{"fd00:244::7", "10.244.3.7"});
    CHECK(routes_of(plan) == Texts{"::/0 via fd00:244::2", "0.0.0.0/0 via 10.244.0.2"});
    CHECK(plan.name == "c1_cbr0");
    CHECK(plan.network_id == "C0000001-FA4E-4000-A000-0000000C6B00");
    CHECK(plan.id.empty());
    CHECK(plan.namespace_id.empty());
    CHECK_FALSE(plan.mac);
}

TEST_CASE("Two addresses of one family have one default route") {
    const Endpoint plan = plan_of(pod({"10.244.3.7/24", "10.244.4.7/24"}));
    CHECK(addresses_of(plan) == Texts{"10.244.3.7", "10.244.4.7"});
    CHECK(routes_of(plan) == Texts{"0.0.0.0/0 via 10.244.0.2"});
}

TEST_CASE("Without IPAM everything about addresses is left to HNS") {
    const Endpoint plan = plan_of(pod({}));
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
    CHECK(routes_of(plan_of(input))
          == Texts{"0.0.0.0/0 via 10.244.0.2",
                   "::/0 via fd00:244::2",
                   "10.96.0.0/12 via 10.244.0.2",
                   "172.16.0.0/12 via 10.244.3.9",
                   "fd01::/64 via fd00:244::2"});
}

TEST_CASE("The conf's DNS is put on the endpoint, with options; IPAM's where it has none") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.ipam.dns.nameservers = {"9.9.9.9"};
    CHECK(plan_of(input).dns.servers == Texts{"9.9.9.9"});
    input.conf.dns = {
        .nameservers = {"10.96.0.10"}, .domain = "d", .search = {"a", "b"}, .options = {"ndots:5"}};
    CHECK(plan_of(input).dns
          == hnsclient::Dns{.domain = "d",
                            .search = {"a", "b"},
                            .servers = {"10.96.0.10"},
                            .options = {"ndots:5"}});
}

TEST_CASE("D13: ipMasqNetwork joins the author's OutBoundNAT policy of its family") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.policies = {nat_policy({"10.96.0.0/12"}), hnsclient::ProviderAddress{"192.0.2.10"}};
    input.conf.ip_masq_networks = {cidr("10.244.0.0/16")};
    CHECK(plan_of(input).policies
          == std::vector<Policy>{nat_policy({"10.96.0.0/12", "10.244.0.0/16"}),
                                 hnsclient::ProviderAddress{"192.0.2.10"}});
    input.conf.policies.clear();
    CHECK(plan_of(input).policies == std::vector{nat_policy({"10.244.0.0/16"})});
    input.conf.ip_masq_networks.push_back(cidr("10.245.0.0/16"));
    input.conf.ip_masq_networks.push_back(cidr("fd00:10:244::/48"));
    CHECK(plan_of(input).policies
          == std::vector{nat_policy({"10.244.0.0/16", "10.245.0.0/16"}),
                         nat_policy({"fd00:10:244::/48"})});
}

TEST_CASE("A host port is mapped for each family that the pod has") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "127.0.0.1")};
    CHECK(plan_of(input).policies == std::vector{mapped(8080, 1), mapped(8081, 1, "127.0.0.1")});
    input.ipam = ipam({"fd00:244::7/64"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "fd00::1")};
    CHECK(plan_of(input).policies == std::vector{mapped(8080, 3), mapped(8081, 3, "fd00::1")});
    input.ipam = ipam({"fd00:244::7/64", "10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "127.0.0.1"), tcp(8082, "fd00::1")};
    CHECK(plan_of(input).policies
          == std::vector{mapped(8080, 1),
                         mapped(8081, 1, "127.0.0.1"),
                         mapped(8080, 3),
                         mapped(8082, 3, "fd00::1")});
    input.ipam = {};
    input.conf.port_mappings = {tcp(8080)};
    CHECK(plan_of(input).policies == std::vector{mapped(8080, 1)});
}

TEST_CASE("Flags of all port mappings join that of the family") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.conf.port_mappings = {tcp(8080)};
    CHECK(planned(with_flag("localRoutedPortMapping"), input).policies
          == std::vector{mapped(8080, 1), mapped(8080, 3)});
}

TEST_CASE("A mapped port can be opened, too: once, and only where it is mapped") {
    const auto kind = with_flag("allowAclPortMapping");
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080), tcp(8081, "fd00::1"), tcp(8082)};
    CHECK(planned(kind, input).policies
          == std::vector{mapped(8080, 1), allow_in("6", "80"), mapped(8082, 1)});
    input.conf.port_mappings[0].container_port = 53;
    input.conf.port_mappings[0].protocol = Protocol::udp;
    input.conf.port_mappings.resize(2);
    const Policy dns = hnsclient::PortMapping{
        .protocol = Protocol::udp, .internal_port = 53, .external_port = 8080, .flags = 1};
    CHECK(planned(kind, input).policies == std::vector{dns, allow_in("17", "53")});
    input.conf.port_mappings.clear();
    CHECK(planned(kind, input).policies.empty());
}

TEST_CASE("B69: one host port on two addresses of the host is two mappings") {
    PlanInput input = pod({"10.244.3.7/24"});
    input.conf.port_mappings = {tcp(8080, "127.0.0.1"), tcp(8080, "192.0.2.10")};
    CHECK(plan_of(input).policies
          == std::vector{mapped(8080, 1, "127.0.0.1"), mapped(8080, 1, "192.0.2.10")});
}

TEST_CASE("Loopback DSR translates traffic to each of the pod's own addresses, once") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.conf.policies = {nat_policy({"10.96.0.0/12"})};
    input.conf.loopback_dsr = true;
    CHECK(plan_of(input).policies
          == std::vector{nat_policy({"10.96.0.0/12"}),
                         nat_policy({}, {"10.244.3.7"}),
                         nat_policy({}, {"fd00:244::7"})});
    input.conf.policies = {nat_policy({}, {"10.244.3.7"})};
    input.ipam = ipam({"10.244.3.7/24"});
    CHECK(plan_of(input).policies == std::vector{nat_policy({}, {"10.244.3.7"})});
}

TEST_CASE("B12: neither the bridge's own address nor the network's gateway is ever a pod's") {
    PlanInput input = pod({"10.244.0.2/24"});
    CHECK(is_reserved(input));
    for (const std::string free :
         {"10.244.3.3/24", "10.244.3.254/24", "10.244.3.2/23", "fd00:244::3/64"}) {
        CAPTURE(free);
        input = pod({free});
        CHECK_FALSE(is_reserved(input));
    }
    for (const std::string taken :
         {"fd00:244::2/64", "fd00:244::1/64", "10.244.0.1/16", "10.244.0.1/24"}) {
        CAPTURE(taken);
        input = pod({taken});
        CHECK(is_reserved(input));
    }
}
