// SPDX-License-Identifier: Apache-2.0
// Which gateway a pod gets of those that its author, IPAM and HNS name, and families of addresses.
#include <doctest/doctest.h>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/gateways.hpp"
#include "plugins/common/pod_subnets.hpp"
#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

libcni::Request request_of(const std::string& text) {
    return request_with(json::parse(text));
}

Texts next_hops_of(const hnsclient::Endpoint& endpoint) {
    Texts texts;
    for (const auto& route : endpoint.routes)
        texts.push_back(route.next_hop->to_string());
    return texts;
}

/// A pod on a network with two IPv4 subnets and one of IPv6.
PlanInput two_subnets(const Texts& addresses, const std::string& type = "L2Bridge") {
    PlanInput input = pod(addresses);
    input.network.type = type;
    input.network.subnets = {{.prefix = cidr("10.244.4.0/24"), .gateway = ip("10.244.4.1")},
                             {.prefix = cidr("10.244.5.0/24"), .gateway = ip("10.244.5.1")},
                             {.prefix = cidr("fd00:4::/64"), .gateway = ip("fd00:4::1")}};
    return input;
}

template <class Kind>
Texts gateways(const std::string& conf, const PlanInput& input) {
    return next_hops_of(planned_by(Kind(request_of(conf)), input));
}

Texts of_sdnbridge(const std::string& conf, const PlanInput& input) {
    return gateways<sdnbridge::SdnBridgeEndpoint>(conf, input);
}

Texts of_bridge(const std::string& conf, const PlanInput& input) {
    return gateways<win_bridge::BridgeEndpoint>(conf, input);
}

std::string host_local(const std::string& keys) {
    return R"({"ipam": {"type": "host-local", )" + keys + "}}";
}

std::string from_ipam(const std::string& keys) {
    return R"({"gatewayFrom": "ipam", "ipam": {"type": "host-local", )" + keys + "}}";
}

} // namespace

TEST_CASE("The author's gateways count in their order: routes, ipam, ranges, createNetwork") {
    struct Case {
        const char* ipam;
        const char* gateway;
    };

    const Case cases[] = {
        {R"("subnet": "10.244.4.0/24", "gateway": "10.244.4.8",
            "routes": [{"dst": "10.0.0.0/8", "gw": "10.244.4.6"}, {"dst": "0.0.0.0/0", "gw": "10.244.4.7"}])",
         "10.244.4.7"},
        {R"("subnet": "10.244.4.0/24", "gateway": "10.244.4.8", "routes": [{"dst": "0.0.0.0/0"}])",
         "10.244.4.8"},
        {R"("ranges": [[{"subnet": "10.244.4.0/24", "gateway": "10.244.4.9"}]])", "10.244.4.9"},
        {R"("gateway": "10.244.4.8", "ranges": [[{"subnet": "10.244.4.0/24", "gateway": "10.244.4.9"}]])",
         "10.244.4.8"},
    };
    const auto input = two_subnets({"10.244.4.3/24"});
    for (const auto& one : cases) {
        CAPTURE(one.ipam);
        CHECK(of_sdnbridge(host_local(one.ipam), input) == Texts{one.gateway});
        CHECK(of_bridge(from_ipam(one.ipam), input) == Texts{one.gateway});
        CHECK(of_bridge(host_local(one.ipam), input) == Texts{"10.244.4.2"});
    }
    const std::string made =
        R"({"createNetwork": {"subnet": "10.244.4.0/24", "gateway": "10.244.4.6"},
            "ipam": {"type": "host-local", "subnet": "10.244.4.0/24"}})";
    CHECK(of_sdnbridge(made, input) == Texts{"10.244.4.6"});
    CHECK(of_bridge(made, input) == Texts{"10.244.4.2"});
}

