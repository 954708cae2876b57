// SPDX-License-Identifier: Apache-2.0
// The HNS network that a conf asks to be made, in our words and in Microsoft's.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/common/ipam_conf.hpp"
#include "plugins/common/makeable.hpp"
#include "plugins/common/new_network.hpp"
#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "plugins/win-overlay/win_overlay.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"
#include "tests/unit/values.hpp"

using hnsclient::ApiVersion;
using hnsclient::Network;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

std::optional<Network> wanted(const std::string& create_network) {
    return plugins::read_new_network(
        request_with({{"createNetwork", json::parse(create_network)}}));
}

Error fault_of(const std::string& create_network) {
    return error_of([&] { return wanted(create_network); });
}

std::string shape_of(const std::string& create_network) {
    return shape_fault_of([&] { return wanted(create_network); });
}

std::optional<Network> of_ipam(const std::string& conf) {
    return plugins::network_of_ipam(request_with(json::parse(conf)));
}

/// "prefix via gateway vni number" for each subnet.
Texts subnets_of(const std::optional<Network>& network) {
    Texts texts;
    for (const auto& subnet : network.value().subnets)
        texts.push_back(subnet.prefix.to_string()
                        + (subnet.gateway ? " via " + subnet.gateway->to_string() : "")
                        + (subnet.vni ? " vni " + std::to_string(*subnet.vni) : ""));
    return texts;
}

/// What keeps this kind of endpoint from making the conf's network by this API.
template <class Kind>
Error refusal_of(const std::string& create_network, ApiVersion api) {
    const Kind kind(request_with({{"createNetwork", json::parse(create_network)}}));
    return error_of([&] {
        plugins::require_makeable(kind, hnsclient::abilities_of(api));
        return 0;
    });
}

const ErrorCode accepted{};

} // namespace

TEST_CASE("createNetwork: what the conf says of the network to make is read") {
    CHECK_FALSE(plugins::read_new_network(request_with(json::object())));
    CHECK_FALSE(wanted("null"));
    const auto bare = wanted("{}");
    REQUIRE(bare);
    CHECK(bare->name == "cbr0");
    CHECK(bare->type.empty());
    CHECK(bare->adapter.empty());
    CHECK(bare->subnets.empty());
    CHECK_FALSE(bare->vxlan_port);
    const auto all = wanted(R"({"Type": "Overlay", "adapter": "Ethernet 2", "vxlanPort": 8472,
        "subnet": "10.244.4.0/24", "gateway": "10.244.4.254", "vni": 4096})");
    REQUIRE(all);
    CHECK(all->name == "cbr0");
    CHECK(all->type == "Overlay");
    CHECK(all->adapter == "Ethernet 2");
    CHECK(all->vxlan_port == 8472);
    CHECK(subnets_of(all) == Texts{"10.244.4.0/24 via 10.244.4.254 vni 4096"});
}

TEST_CASE(
    "createNetwork: subnets of both families, each with the gateway that it says or its first") {
    struct Case {
        std::string conf;
        Texts subnets;
    };

    const Case cases[] = {
        {R"({"subnet": "10.244.4.0/24"})", {"10.244.4.0/24 via 10.244.4.1"}},
        {R"({"subnet": "10.244.4.7/24"})", {"10.244.4.0/24 via 10.244.4.1"}},
        {R"({"subnet": "fd00:4::/64"})", {"fd00:4::/64 via fd00:4::1"}},
        {R"({"subnets": [{"subnet": "10.244.4.0/24", "gateway": "10.244.4.9"},
                         {"subnet": "fd00:4::/64"}]})",
         {"10.244.4.0/24 via 10.244.4.9", "fd00:4::/64 via fd00:4::1"}},
        {R"({"subnet": "10.244.4.0/24", "vni": 1, "subnets": [{"subnet": "10.9.0.0/16",
             "vni": 16777215}]})",
         {"10.244.4.0/24 via 10.244.4.1 vni 1", "10.9.0.0/16 via 10.9.0.1 vni 16777215"}},
        {R"({"vni": 4096, "subnets": [{"subnet": "10.244.4.0/24"}]})",
         {"10.244.4.0/24 via 10.244.4.1 vni 4096"}},
        {R"({"subnets": []})", {}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(subnets_of(wanted(one.conf)) == one.subnets);
    }
}

