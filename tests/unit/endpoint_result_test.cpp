// SPDX-License-Identifier: Apache-2.0
// The result of an ADD: what HNS holds, in the words of CNI.
#include <doctest/doctest.h>

#include "plugins/common/endpoint_result.hpp"
#include "plugins/win-bridge/win_bridge.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"

using hnsclient::Endpoint;
using libcni::Result;
using Texts = std::vector<std::string>;

namespace {

Result reported(const Endpoint& endpoint, const PlanInput& input) {
    return plugins::result_for(endpoint, input.network, input.ipam, input.conf.dns, "sandbox");
}

/// The endpoint as HNS answers that chose the address itself.
Endpoint chosen_by_hns(const char* address, std::optional<unsigned> prefix_length = {}) {
    Endpoint endpoint;
    endpoint.name = "c1_cbr0";
    endpoint.mac = hnsclient::MacAddress::parse("00-15-5D-52-C0-07");
    endpoint.addresses = {{ip(address), prefix_length}};
    endpoint.routes = {{cidr("0.0.0.0/0"), ip("10.244.0.1")}};
    return endpoint;
}

} // namespace

TEST_CASE("The result has HNS's prefix lengths, the endpoint's MAC and gateways, and the DNS") {
    PlanInput input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.ipam.routes = {route("0.0.0.0/0", "10.244.3.1"), route("10.96.0.0/12")};
    input.conf.dns.nameservers = {"10.96.0.10"};
    const win_bridge::BridgeEndpoint kind(request_with(nlohmann::json::object()));
    Endpoint endpoint = planned(kind, input);
    endpoint.mac = hnsclient::MacAddress::parse("00-15-5D-52-C0-07");
    const Result result = reported(endpoint, input);
    REQUIRE(result.interfaces.size() == 1);
    CHECK(result.interfaces[0].name == "c1_cbr0");
    CHECK(result.interfaces[0].mac == "00-15-5D-52-C0-07");
    CHECK(result.interfaces[0].sandbox == "sandbox");
    REQUIRE(result.ips.size() == 2);
    CHECK(result.ips[0].address == cidr("10.244.3.7/16"));
    CHECK(result.ips[0].gateway == ip("10.244.0.2"));
    CHECK_FALSE(result.ips[0].interface_index);
    CHECK(result.ips[1].address == cidr("fd00:244::7/56"));
    CHECK(result.ips[1].gateway == ip("fd00:244::2"));
    CHECK(result.routes == std::vector{route("10.96.0.0/12", "10.244.0.2")});
    CHECK(result.dns == input.conf.dns);
}

TEST_CASE("The gateway of one subnet is not that of an address of another") {
    PlanInput input = pod({"10.244.5.3/24", "10.244.4.3/24", "fd00:4::3/64"});
    input.network.subnets = {{.prefix = cidr("10.244.4.0/24"), .gateway = ip("10.244.4.1")},
                             {.prefix = cidr("10.244.5.0/24"), .gateway = ip("10.244.5.1")},
                             {.prefix = cidr("fd00:4::/64"), .gateway = ip("fd00:4::1")}};
    const win_bridge::BridgeEndpoint kind(request_with(nlohmann::json::object()));
    const Result result = reported(planned(kind, input), input);
    REQUIRE(result.ips.size() == 3);
    CHECK(result.ips[0].gateway == ip("10.244.5.2"));
    CHECK_FALSE(result.ips[1].gateway);
    CHECK(result.ips[2].gateway == ip("fd00:4::2"));
}

TEST_CASE("An address that HNS chose has the prefix length of the subnet that holds it") {
    PlanInput input = pod({});
    input.network.subnets.insert(input.network.subnets.begin(), {.prefix = cidr("10.9.0.0/20")});
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

TEST_CASE("What HNS adds to the DNS is told, and never goes before what the author or IPAM said") {
    PlanInput input = pod({"10.244.3.7/24"});
    Endpoint endpoint = chosen_by_hns("10.244.3.7", 24);
    endpoint.dns = {.domain = "d", .search = {"a"}, .servers = {"192.168.1.1"}, .options = {}};
    CHECK(reported(endpoint, input).dns
          == libcni::Dns{
              .nameservers = {"192.168.1.1"}, .domain = "", .search = {"a"}, .options = {}});
    input.ipam.dns.nameservers = {"10.96.0.10"};
    CHECK(reported(endpoint, input).dns.nameservers == Texts{"10.96.0.10"});
    CHECK(reported(endpoint, input).dns.search == Texts{"a"});
    input.conf.dns.nameservers = {"8.8.8.8"};
    input.conf.dns.search = {"b"};
    CHECK(reported(endpoint, input).dns == input.conf.dns);
}

TEST_CASE("What IPAM said to an earlier ADD is remembered by the endpoint") {
    Endpoint endpoint = chosen_by_hns("10.244.3.7", 24);
    endpoint.routes.push_back({cidr("10.96.0.0/12"), ip("10.244.3.9")});
    endpoint.dns = {
        .domain = "d", .search = {"a"}, .servers = {"10.96.0.10"}, .options = {"ndots:5"}};
    const Result result = plugins::remembered(endpoint);
    CHECK(result.ips.empty());
    CHECK(result.routes
          == std::vector{route("0.0.0.0/0", "10.244.0.1"), route("10.96.0.0/12", "10.244.3.9")});
    CHECK(
        result.dns
        == libcni::Dns{
            .nameservers = {"10.96.0.10"}, .domain = "d", .search = {"a"}, .options = {"ndots:5"}});
}