TEST_CASE("N02: a gateway out of reach is nobody's") {
    const auto first = two_subnets({"10.244.4.3/24"});
    const auto second = two_subnets({"10.244.5.3/24"});
    for (const char* ipam :
         {R"("subnet": "10.244.4.0/24", "routes": [{"dst": "0.0.0.0/0", "gw": "10.4.0.1"}])",
          R"("subnet": "10.244.4.0/24", "routes": [{"dst": "0.0.0.0/0", "gw": "fd00:4::1"}])",
          R"("subnet": "10.244.4.0/24", "routes": [{"dst": "0.0.0.0/0", "gw": "10.244.5.1"}])"}) {
        CAPTURE(ipam);
        CHECK(of_sdnbridge(host_local(ipam), first) == Texts{"10.244.4.2"});
        CHECK(of_bridge(from_ipam(ipam), first) == Texts{"10.244.4.1"});
    }
    const char* ranges = R"("ranges": [[{"subnet": "10.244.4.0/24", "gateway": "10.244.4.9"},
                                        {"subnet": "10.244.5.0/24", "gateway": "10.244.5.9"}]])";
    CHECK(of_sdnbridge(host_local(ranges), first) == Texts{"10.244.4.9"});
    CHECK(of_sdnbridge(host_local(ranges), second) == Texts{"10.244.5.9"});
    auto outside = first;
    outside.ipam.ips[0].gateway = ip("10.4.0.1");
    CHECK(of_bridge(from_ipam(R"("subnet": "10.244.4.0/24")"), outside) == Texts{"10.244.4.1"});
    // HNS picks the address.
    const auto unknown = two_subnets({});
    CHECK(of_sdnbridge(R"({"ipam": {"routes": [{"GW": "10.4.0.1"}]}})", unknown).empty());
    CHECK(of_sdnbridge(R"({"ipam": {"routes": [{"GW": "10.244.5.9"}]}})", unknown)
          == Texts{"10.244.5.9"});
}

TEST_CASE("The bridge's address is that of the HNS subnet that holds the pod's") {
    CHECK(of_bridge("{}", two_subnets({"10.244.4.3/24"})) == Texts{"10.244.4.2"});
    CHECK(of_bridge("{}", two_subnets({"10.244.5.3/24"})) == Texts{"10.244.5.2"});
    CHECK(of_bridge("{}", two_subnets({"10.244.4.10/16"})) == Texts{"10.244.4.2"});
    CHECK(of_bridge("{}", two_subnets({"10.244.4.70/27"})) == Texts{"10.244.4.2"});
    CHECK(of_bridge("{}", two_subnets({"fd00:4::7/48"})) == Texts{"fd00:4::2"});
    // IPAM's gateway is outside of the pod's subnet.
    CHECK(of_bridge(R"({"gatewayFrom": "ipam"})", two_subnets({"10.244.4.10/16"}))
          == Texts{"10.244.4.1"});
}

TEST_CASE("The network's own and the broadcast address are no gateways") {
    const auto input = two_subnets({"10.244.4.3/24"});
    for (const std::string none : {"10.244.4.0", "10.244.4.255"}) {
        CAPTURE(none);
        CHECK(of_sdnbridge(host_local(R"("subnet": "10.244.4.0/24", "gateway": ")" + none + '"'),
                           input)
              == Texts{"10.244.4.1"});
        CHECK(of_sdnbridge(R"({"ipam": {"routes": [{"GW": ")" + none + R"("}]}})", two_subnets({}))
                  .empty());
        CHECK(error_of([&] {
                  return of_bridge(R"({"createNetwork": {"subnet": "10.244.4.0/24", "gateway": ")"
                                       + none + R"("}})",
                                   input);
              }).code()
              == ErrorCode::invalid_network_config);
    }
    CHECK(plugins::holds_host(cidr("10.0.0.0/31"), ip("10.0.0.1")));
    CHECK(plugins::holds_host(cidr("10.0.0.4/30"), ip("10.0.0.6")));
    CHECK_FALSE(plugins::holds_host(cidr("10.0.0.4/30"), ip("10.0.0.7")));
    CHECK(plugins::holds_host(cidr("fd00::/64"), ip("fd00::")));
}

TEST_CASE("Two ranges on one wide network: a gateway in the other range's subnet is not taken") {
    auto input = pod({"10.244.5.3/24"});
    const std::string conf = host_local(
        R"("routes": [{"dst": "0.0.0.0/0", "gw": "10.244.4.1"}],
           "ranges": [[{"subnet": "10.244.4.0/24"}, {"subnet": "10.244.5.0/24"}]])");
    CHECK(of_sdnbridge(conf, input) == Texts{"10.244.0.2"});
    // Out of the range, but on the network.
    const std::string wide = host_local(R"("routes": [{"dst": "0.0.0.0/0", "gw": "10.244.0.1"}],
                                           "ranges": [[{"subnet": "10.244.5.0/24"}]])");
    CHECK(of_sdnbridge(wide, input) == Texts{"10.244.0.1"});
}

