// SPDX-License-Identifier: Apache-2.0
// What CHECK takes of a result that later plugins of a chain have changed.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "plugins/common/expectation.hpp"
#include "tests/unit/values.hpp"

using libcni::Result;

namespace {

libcni::NetworkConfig conf_with(const char* ipam) {
    return libcni::parse_config(
        std::string(R"({"cniVersion": "1.1.0", "name": "cbr0", "type": "win-bridge", "ipam": )")
            + ipam + "}",
        libcni::Command::check);
}

hnsclient::Endpoint endpoint() {
    hnsclient::Endpoint made;
    made.name = "c1_cbr0";
    return made;
}

hnsclient::Network network() {
    hnsclient::Network found;
    found.subnets = {{.prefix = cidr("10.244.4.0/24")}};
    return found;
}

Result own_of(Result result, const char* ipam = R"({"type": "host-local"})") {
    return plugins::own_part(std::move(result), conf_with(ipam), endpoint(), network());
}

Result told() {
    Result result;
    result.interfaces = {{.name = "c1_cbr0", .mac = "00-15-5D-52-C0-07"}};
    result.ips = {{.address = cidr("10.244.4.3/24"), .gateway = ip("10.244.4.2")}};
    return result;
}

} // namespace

TEST_CASE("A result that nobody changed is whole") {
    CHECK(own_of(told()) == told());
    Result without_interfaces = told();
    without_interfaces.interfaces.clear();
    CHECK(own_of(without_interfaces) == without_interfaces);
}

TEST_CASE("Interfaces that later plugins append take their addresses along") {
    Result result = told();
    result.interfaces.push_back({.name = "net1", .mac = "00-15-5D-00-00-01"});
    result.ips.push_back({.address = cidr("192.168.7.3/24"), .interface_index = 1});
    result.ips.push_back({.address = cidr("10.244.4.9/24"), .interface_index = 1});
    result.ips.push_back({.address = cidr("172.16.0.3/16")});
    CHECK(own_of(result) == told());
}

TEST_CASE("The endpoint's interface is found by its name, in any case and place") {
    Result result = told();
    result.interfaces = {{.name = "net1"}, {.name = "C1_CBR0", .mac = "00-15-5D-52-C0-07"}};
    result.ips = {{.address = cidr("192.168.7.3/24"), .interface_index = 0},
                  {.address = cidr("10.244.4.3/24"), .interface_index = 1}};
    const Result own = own_of(result);
    REQUIRE(own.interfaces.size() == 1);
    CHECK(own.interfaces[0].mac == "00-15-5D-52-C0-07");
    REQUIRE(own.ips.size() == 1);
    CHECK(own.ips[0].address == cidr("10.244.4.3/24"));
}

TEST_CASE("An address without an interface that nobody else can have stays") {
    Result result = told();
    result.ips.push_back({.address = cidr("172.16.0.3/16")});
    CHECK(own_of(result).ips.size() == 2);
}

TEST_CASE("Routes stay that the conf's IPAM section names") {
    Result result = told();
    for (const char* destination : {"10.0.0.0/8", "192.168.0.0/16", "fd00::/8"})
        result.routes.push_back({.destination = cidr(destination)});
    CHECK(own_of(result).routes.empty());
    for (const char* routes : {R"([])", R"(7)", R"([7, {"dst": 7}, {"dst": "x"}, {}])"})
        CHECK(own_of(result, (std::string(R"({"type": "x", "routes": )") + routes + "}").c_str())
                  .routes.empty());
    const auto own =
        own_of(result,
               R"({"type": "host-local", "routes": [{"dst": "10.1.2.3/8"}, {"dst": "fd00::/8"}]})");
    REQUIRE(own.routes.size() == 2);
    CHECK(own.routes[0].destination == cidr("10.0.0.0/8"));
    CHECK(own.routes[1].destination == cidr("fd00::/8"));
}

TEST_CASE("DNS stays where the conf asks IPAM for it") {
    Result result = told();
    result.dns.nameservers = {"10.96.0.10"};
    CHECK(own_of(result).dns.empty());
    CHECK(own_of(result, R"({"type": "host-local", "resolvConf": "/etc/resolv.conf"})") == result);
}