TEST_CASE("createNetwork: what HNS could not make is refused by the key at fault") {
    struct Case {
        std::string conf;
        std::string fault;
    };

    const Case cases[] = {
        {R"({"subnet": "10.244.4.0"})",
         "conf.createNetwork.subnet \"10.244.4.0\" is not a network"},
        {R"({"subnet": "10.244.4.0/33"})", "conf.createNetwork.subnet \"10.244.4.0/33\""},
        {R"({"subnet": ""})", "conf.createNetwork.subnet \"\" is not a network"},
        {R"({"subnets": [{"subnet": "10.9.0.0/16"}, {"subnet": "x"}]})",
         "conf.createNetwork.subnets[1].subnet \"x\""},
        {R"({"subnet": "10.244.4.0/24", "gateway": "10.244.4"})",
         "conf.createNetwork.gateway \"10.244.4\" is not an IP address"},
        {R"({"subnet": "10.244.4.0/24", "gateway": "fd00::1"})",
         "conf.createNetwork.gateway \"fd00::1\" is not of the family of 10.244.4.0/24"},
        {R"({"subnet": "10.244.4.0/24", "vni": 0})", "conf.createNetwork.vni is 0"},
        {R"({"subnet": "10.244.4.0/24", "vni": 16777216})", "conf.createNetwork.vni is 16777216"},
        {R"({"subnets": [{"subnet": "10.9.0.0/16", "vni": 0}]})",
         "conf.createNetwork.subnets[0].vni is 0"},
        {R"({"vni": 4096})", "conf.createNetwork.vni needs a subnet"},
        {R"({"vxlanPort": 0})", "conf.createNetwork.vxlanPort is 0"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        const Error error = fault_of(one.conf);
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {one.fault}) == "");
        CHECK_FALSE(error.details().empty());
    }
    CHECK(shape_of(R"({"subnets": [{}]})") == "conf.createNetwork.subnets[0].subnet is missing");
    for (const std::string conf : {R"({"subnets": {"subnet": "10.9.0.0/16"}})",
                                   R"({"subnet": ["10.9.0.0/16"]})",
                                   R"({"subnet": "10.9.0.0/16", "vni": "4096"})",
                                   R"({"vxlanPort": 65536})",
                                   R"({"type": 1})",
                                   R"("cbr0")",
                                   "true"}) {
        CAPTURE(conf);
        CHECK(missing_in(shape_of(conf), {"conf.createNetwork", "must be"}) == "");
    }
}

TEST_CASE("ipam.subnet with master is a network in Microsoft's words") {
    const auto made = of_ipam(R"({"Master": "Ethernet", "ipam": {"subnet": "10.244.4.0/24"}})");
    REQUIRE(made);
    CHECK(made->name == "cbr0");
    CHECK(made->type.empty());
    CHECK(made->adapter == "Ethernet");

    struct Case {
        std::string conf;
        Texts subnets;
    };

    const Case cases[] = {
        {R"({"ipam": {"subnet": "10.244.4.0/24"}})", {"10.244.4.0/24 via 10.244.4.1"}},
        {R"({"ipam": {"subnet": "10.244.4.7/24", "routes": []}})",
         {"10.244.4.0/24 via 10.244.4.1"}},
        {R"({"ipam": {"subnet": "10.244.4.0/24", "routes": [{"dst": "0.0.0.0/0"},
             {"GW": "10.244.4.2"}, {"GW": "10.244.4.3"}]}})",
         {"10.244.4.0/24 via 10.244.4.2"}},
        {R"({"ipam": {"subnet": "10.244.4.0/24", "routes": [{"gateway": "10.244.4.2"}]}})",
         {"10.244.4.0/24 via 10.244.4.2"}},
        {R"({"ipam": {"subnet": "10.244.4.0/24", "routes": [{"GW": "fd00:4::2"},
             {"GW": "10.244.4.2"}]}})",
         {"10.244.4.0/24 via 10.244.4.2"}},
        {R"({"ipam": {"subnet": "10.244.4.0/24", "routes": [{"GW": "fd00:4::2"}]}})",
         {"10.244.4.0/24 via 10.244.4.1"}},
        {R"({"ipam": {"subnet": "fd00:4::/64", "routes": [{"GW": "10.244.4.2"},
             {"GW": "fd00:4::2"}]}})",
         {"fd00:4::/64 via fd00:4::2"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(subnets_of(of_ipam(one.conf)) == one.subnets);
    }
    for (const std::string none : {"{}",
                                   R"({"master": "Ethernet"})",
                                   R"({"ipam": {}})",
                                   R"({"ipam": {"subnet": ""}})",
                                   R"({"ipam": {"ranges": [[{"subnet": "10.244.4.0/24"}]]}})"})
        CHECK_FALSE(of_ipam(none));
    const Error error = error_of([] { return of_ipam(R"({"ipam": {"subnet": "10.244.4"}})"); });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg(), {"conf.ipam.subnet \"10.244.4\""}) == "");
}