TEST_CASE("A network's gateway outside of its prefix is in reach of its pods") {
    auto input = two_subnets({"10.244.4.3/24"});
    input.network.subnets[0].gateway = ip("192.168.1.1");
    CHECK(of_sdnbridge(host_local(R"("routes": [{"GW": "192.168.1.1"}])"), input)
          == Texts{"192.168.1.1"});
    CHECK(of_sdnbridge(R"({"createNetwork": {"subnet": "10.244.4.0/24", "gateway": "192.168.1.1"},
                           "ipam": {"type": "host-local", "subnet": "10.244.4.0/24"}})",
                       input)
          == Texts{"192.168.1.1"});
    CHECK(of_bridge(R"({"gatewayFrom": "network"})", input) == Texts{"192.168.1.1"});
}

TEST_CASE("N03: a transparent network has no bridge address") {
    const auto input = two_subnets({"10.244.4.3/24", "fd00:4::3/64"}, "Transparent");
    CHECK(of_sdnbridge(host_local(R"("subnet": "10.244.4.0/24")"), input)
          == Texts{"10.244.4.1", "fd00:4::1"});
    auto unknown = input;
    unknown.network.subnets.clear();
    CHECK(of_sdnbridge(host_local(R"("subnet": "10.244.4.0/24")"), unknown)
          == Texts{"10.244.4.1", "fd00:4::1"});
    CHECK(of_sdnbridge(R"({"optionalFlags": {"forceBridgeGateway": true},
                           "ipam": {"type": "host-local", "subnet": "10.244.4.0/24"}})",
                       input)
          == Texts{"10.244.4.1", "fd00:4::1"});
}

TEST_CASE("A gateway of the author's that a pod does not get is a warning") {
    const auto warned = [](const auto& kind, const PlanInput& input) {
        const libcni::log::Captured log;
        const auto plan = planned_by(kind, input);
        plugins::warn_of_unused_gateways(kind.conf(), plan);
        return libcni::joined(log.texts(libcni::log::Level::warning), "; ");
    };
    const auto input = two_subnets({"10.244.4.3/24"});
    const auto bridge = [](const std::string& conf) {
        return win_bridge::BridgeEndpoint(request_of(conf));
    };
    const std::string text =
        warned(bridge(host_local(R"("subnet": "10.244.4.0/24", "gateway": "10.244.4.1")")), input);
    CHECK(missing_in(text, {"conf.ipam.gateway 10.244.4.1", "10.244.4.2", "gatewayFrom"}) == "");
    for (const std::string& conf :
         {host_local(R"("subnet": "10.244.4.0/24", "gateway": "10.244.4.2")"),
          from_ipam(R"("subnet": "10.244.4.0/24", "gateway": "10.244.4.1")"),
          host_local(R"("ranges": [[{"subnet": "10.244.5.0/24", "gateway": "10.244.5.1"}]])"),
          std::string(R"({"gatewayFrom": "network", "ipam": {"gateway": "10.244.4.9"}})"),
          std::string("{}")}) {
        CAPTURE(conf);
        CHECK(warned(bridge(conf), input) == "");
    }
}

TEST_CASE("IPv6 alone is refused by name, before IPAM is asked where that is known") {
    const auto refusal = [](const std::string& conf, const PlanInput& input, bool asked) {
        const win_bridge::BridgeEndpoint kind(request_of(conf));
        return error_of([&] {
            if (asked)
                kind.require_fit(input.network, input.ipam);
            else
                kind.require_fit(input.network);
            return 0;
        });
    };
    auto v6_network = pod({});
    v6_network.network.subnets.erase(v6_network.network.subnets.begin());
    for (const Error& error :
         {refusal("{}", pod({"fd00:244::7/64"}), true),
          refusal(host_local(R"("subnet": "fd00:244::/64")"), pod({}), false),
          refusal(
              host_local(R"("ranges": [[{"subnet": "fd00:244::/64"}], [{"subnet": "fd01::/64"}]])"),
              pod({}),
              false),
          refusal("{}", v6_network, false)}) {
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"IPv6"}) == "");
        CHECK(missing_in(error.details(), {"kubernetes.io", "IPv4"}) == "");
    }
    const win_bridge::BridgeEndpoint kind(request_of("{}"));
    const auto dual = pod({"10.244.3.7/24", "fd00:244::7/64"});
    CHECK_NOTHROW(kind.require_fit(dual.network, dual.ipam));
    CHECK_NOTHROW(kind.require_fit(dual.network));
}

