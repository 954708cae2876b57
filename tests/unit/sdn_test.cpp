// SPDX-License-Identifier: Apache-2.0
// nat and sdnbridge: confs of Microsoft's plugins, and the gateway that their pods get.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using plugins::EndpointConf;
using plugins::PlanInput;
using Texts = std::vector<std::string>;

namespace {

libcni::Address ip(const std::string& text) {
    return libcni::parse_address(text).value();
}

libcni::Cidr cidr(const std::string& text) {
    return libcni::Cidr::parse(text).value();
}

EndpointConf conf_of(const std::string& text) {
    return sdnbridge::read_conf(request_with(json::parse(text)));
}

/// A dual-stack pod; IPAM names the first addresses of its subnets as gateways, HNS others.
PlanInput pod(EndpointConf conf, const Texts& addresses) {
    PlanInput input;
    input.endpoint_name = "c1_cbr0";
    input.conf = std::move(conf);
    input.network.subnets = {
        {.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.250"), .vni = {}},
        {.prefix = cidr("fd00:3::/64"), .gateway = ip("fd00:3::250"), .vni = {}}};
    for (const auto& address : addresses)
        input.ipam.ips.push_back({.address = cidr(address),
                                  .gateway = libcni::plus(cidr(address).network().address(), 1),
                                  .interface_index = {}});
    return input;
}

Texts next_hops_of(const Endpoint& endpoint) {
    Texts texts;
    for (const auto& route : endpoint.routes) {
        CHECK(route.destination.prefix_length() == 0);
        texts.push_back(route.next_hop.value().to_string());
    }
    return texts;
}

/// The gateways of a dual-stack pod of sdnbridge with this conf.
Texts gateways_with(const std::string& conf) {
    return next_hops_of(
        sdnbridge::driver.plan(pod(conf_of(conf), {"10.244.3.7/24", "fd00:3::7/64"})));
}

/// The same where HNS gives the addresses.
Texts gateways_without_ipam(const std::string& conf) {
    return next_hops_of(sdnbridge::driver.plan(pod(conf_of(conf), {})));
}

const Texts bridge{"10.244.3.2", "fd00:3::2"};
const Texts of_ipam{"10.244.3.1", "fd00:3::1"};

} // namespace

TEST_CASE("sdnbridge: IPAM's gateway counts where the conf names it, else the bridge's does") {
    struct Case {
        std::string conf;
        Texts gateways;
    };

    const Case cases[] = {
        {"{}", bridge},
        {R"({"ipam": {"type": "host-local", "subnet": "10.244.3.0/24"}})", bridge},
        {R"({"ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.3.0/24"}]]}})", bridge},
        {R"({"ipam": {"type": "host-local", "gateway": ""}})", bridge},
        {R"({"ipam": {"type": "host-local", "subnet": "10.244.3.0/24",
             "gateway": "10.244.3.1"}})",
         of_ipam},
        {R"({"ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.3.0/24"}],
             [{"subnet": "fd00:3::/64", "gateway": "fd00:3::1"}]]}})",
         of_ipam},
        {R"({"ipam": {"type": "azure-vnet-ipam"}})", of_ipam},
        {R"({"ipam": {"type": "host-local", "gateway": "10.244.3.1"},
             "optionalFlags": {"forceBridgeGateway": false}})",
         of_ipam},
        {R"({"ipam": {"type": "host-local", "gateway": "10.244.3.1"},
             "optionalFlags": {"forceBridgeGateway": true}})",
         bridge},
        {R"({"ipam": {"type": "azure-vnet-ipam"}, "OptionalFlags": {"ForceBridgeGateway": true}})",
         bridge},
        {R"({"ipam": {"type": "azure-vnet-ipam"}, "gatewayFrom": "network"})",
         {"10.244.3.250", "fd00:3::250"}},
        {R"({"gatewayFrom": "ipam", "ipam": {"type": "host-local"},
             "optionalFlags": {"forceBridgeGateway": true}})",
         of_ipam},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(gateways_with(one.conf) == one.gateways);
    }
}

TEST_CASE("sdnbridge: odd ranges are host-local's to refuse") {
    for (const std::string ranges : {"7", "[]", "[7]", "[[]]", "[[7]]", "null"}) {
        CAPTURE(ranges);
        CHECK(gateways_with(R"({"ipam": {"type": "host-local", "ranges": )" + ranges + "}}")
              == bridge);
    }
}

