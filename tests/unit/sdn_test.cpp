// SPDX-License-Identifier: Apache-2.0
// nat and sdnbridge: confs of Microsoft's plugins, and the gateway that their pods get.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using libcni::Error;
using libcni::ErrorCode;
using nat::NatEndpoint;
using nlohmann::json;
using sdnbridge::SdnBridgeEndpoint;
using Texts = std::vector<std::string>;

namespace {

SdnBridgeEndpoint kind_of(const std::string& conf) {
    return SdnBridgeEndpoint(request_with(json::parse(conf)));
}

/// A dual-stack pod; IPAM names the first addresses of its subnets as gateways, HNS others.
PlanInput sdn_pod(const Texts& addresses) {
    PlanInput input = pod(addresses);
    input.network.subnets = {{.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.250")},
                             {.prefix = cidr("fd00:3::/64"), .gateway = ip("fd00:3::250")}};
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
    return next_hops_of(planned_by(kind_of(conf), sdn_pod({"10.244.3.7/24", "fd00:3::7/64"})));
}

/// The same where HNS gives the addresses.
Texts gateways_without_ipam(const std::string& conf) {
    return next_hops_of(planned_by(kind_of(conf), sdn_pod({})));
}

/// What sdnbridge makes of one mapped port of a pod with this conf: the flags of the mapping, and
/// true when the pod's port is opened, too.
struct Mapped {
    std::uint32_t flags = 0;
    bool is_opened = false;
};

Mapped mapped_with(const SdnBridgeEndpoint& kind) {
    PlanInput input = sdn_pod({"10.244.3.7/24"});
    // On an L2Bridge every mapping is a local one.
    input.network.type = "L2Tunnel";
    input.conf = kind.conf();
    input.conf.port_mappings = {{.host_port = 8080, .container_port = 80}};
    Mapped found;
    for (const auto& policy : planned(kind, input).policies) {
        if (const auto* const mapping = std::get_if<hnsclient::PortMapping>(&policy))
            found.flags = mapping->flags;
        if (policy == allow_in("6", "80")) found.is_opened = true;
    }
    return found;
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
        {R"({"ipam": {"type": "host-local.exe", "subnet": "10.244.3.0/24"}})", bridge},
        {R"({"ipam": {"type": "Host-Local.EXE", "subnet": "10.244.3.0/24"}})", bridge},
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
          == Texts{"10.244.3.9", "fd00:3::2"});
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
             "ipam": {"routes": [{"GW": "10.244.3.9"}]}, )"
             + flag + "}",
         {"10.244.3.9", "fd00:3::9"}},
        // As with Microsoft's plugin, only where there is none yet.
        {R"({"additionalRoutes": [{"GW": "10.244.3.8"}],
             "ipam": {"routes": [{"GW": "10.244.3.9"}]}, )"
             + flag + "}",
         {"10.244.3.9"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(gateways_without_ipam(one.conf) == one.gateways);
    }
    CHECK(gateways_with(R"({"additionalRoutes": [{"GW": "10.244.3.9"}],
              "ipam": {"type": "azure-vnet-ipam"}, )"
                        + flag + "}")
          == Texts{"10.244.3.1", "fd00:3::1"});
}

TEST_CASE("sdnbridge: a gateway that is not an address is refused by its place") {
    for (const std::string text :
         {R"({"ipam": {"routes": [{"GW": "10.244.3.1"}, {"GW": "10.244.3"}]}})",
          R"({"additionalRoutes": [{"GW": "10.244.3.1"}, {"GW": "x"}],
              "optionalFlags": {"gatewayFromAdditionalRoutes": true}})"}) {
        CAPTURE(text);
        const Error error = error_of([&] { return kind_of(text); });
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"outes[1].GW", "is not an IP address"}) == "");
    }
}

TEST_CASE("sdnbridge: Microsoft's flags are read in any case, and are off where they are not set") {
    const auto none = kind_of(R"({"optionalFlags": {"enableDualStack": true}})");
    CHECK(mapped_with(none).flags == 0);
    CHECK_FALSE(mapped_with(none).is_opened);
    CHECK_FALSE(none.conf().loopback_dsr);
    const auto all = kind_of(R"({"OptionalFlags": {"LocalRoutedPortMapping": true,
        "allowaclportmapping": true, "loopbackDSR": true, "whatIsThis": 7}})");
    CHECK(mapped_with(all).flags == 1);
    CHECK(mapped_with(all).is_opened);
    CHECK(all.conf().loopback_dsr);
    CHECK(kind_of(R"({"loopbackDSR": true, "optionalFlags": {"loopbackDSR": false}})")
              .conf()
              .loopback_dsr);
    CHECK(missing_in(shape_fault_of([] {
                         return kind_of(R"({"optionalFlags": {"forceBridgeGateway": "true"}})");
                     }),
                     {"conf.optionalFlags.forceBridgeGateway must be true or false"})
          == "");
    CHECK(missing_in(shape_fault_of([] { return kind_of(R"({"optionalFlags": []})"); }),
                     {"conf.optionalFlags must be an object"})
          == "");
}