TEST_CASE("Gateways in routes are read in either spelling, in their order") {
    const auto gateways = [](const std::string& text) {
        const json routes = json::parse(text);
        Texts texts;
        for (const auto& gateway : plugins::gateways_in(libcni::JsonReader(routes, "routes")))
            texts.push_back(gateway.address.to_string());
        return texts;
    };
    CHECK(gateways("[]").empty());
    CHECK(gateways(R"([{"GW": "fd00::1"}, {"dst": "0.0.0.0/0"}, {"gateway": "10.0.0.1"},
                       {"gw": "10.0.0.2"}, {"GW": ""}, {"GW": null}])")
          == Texts{"fd00::1", "10.0.0.1", "10.0.0.2"});
    const Error error = error_of([&] { return gateways(R"([{"GW": "10.0.0.1/24"}])"); });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg(), {"routes[0].GW \"10.0.0.1/24\" is not an IP address"}) == "");
    for (const std::string wrong : {"{}", "[7]", R"([{"GW": 7}])"})
        CHECK(missing_in(shape_fault_of([&] { return gateways(wrong); }), {"must be"}) == "");
}

TEST_CASE("createNetwork: what this plugin or this API cannot make is refused before anything") {
    using Refusal = Error (*)(const std::string&, ApiVersion);
    const Refusal nat = refusal_of<nat::NatEndpoint>;
    const Refusal bridge = refusal_of<win_bridge::BridgeEndpoint>;
    const Refusal overlay = refusal_of<win_overlay::OverlayEndpoint>;
    const Refusal sdn = refusal_of<sdnbridge::SdnBridgeEndpoint>;

    struct Case {
        Refusal refusal_of;
        std::string wanted;
        ApiVersion api;
        std::string fault;
    };

    const std::string vxlan = R"({"type": "overlay", "subnet": "10.244.3.0/24", "vni": 4096)";
    const Case cases[] = {
        {bridge, R"({"subnet": "10.244.3.0/24"})", ApiVersion::v1, ""},
        {bridge, R"({"type": "l2tunnel", "subnet": "10.244.3.0/24"})", ApiVersion::v2, ""},
        {bridge,
         R"({"type": "NAT", "subnet": "10.244.3.0/24"})",
         ApiVersion::v2,
         "createNetwork.type is \"NAT\""},
        {bridge,
         R"({"type": "l2bridge2", "subnet": "10.244.3.0/24"})",
         ApiVersion::v2,
         "createNetwork.type is \"l2bridge2\""},
        {bridge, "{}", ApiVersion::v2, "createNetwork has no subnet"},
        {bridge,
         R"({"subnet": "10.244.3.0/24", "vxlanPort": 4789})",
         ApiVersion::v2,
         "createNetwork.vxlanPort"},
        {bridge,
         R"({"subnet": "10.244.3.0/24", "vni": 4096})",
         ApiVersion::v2,
         "createNetwork.vni"},
        {overlay, vxlan + "}", ApiVersion::v1, ""},
        {overlay, R"({"subnet": "10.244.3.0/24"})", ApiVersion::v2, "createNetwork has no vni"},
        {overlay,
         vxlan + R"(, "subnets": [{"subnet": "10.9.0.0/16"}]})",
         ApiVersion::v2,
         "createNetwork has no vni"},
        {overlay, R"({"type": "Overlay"})", ApiVersion::v2, "createNetwork has no subnet"},
        {overlay, vxlan + R"(, "vxlanPort": 8472})", ApiVersion::v2, ""},
        {overlay, vxlan + R"(, "vxlanPort": 8472})", ApiVersion::v1, "createNetwork.vxlanPort"},
        // An address from outside, by DHCP.
        {sdn, R"({"type": "transparent"})", ApiVersion::v1, ""},
        {sdn, R"({"type": "TRANSPARENT", "vxlanPort": 8472})", ApiVersion::v2, ".vxlanPort"},
        {sdn, R"({"type": "L2Bridge"})", ApiVersion::v2, "createNetwork has no subnet"},
        // HNS picks one.
        {nat, "{}", ApiVersion::v2, ""},
        {nat, R"({"type": "NAT"})", ApiVersion::v1, ""},
        {nat, R"({"type": "nat", "subnet": "172.20.0.0/16"})", ApiVersion::v2, ""},
        {nat,
         R"({"type": "nat", "subnet": "172.20.0.0/16", "vni": 1})",
         ApiVersion::v2,
         "createNetwork.vni"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.wanted);
        CAPTURE(one.fault);
        const Error error = one.refusal_of(one.wanted, one.api);
        CHECK(error.code() == (one.fault.empty() ? accepted : ErrorCode::invalid_network_config));
        CHECK(missing_in(error.msg(), {one.fault}) == "");
    }
    const win_bridge::BridgeEndpoint makes_none(request_with(json::object()));
    CHECK_NOTHROW(plugins::require_makeable(makes_none, hnsclient::abilities_of(ApiVersion::v2)));
}

