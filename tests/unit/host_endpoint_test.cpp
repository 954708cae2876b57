// SPDX-License-Identifier: Apache-2.0
// The host's own endpoint on an l2bridge network.
#include <algorithm>

#include <doctest/doctest.h>

#include "hnsclient/host_endpoint.hpp"
#include "tests/unit/fake_hns.hpp"
#include "tests/unit/values.hpp"

using hnsclient::host_addresses;
using hnsclient::Network;

namespace {

Network network_of(std::string type, std::vector<hnsclient::Subnet> subnets) {
    Network network;
    network.id = "N1";
    network.name = "cbr0";
    network.type = std::move(type);
    network.subnets = std::move(subnets);
    return network;
}

std::vector<std::string> texts(const std::vector<libcni::Address>& addresses) {
    std::vector<std::string> all;
    std::ranges::transform(
        addresses, std::back_inserter(all), [](const auto& a) { return a.to_string(); });
    return all;
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("The host has base + 2 of each subnet of an l2bridge network") {
    const hnsclient::Subnet v4{.prefix = cidr("10.244.4.0/24"), .gateway = ip("10.244.4.1")};
    const hnsclient::Subnet v6{.prefix = cidr("fd00:4::/64"), .gateway = ip("fd00:4::1")};
    CHECK(texts(host_addresses(network_of("L2Bridge", {v4}))) == Texts{"10.244.4.2"});
    CHECK(texts(host_addresses(network_of("l2bridge", {v4, v6})))
          == Texts{"10.244.4.2", "fd00:4::2"});
    CHECK(texts(host_addresses(network_of("L2Bridge", {{.prefix = cidr("10.244.4.77/24")}})))
          == Texts{"10.244.4.2"});
}

TEST_CASE("It has none where the author made that the gateway, or the subnet is too small") {
    const auto addresses_of = [](const char* prefix, const char* gateway) {
        return texts(host_addresses(
            network_of("L2Bridge", {{.prefix = cidr(prefix), .gateway = ip(gateway)}})));
    };
    CHECK(addresses_of("10.244.4.0/24", "10.244.4.2").empty());
    CHECK(addresses_of("10.244.4.0/31", "10.244.4.1").empty());
    CHECK(addresses_of("10.244.4.0/30", "10.244.4.1") == Texts{"10.244.4.2"});
    CHECK(addresses_of("255.255.255.254/31", "255.255.255.255").empty());
}

TEST_CASE("Networks of other types have none") {
    for (const char* type :
         {"L2Tunnel", "Overlay", "NAT", "ICS", "Transparent", "Private", "", "odd"})
        CHECK(host_addresses(network_of(type, {{.prefix = cidr("10.244.4.0/24")}})).empty());
}

TEST_CASE("It is made and then attached to the host; what cannot be attached goes again") {
    FakeHns hns;
    const Network network = network_of("L2Bridge", {{.prefix = cidr("10.244.4.0/24")}});
    const auto made = hnsclient::make_host_endpoint(hns, network);
    CHECK(made.name == "cbr0_ep");
    CHECK(hns.calls == Texts{"attach " + made.id + " to the host"});
    hns.attaches = 0x80070005U;
    CHECK_THROWS_AS((void)hnsclient::make_host_endpoint(hns, network), hnsclient::HnsError);
}

TEST_CASE("Forwarding is asked for on each address, the management's too") {
    FakeHns hns;
    Network network = network_of("L2Bridge", {{.prefix = cidr("10.244.4.0/24")}});
    network.management_address = ip("192.168.1.10");
    CHECK(hnsclient::forward_on(hns, network).empty());
    CHECK(hns.calls == Texts{"forward on 10.244.4.2", "forward on 192.168.1.10"});
}