TEST_CASE("sdnbridge: the address of the pods' gateway is never a pod's") {
    const auto is_reserved = [](const std::string& conf, const std::string& address) {
        const PlanInput input = sdn_pod({address});
        return kind_of(conf).is_reserved(input.network, input.ipam.ips[0]);
    };
    CHECK(is_reserved("{}", "10.244.3.2/24"));
    CHECK(is_reserved("{}", "10.244.3.250/24"));
    CHECK_FALSE(is_reserved("{}", "10.244.3.1/24"));
    CHECK(is_reserved(R"({"ipam": {"type": "azure-vnet-ipam"}})", "10.244.3.1/24"));
    CHECK_FALSE(is_reserved(R"({"ipam": {"type": "azure-vnet-ipam"}})", "10.244.3.2/24"));
}

TEST_CASE("sdnbridge: a missing network is that of ipam.subnet, of the type that its name tells") {
    CHECK_FALSE(kind_of("{}").conf().new_network);
    const auto made = kind_of(R"({"master": "Ethernet", "ipam": {"subnet": "10.244.3.0/24",
        "routes": [{"GW": "10.244.3.2"}]}})")
                          .conf()
                          .new_network;
    REQUIRE(made);
    CHECK(made->name == "cbr0");
    CHECK(made->type.empty());
    CHECK(made->adapter == "Ethernet");
    const auto own = kind_of(R"({"ipam": {"subnet": "10.244.3.0/24"},
        "createNetwork": {"type": "L2Tunnel", "subnet": "10.9.0.0/16"}})")
                         .conf()
                         .new_network;
    REQUIRE(own);
    CHECK(own->type == "L2Tunnel");
    CHECK(own->subnets.at(0).prefix == cidr("10.9.0.0/16"));
    auto request = request_with({{"ipam", {{"subnet", "10.244.3.0/24"}}}});
    request.conf.name = "l2tunnel";
    CHECK(SdnBridgeEndpoint(request).conf().new_network.value().type == "L2Tunnel");
}

TEST_CASE("nat: the gateway is the network's, unless the conf says otherwise") {
    const NatEndpoint kind(request_with(json::parse(R"({"master": "Ethernet",
        "ipam": {"type": "host-local", "subnet": "10.244.3.0/24", "gateway": "10.244.3.1"}})")));
    REQUIRE(kind.conf().new_network);
    CHECK(kind.conf().new_network->subnets.at(0).gateway == ip("10.244.3.1"));
    const Texts addresses{"10.244.3.7/24", "fd00:3::7/64"};
    const Endpoint plan = planned_by(kind, sdn_pod(addresses));
    CHECK(next_hops_of(plan) == Texts{"10.244.3.250", "fd00:3::250"});
    CHECK_FALSE(plan.mac);
    CHECK(planned_by(kind, sdn_pod({})).routes.empty());
    const NatEndpoint from_ipam(request_with({{"gatewayFrom", "ipam"}}));
    CHECK(next_hops_of(planned_by(from_ipam, sdn_pod(addresses))) == of_ipam);
    CHECK_FALSE(from_ipam.conf().new_network);
    const NatEndpoint own(request_with(json::parse(R"({"ipam":
        {"subnet": "10.244.3.0/24"}, "createNetwork": {"subnet": "172.20.0.0/16"}})")));
    CHECK(own.conf().new_network.value().subnets.at(0).prefix == cidr("172.20.0.0/16"));
}

TEST_CASE("Each plugin works on its own types of network") {
    const NatEndpoint nat_kind(request_with(json::object()));
    const auto bridge_kind = kind_of("{}");
    CHECK(nat_kind.network_types().size() == 1);
    CHECK(nat_kind.network_types().front() == "NAT");
    CHECK(nat_kind.plugin() == "nat");
    CHECK(nat::Nat().name() == "nat");
    CHECK(bridge_kind.network_types().front() == "L2Bridge");
    CHECK(bridge_kind.network_types().size() == 3);
    CHECK_FALSE(nat_kind.needs_management_address());
    CHECK_FALSE(bridge_kind.needs_management_address());
}