TEST_CASE(
    "A network is made of the type that is wanted, in HNS's spelling, else the plugin's own") {
    const win_bridge::BridgeEndpoint bridge(request_with(json::object()));
    const sdnbridge::SdnBridgeEndpoint sdn(request_with(json::object()));
    CHECK(plugins::type_to_make(bridge, Network{}) == "L2Bridge");
    CHECK(plugins::type_to_make(bridge, Network{.type = "l2TUNNEL"}) == "L2Tunnel");
    CHECK(plugins::type_to_make(sdn, Network{.type = "transparent"}) == "Transparent");
    CHECK(plugins::works_on(bridge, "l2bridge"));
    CHECK(plugins::works_on(bridge, "L2Tunnel"));
    CHECK_FALSE(plugins::works_on(bridge, "Transparent"));
    CHECK(plugins::works_on(sdn, "Transparent"));
    CHECK_FALSE(plugins::works_on(bridge, "Overlay"));
    CHECK_FALSE(plugins::works_on(bridge, ""));
    CHECK(plugins::sentence_on_types(bridge)
          == "win-bridge works on networks of type L2Bridge, L2Tunnel");
}

TEST_CASE("A gateway in conf.ipam that is outside the subnet is refused when a network is made") {
    Network wanted{.name = "cbr0"};
    wanted.subnets = {{.prefix = cidr("10.244.4.0/24")}};
    CHECK_NOTHROW(plugins::require_gateways_inside(wanted));
    wanted.subnets[0].gateway = ip("10.244.4.9");
    CHECK_NOTHROW(plugins::require_gateways_inside(wanted));
    wanted.subnets[0].gateway = ip("10.244.5.1");
    const Error error = error_of([&] {
        plugins::require_gateways_inside(wanted);
        return 0;
    });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg(), {"\"cbr0\"", "10.244.5.1", "10.244.4.0/24"}) == "");
}