TEST_CASE("A host port on an address of a family that the pod has not is refused by name") {
    const auto conf = [](const char* host_ip) {
        return json{{"ipam", {{"type", "host-local"}, {"subnet", "10.244.3.0/24"}}},
                    {"runtimeConfig",
                     {{"portMappings",
                       {{{"hostPort", 8080}, {"containerPort", 80}, {"hostIP", host_ip}}}}}}};
    };
    const auto input = pod({"10.244.3.7/24"});
    const win_bridge::BridgeEndpoint v6(request_with(conf("fd00::9")));
    for (const bool asked : {false, true}) {
        const Error error = error_of([&] {
            if (asked)
                v6.require_fit(input.network, input.ipam);
            else
                v6.require_fit(input.network);
            return 0;
        });
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"8080/tcp", "hostIP fd00::9", "no IPv6 address"}) == "");
    }
    for (const char* host_ip : {"192.168.1.10", "0.0.0.0", "::", ""}) {
        CAPTURE(host_ip);
        const win_bridge::BridgeEndpoint kind(request_with(conf(host_ip)));
        CHECK_NOTHROW(kind.require_fit(input.network, input.ipam));
    }
}

TEST_CASE("Port mappings of an l2bridge are local ones") {
    const auto flags_on = [](const char* type) {
        auto input = two_subnets({"10.244.4.3/24", "fd00:4::3/64"}, type);
        input.conf.port_mappings = {{.host_port = 8080, .container_port = 80}};
        std::vector<std::uint32_t> flags;
        for (const auto& policy :
             planned(win_bridge::BridgeEndpoint(request_of("{}")), input).policies)
            flags.push_back(std::get<hnsclient::PortMapping>(policy).flags);
        return flags;
    };
    CHECK(flags_on("L2Bridge") == std::vector<std::uint32_t>{1, 3});
    CHECK(flags_on("l2bridge") == std::vector<std::uint32_t>{1, 3});
    CHECK(flags_on("L2Tunnel") == std::vector<std::uint32_t>{0, 2});
}

TEST_CASE("STATUS sees ranges that give no pod an address of the network") {
    const auto refusal = [](const std::string& keys) {
        const win_bridge::BridgeEndpoint kind(request_of(host_local(keys)));
        return error_of([&] {
            plugins::require_pod_addresses(kind, two_subnets({}).network);
            return 0;
        });
    };
    for (const char* keys :
         {R"("subnet": "10.244.6.0/24")",
          R"("ranges": [[{"subnet": "10.244.4.0/24"}], [{"subnet": "fd09::/64"}]])"})
        CHECK(
            missing_in(refusal(keys).msg(), {"is outside of HNS network \"cbr0\"", "10.244.5.0/24"})
            == "");
    for (const char* keys :
         {R"("subnet": "10.244.4.0/30")",
          R"("subnet": "10.244.4.0/24", "rangeStart": "10.244.4.1", "rangeEnd": "10.244.4.2")",
          R"("subnet": "10.244.4.0/24", "rangeStart": "10.244.4.9", "rangeEnd": "10.244.4.9",
             "gateway": "10.244.4.9")",
          R"("subnet": "10.244.4.0/24", "rangeStart": "10.244.4.2", "rangeEnd": "10.244.4.2")"}) {
        CAPTURE(keys);
        CHECK(missing_in(refusal(keys).msg(), {"holds no address for pods"}) == "");
    }
    for (const char* keys :
         {R"("subnet": "10.244.4.0/29")",
          R"("subnet": "10.244.4.64/27")",
          R"("subnet": "10.244.0.0/16")",
          R"("ranges": [[{"subnet": "10.244.6.0/24"}, {"subnet": "10.244.5.0/24"}]])",
          R"("ranges": [[]])"}) {
        CAPTURE(keys);
        const win_bridge::BridgeEndpoint kind(request_of(host_local(keys)));
        CHECK_NOTHROW(plugins::require_pod_addresses(kind, two_subnets({}).network));
    }
}