TEST_CASE("sdnbridge: where HNS gives the addresses the author's routes name the gateways") {
    struct Case {
        std::string conf;
        Texts gateways;
    };

    const Case cases[] = {
        {"{}", {}},
        {R"({"ipam": {}})", {}},
        {R"({"ipam": {"routes": [{"GW": "10.244.3.9"}]}})", {"10.244.3.9"}},
        {R"({"ipam": {"type": "", "routes": [{"gateway": "10.244.3.9"}, {"GW": "10.244.3.8"},
             {"gw": "fd00:3::9"}]}})",
         {"10.244.3.9", "fd00:3::9"}},
        {R"({"ipam": {"routes": [{"dst": "0.0.0.0/0"}, {"GW": ""}, {"GW": null}]}})", {}},
        {R"({"ipam": {"routes": [{"GW": "10.244.3.9"}]},
             "optionalFlags": {"forceBridgeGateway": true}})",
         {"10.244.3.9"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(gateways_without_ipam(one.conf) == one.gateways);
    }
    CHECK(gateways_with(R"({"ipam": {"type": "host-local", "routes": [{"GW": "10.244.3.9"}]}})")
          == bridge);
}

TEST_CASE("sdnbridge: additional routes name the gateway when a flag says so, default ones only") {
    const std::string flag = R"("optionalFlags": {"gatewayFromAdditionalRoutes": true})";

    struct Case {
        std::string conf;
        Texts gateways;
    };

    const Case cases[] = {
        {R"({"additionalRoutes": [{"GW": "10.244.3.9"}]})", {}},
        {R"({"additionalRoutes": [{"GW": "10.244.3.9", "Dst": "0.0.0.0/0"},
             {"GW": "fd00:3::9", "Dst": "::/0"}], )"
             + flag + "}",
         {"10.244.3.9", "fd00:3::9"}},
        {R"({"additionalRoutes": [{"dst": "10.96.0.0/12", "gw": "10.244.3.8"},
             {"dst": "0.0.0.0/0", "gw": "10.244.3.9"}, {"dst": "0.0.0.0/0"}], )"
             + flag + "}",
         {"10.244.3.9"}},
        {R"({"additionalRoutes": [{"GW": "fd00:3::9", "Dst": "::/0"}],
             "ipam": {"routes": [{"GW": "10.244.3.9"}, {"GW": "fd00:3::8"}]}, )"
             + flag + "}",
         {"fd00:3::9", "10.244.3.9"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(gateways_without_ipam(one.conf) == one.gateways);
    }
    CHECK(gateways_with(R"({"additionalRoutes": [{"GW": "10.244.3.9"}],
              "ipam": {"type": "azure-vnet-ipam"}, )"
                        + flag + "}")
          == Texts{"10.244.3.9", "fd00:3::1"});
}

TEST_CASE("sdnbridge: a gateway that is no address is refused by its place") {
    for (const std::string text :
         {R"({"ipam": {"routes": [{"GW": "10.244.3.1"}, {"GW": "10.244.3"}]}})",
          R"({"additionalRoutes": [{"GW": "10.244.3.1"}, {"GW": "x"}],
              "optionalFlags": {"gatewayFromAdditionalRoutes": true}})"}) {
        CAPTURE(text);
        const Error error = error_of([&] { return conf_of(text); });
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"outes[1].GW", "is no IP address"}) == "");
    }
}

TEST_CASE("sdnbridge: Microsoft's flags are read in any case, and are off where they are not set") {
    const EndpointConf none = conf_of(R"({"optionalFlags": {"enableDualStack": true}})");
    CHECK(none.port_mapping_flags == 0);
    CHECK_FALSE(none.allow_mapped_ports);
    CHECK_FALSE(none.loopback_dsr);
    const EndpointConf all = conf_of(R"({"OptionalFlags": {"LocalRoutedPortMapping": true,
        "allowaclportmapping": true, "loopbackDSR": true, "whatIsThis": 7}})");
    CHECK(all.port_mapping_flags == 1);
    CHECK(all.allow_mapped_ports);
    CHECK(all.loopback_dsr);
    CHECK(
        conf_of(R"({"loopbackDSR": true, "optionalFlags": {"loopbackDSR": false}})").loopback_dsr);
    CHECK(missing_in(shape_fault_of([] {
                         return conf_of(R"({"optionalFlags": {"forceBridgeGateway": "true"}})");
                     }),
                     {"conf.optionalFlags.forceBridgeGateway must be true or false"})
          == "");
    CHECK(missing_in(shape_fault_of([] { return conf_of(R"({"optionalFlags": []})"); }),
                     {"conf.optionalFlags must be an object"})
          == "");
}

TEST_CASE("sdnbridge: the address of the pods' gateway is never a pod's") {
    const auto is_reserved = [](const std::string& conf, const std::string& address) {
        const PlanInput input = pod(conf_of(conf), {address});
        return sdnbridge::driver.is_reserved(input, input.ipam.ips[0]);
    };
    CHECK(is_reserved("{}", "10.244.3.2/24"));
    CHECK_FALSE(is_reserved("{}", "10.244.3.1/24"));
    CHECK(is_reserved(R"({"ipam": {"type": "azure-vnet-ipam"}})", "10.244.3.1/24"));
    CHECK_FALSE(is_reserved(R"({"ipam": {"type": "azure-vnet-ipam"}})", "10.244.3.2/24"));
}

TEST_CASE("sdnbridge: a missing network is that of ipam.subnet, of the type that its name tells") {
    CHECK_FALSE(conf_of("{}").new_network);
    const auto made = conf_of(R"({"master": "Ethernet", "ipam": {"subnet": "10.244.3.0/24",
        "routes": [{"GW": "10.244.3.2"}]}})")
                          .new_network;
    REQUIRE(made);
    CHECK(made->name == "cbr0");
    CHECK(made->type.empty());
    CHECK(made->adapter == "Ethernet");
    const auto own = conf_of(R"({"ipam": {"subnet": "10.244.3.0/24"},
        "createNetwork": {"type": "L2Tunnel", "subnet": "10.9.0.0/16"}})")
                         .new_network;
    REQUIRE(own);
    CHECK(own->type == "L2Tunnel");
    CHECK(own->subnets.at(0).prefix == cidr("10.9.0.0/16"));
    auto request = request_with({{"ipam", {{"subnet", "10.244.3.0/24"}}}});
    request.conf.name = "l2tunnel";
    CHECK(sdnbridge::read_conf(request).new_network.value().type == "L2Tunnel");
}

TEST_CASE("nat: the gateway is the network's, unless the conf says otherwise") {
    const auto request = request_with(json::parse(R"({"master": "Ethernet",
        "ipam": {"type": "host-local", "subnet": "10.244.3.0/24", "gateway": "10.244.3.1"}})"));
    const EndpointConf conf = nat::read_conf(request);
    REQUIRE(conf.new_network);
    CHECK(conf.new_network->subnets.at(0).gateway == ip("10.244.3.1"));
    const Texts addresses{"10.244.3.7/24", "fd00:3::7/64"};
    CHECK(next_hops_of(nat::plan(pod(conf, addresses))) == Texts{"10.244.3.250", "fd00:3::250"});
    const EndpointConf from_ipam = nat::read_conf(request_with(json{{"gatewayFrom", "ipam"}}));
    CHECK(next_hops_of(nat::plan(pod(from_ipam, addresses))) == of_ipam);
    CHECK_FALSE(from_ipam.new_network);
    CHECK(nat::plan(pod(conf, {})).routes.empty());
    CHECK(nat::plan(pod(conf, addresses)).mac.empty());
    const auto own = nat::read_conf(request_with(json::parse(R"({"ipam":
        {"subnet": "10.244.3.0/24"}, "createNetwork": {"subnet": "172.20.0.0/16"}})")));
    CHECK(own.new_network.value().subnets.at(0).prefix == cidr("172.20.0.0/16"));
}

TEST_CASE("Each plugin works on its own types of network") {
    CHECK(nat::driver.network_types.size() == 1);
    CHECK(nat::driver.network_types.front() == "NAT");
    CHECK(nat::driver.name == "nat");
    CHECK(sdnbridge::driver.network_types.front() == "L2Bridge");
    CHECK(sdnbridge::driver.network_types.size() == 3);
    CHECK_FALSE(nat::driver.needs_management_address);
    CHECK_FALSE(sdnbridge::driver.needs_management_address);
}
