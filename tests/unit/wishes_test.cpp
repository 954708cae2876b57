// SPDX-License-Identifier: Apache-2.0
// What a runtime or an author asks for one interface: bandwidth, a MAC address, no default route.
#include <limits>

#include <doctest/doctest.h>

#include "hnsclient/codec.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/endpoint_difference.hpp"
#include "plugins/common/endpoint_result.hpp"
#include "plugins/common/expectation.hpp"
#include "plugins/common/gateways.hpp"
#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using hnsclient::MacAddress;
using libcni::Error;
using libcni::ErrorCode;
using libcni::log::Captured;
using libcni::log::Level;
using nlohmann::json;
using plugins::EndpointConf;
using Texts = std::vector<std::string>;

namespace {

EndpointConf conf_of(const json& conf, const std::string& args = {}) {
    return plugins::read_endpoint_conf(request_with(conf, args));
}

Error fault_of(const json& conf, const std::string& args = {}) {
    return error_of([&] { return conf_of(conf, args); });
}

json with_bandwidth(const json& bandwidth) {
    return {{"runtimeConfig", {{"bandwidth", bandwidth}}}};
}

/// Policies as HCN gets them.
json policies_of(const json& conf) {
    json list = json::array();
    for (const auto& policy : conf_of(conf).policies)
        list.push_back(hnsclient::v2::encode(policy));
    return list;
}

json qos(const json& bytes) {
    return {{"Type", "QOS"}, {"Settings", {{"MaximumOutgoingBandwidthInBytes", bytes}}}};
}

/// A conf with the runtime's limit beside an author's policy.
json beside(const json& policy, std::uint64_t bits) {
    json conf = with_bandwidth({{"egressRate", bits}});
    conf["policies"] = json::array({{{"name", "EndpointPolicy"}, {"value", policy}}});
    return conf;
}

std::string mac_of(const json& conf, const std::string& args = {}) {
    const auto mac = conf_of(conf, args).mac;
    return mac ? mac->to_string() : "";
}

json with_mac(const json& mac) {
    return {{"runtimeConfig", {{"mac", mac}}}};
}

Texts warnings_on(const json& conf) {
    const Captured log;
    (void)conf_of(conf);
    return log.texts(Level::warning);
}

Texts routes_of(const Endpoint& endpoint) {
    Texts texts;
    for (const auto& [destination, next_hop] : endpoint.routes)
        texts.push_back(destination.to_string() + " via "
                        + (next_hop ? next_hop->to_string() : "nothing"));
    return texts;
}

const json without_default_route{{"isDefaultGateway", false}};
const char* const own_mac = "02-11-22-33-44-55";

} // namespace

TEST_CASE("N31: egressRate becomes a QOS policy, in bytes, in the spelling of either API") {
    CHECK(policies_of(with_bandwidth({{"egressRate", 500000}})) == json::array({qos(62500)}));
    CHECK(policies_of(with_bandwidth({{"EgressRate", 8}, {"EgressBurst", 1}}))
          == json::array({qos(1)}));
    CHECK(policies_of(with_bandwidth({{"egressRate", 15}})) == json::array({qos(1)}));
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    CHECK(policies_of(with_bandwidth({{"egressRate", most}, {"egressBurst", most}}))
          == json::array({qos(most / 8)}));
    const auto conf = conf_of(with_bandwidth({{"egressRate", 80}}));
    CHECK(hnsclient::v1::encode(conf.policies.at(0))
          == json{{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", 10}});
    CHECK(conf.egress_limit == 10U);
}

TEST_CASE("N31: no limit is no policy") {
    for (const json& bandwidth : {json::object(),
                                  json(nullptr),
                                  json{{"egressRate", 0}},
                                  json{{"egressRate", nullptr}},
                                  json{{"egressRate", 0}, {"egressBurst", 0}, {"ingressRate", 0}},
                                  json{{"egressBurst", 4294967295}}}) {
        CAPTURE(bandwidth.dump());
        CHECK(policies_of(with_bandwidth(bandwidth)).empty());
        CHECK(warnings_on(with_bandwidth(bandwidth)).empty());
    }
    CHECK_FALSE(conf_of(json::object()).egress_limit);
}

TEST_CASE("N31: what Windows cannot limit is a warning") {
    const json both = with_bandwidth({{"ingressRate", 1000000}, {"egressRate", 8000}});
    CHECK(warnings_on(both)
          == Texts{"conf.runtimeConfig.bandwidth.ingressRate 1000000 has no effect: Windows limits "
                   "only what a pod sends (egressRate)"});
    CHECK(policies_of(both) == json::array({qos(1000)}));
}

TEST_CASE("N31: limits that make no sense are refused by name") {
    for (const char* key : {"egressRate", "egressBurst", "ingressRate", "ingressBurst"})
        for (const json& value : {json(-1),
                                  json("1M"),
                                  json(1.5),
                                  json(1e30),
                                  json(true),
                                  json::array({1}),
                                  json::parse("18446744073709551616")}) {
            CAPTURE(key);
            CAPTURE(value.dump());
            const Error error = fault_of(with_bandwidth({{key, value}}));
            CHECK(error.code() == ErrorCode::invalid_network_config);
            CHECK(error.msg().find(std::string("conf.runtimeConfig.bandwidth.") + key)
                  != std::string::npos);
            CHECK(error.details().find("bits per second") != std::string::npos);
        }
    for (const json& value : {json("1M"), json(7), json::array()})
        CHECK(fault_of(with_bandwidth(value)).code() == ErrorCode::invalid_network_config);
    for (const int bits : {1, 7})
        CHECK(fault_of(with_bandwidth({{"egressRate", bits}})).msg()
              == "conf.runtimeConfig.bandwidth.egressRate is " + std::to_string(bits)
                     + ", which is less than a byte per second");
}

TEST_CASE("N31: of the runtime's and the author's limit the lower one counts") {
    const json v1{{"Type", "qos"}, {"maximumOutgoingBandwidthInBytes", 1000}};
    for (const json& author : {qos(1000), v1}) {
        CHECK(policies_of(beside(author, 16000)) == json::array({qos(1000)}));
        CHECK(policies_of(beside(author, 8000)) == json::array({qos(1000)}));
        CHECK(policies_of(beside(author, 800)) == json::array({qos(100)}));
    }
    CHECK(policies_of(beside(qos(0), 800)) == json::array({qos(100)}));
    CHECK(policies_of(beside({{"Type", "QOS"}}, 800)) == json::array({qos(100)}));
    json two = beside(qos(5000), 8000);
    two["policies"].push_back({{"name", "EndpointPolicy"}, {"value", qos(3000)}});
    CHECK(policies_of(two) == json::array({qos(1000)}));
    CHECK(policies_of({{"policies", two["policies"]}}) == json::array({qos(5000), qos(3000)}));
    const json acl{{"Type", "ACL"}, {"Settings", {{"Action", "Block"}}}};
    CHECK(policies_of(beside(acl, 800)) == json::array({acl, qos(100)}));
    CHECK(
        fault_of(beside(qos("fast"), 800)).msg()
        == "the conf's QOS policy.MaximumOutgoingBandwidthInBytes must be a whole number from 0 to "
           "18446744073709551615, not \"fast\"");
}

TEST_CASE(
    "N32: the MAC address of the runtime goes before the author's, and that before CNI_ARGS") {
    json conf = with_mac("02:11:22:33:44:55");
    conf["args"] = {{"cni", {{"mac", "02:11:22:33:44:66"}}}};
    const std::string args = "IgnoreUnknown=1;MAC=02:11:22:33:44:77";
    CHECK(mac_of(conf, args) == "02-11-22-33-44-55");
    conf["runtimeConfig"]["mac"] = "";
    CHECK(mac_of(conf, args) == "02-11-22-33-44-66");
    conf["args"]["cni"].erase("mac");
    CHECK(mac_of(conf, args) == "02-11-22-33-44-77");
    for (const json& others : {json(7), json{{"cni", "text"}}, json{{"cni", {{"labels", 1}}}}})
        CHECK(mac_of({{"args", others}}, "MAC=") == "");
}

TEST_CASE("N32: MAC addresses are read in the usual spellings") {
    for (const char* text : {"0a-f4-B2-33-44-55", "0a:f4:B2:33:44:55", "0af4.B233.4455"})
        CHECK(mac_of(with_mac(text)) == "0a-f4-B2-33-44-55");
}

TEST_CASE("N32: what is not the address of one interface is refused by name") {
    struct Case {
        const char* text;
        const char* why;
    };

    const Case cases[] = {
        {"02:11:22:33:44", "is not a MAC address"},
        {"02:11:22:33:44:5g", "is not a MAC address"},
        {"0x021122334455", "is not a MAC address"},
        {"02:11:22:33:44:55:66:77", "is not a MAC address"},
        {"0211.2233.445", "is not a MAC address"},
        {"0211.2233.44.5", "is not a MAC address"},
        {" 02:11:22:33:44:55", "is not a MAC address"},
        {"00:00:00:00:00:00", "is the zero address, which no interface can have"},
        {"FF-FF-FF-ff-ff-ff", "is the broadcast address, which no interface can have"},
        {"01:00:5e:00:00:fb", "is a multicast address, which no interface can have"},
        {"33:33:00:00:00:01", "is a multicast address, which no interface can have"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const std::string sentence = " \"" + std::string(one.text) + "\" " + one.why;
        const Error runtimes = fault_of(with_mac(one.text));
        CHECK(runtimes.code() == ErrorCode::invalid_network_config);
        CHECK(runtimes.msg() == "conf.runtimeConfig.mac" + sentence);
        const Error authors = fault_of({{"args", {{"cni", {{"mac", one.text}}}}}});
        CHECK(authors.msg() == "conf.args.cni.mac" + sentence);
        const Error of_args = fault_of(json::object(), "MAC=" + std::string(one.text));
        CHECK(of_args.code() == ErrorCode::invalid_environment);
        CHECK(of_args.msg() == "MAC in CNI_ARGS" + sentence);
    }
    for (const json& value : {json(17), json::array({own_mac}), json(true)})
        CHECK(fault_of(with_mac(value)).msg() == "conf.runtimeConfig.mac is not a text");
    CHECK(fault_of(with_mac("<mac>")).msg() == "conf.runtimeConfig.mac \"<mac>\" is a placeholder");
}

TEST_CASE("N32: the MAC address that is asked for is the endpoint's, on overlays, too") {
    const auto request = request_with(with_mac(own_mac));
    const auto input = pod({"10.244.3.7/24"});
    CHECK(mac_text(planned_by(win_bridge::BridgeEndpoint(request), input)) == own_mac);
    CHECK(mac_text(planned_by(nat::NatEndpoint(request), input)) == own_mac);
    CHECK(mac_text(planned_by(sdnbridge::SdnBridgeEndpoint(request), input)) == own_mac);
    CHECK(mac_text(planned_by(win_overlay::OverlayEndpoint(request), input)) == own_mac);
    CHECK(mac_text(planned_by(sdnoverlay::SdnOverlayEndpoint(request), input)) == own_mac);
    CHECK(mac_text(planned_by(win_bridge::BridgeEndpoint(request), pod({}))) == own_mac);
}

TEST_CASE("isDefaultGateway is on unless it says false") {
    for (const json& value : {json(true), json("true"), json("True"), json(nullptr)})
        CHECK(conf_of({{"isDefaultGateway", value}}).is_default_gateway);
    for (const json& value : {json(false), json("False")})
        CHECK_FALSE(conf_of({{"IsDefaultGateway", value}}).is_default_gateway);
    for (const json& value : {json("no"), json(0), json::object()})
        CHECK(shape_fault_of([&] {
                  return conf_of({{"isDefaultGateway", value}});
              }).starts_with("conf.isDefaultGateway must be true or false"));
}

TEST_CASE("Without a default route the other routes go where it would have gone") {
    auto input = pod({"10.244.3.7/24", "fd00:244::7/64"});
    input.ipam.routes = {
        route("0.0.0.0/0"), route("10.20.0.0/16"), route("10.21.0.0/16", "10.244.3.9")};
    const auto request = request_with(without_default_route);
    const Texts nowhere{"0.0.0.0/0 via 0.0.0.0", "::/0 via ::"};
    const auto expected = [&](const char* gateway) {
        return Texts{"10.20.0.0/16 via " + std::string(gateway),
                     "10.21.0.0/16 via 10.244.3.9",
                     nowhere[0],
                     nowhere[1]};
    };
    CHECK(routes_of(planned_by(win_bridge::BridgeEndpoint(request), input))
          == expected("10.244.0.2"));
    CHECK(routes_of(planned_by(nat::NatEndpoint(request), input)) == expected("10.244.0.1"));
    CHECK(routes_of(planned_by(sdnbridge::SdnBridgeEndpoint(request), input))
          == expected("10.244.0.2"));
    CHECK(routes_of(planned_by(win_overlay::OverlayEndpoint(request), input))
          == expected("10.244.0.1"));
    CHECK(routes_of(planned_by(win_bridge::BridgeEndpoint(request), pod({}))) == nowhere);
}

TEST_CASE("A default route to nowhere is none, in either API") {
    const json v2{{"ID", "e1"},
                  {"Routes",
                   {{{"NextHop", "0.0.0.0"}, {"DestinationPrefix", "0.0.0.0/0"}},
                    {{"NextHop", "::"}, {"DestinationPrefix", "::/0"}},
                    {{"NextHop", "0.0.0.0"}, {"DestinationPrefix", "10.244.4.0/24"}}}}};
    const auto found = hnsclient::v2::decode_endpoint({v2, "endpoint"});
    CHECK(routes_of(found) == Texts{"10.244.4.0/24 via 0.0.0.0"});
    const json v1{{"ID", "e1"}, {"GatewayAddress", "0.0.0.0"}, {"GatewayAddressV6", "::"}};
    CHECK(hnsclient::v1::decode_endpoint({v1, "endpoint"}).routes.empty());
    Endpoint plan;
    plan.routes = {{cidr("0.0.0.0/0"), ip("0.0.0.0")}};
    CHECK(hnsclient::v1::encode(plan)["GatewayAddress"] == "0.0.0.0");
}

TEST_CASE("The result names no gateway, and the next hops that HNS has") {
    const auto network = pod({}).network;
    Endpoint endpoint;
    endpoint.addresses = {{ip("10.244.3.7")}};
    endpoint.routes = {{cidr("10.20.0.0/16"), ip("10.244.3.2")}};
    auto given = ipam({"10.244.3.7/24"});
    given.routes = {route("0.0.0.0/0"), route("10.20.0.0/16")};
    const auto result = plugins::result_for(endpoint, network, given, {}, "");
    CHECK_FALSE(result.ips.at(0).gateway);
    REQUIRE(result.routes.size() == 1);
    CHECK(result.routes[0].gateway == ip("10.244.3.2"));
    CHECK(plugins::result_for(endpoint, network, plugins::remembered(endpoint), {}, "").routes
          == result.routes);
}

TEST_CASE("CHECK finds a default route that is not to be there") {
    Endpoint found;
    found.network_id = pod({}).network.id;
    Endpoint plan = found;
    plan.routes = {{cidr("0.0.0.0/0"), ip("0.0.0.0")}};
    CHECK(plugins::differences(plan, found).empty());
    found.routes = {{cidr("::/0"), ip("fd00::1")}};
    CHECK(plugins::differences(plan, found).empty());
    found.routes.push_back({cidr("0.0.0.0/0"), ip("10.244.4.1")});
    CHECK(plugins::differences(plan, found)
              .at(0)
              .starts_with("route: expected none to 0.0.0.0/0, found ::/0 via fd00::1, 0.0.0.0/0 "
                           "via 10.244.4.1"));
}

TEST_CASE("CHECK takes a default route that ADD told, and without prevResult HNS's addresses") {
    const auto conf = libcni::parse_config(R"({"cniVersion": "1.1.0", "name": "cbr0"})");
    Endpoint plan;
    plan.routes = {{cidr("0.0.0.0/0"), ip("0.0.0.0")}};
    auto told = ipam({"10.244.3.7/24"});
    Endpoint with_told = plan;
    plugins::expect_what_hns_chose(with_told, conf, told, told);
    CHECK(routes_of(with_told).front() == "0.0.0.0/0 via 10.244.3.1");
    told.ips[0].gateway.reset();
    Endpoint without = plan;
    plugins::expect_what_hns_chose(without, conf, told, told);
    CHECK(routes_of(without) == Texts{"0.0.0.0/0 via 0.0.0.0"});
}

TEST_CASE("An author's default route beside isDefaultGateway: false is told, each by its place") {
    json conf = without_default_route;
    conf["ipam"] = {{"type", "host-local"},
                    {"routes",
                     {{{"dst", "10.20.0.0/16"}},
                      {{"dst", "0.0.0.0/0"}},
                      {{"dst", "::/0"}, {"gw", "fd00::1"}},
                      {{"dst", "what?"}}}}};
    const std::string why = " is a default route, which the pod does not get: "
                            "conf.isDefaultGateway is false";
    CHECK(warnings_on(conf) == Texts{"conf.ipam.routes[1]" + why, "conf.ipam.routes[2]" + why});
    json of_microsoft = without_default_route;
    of_microsoft["optionalFlags"] = {{"gatewayFromAdditionalRoutes", true}};
    of_microsoft["additionalRoutes"] = json::array({{{"GW", "10.244.3.9"}}});
    const Captured log;
    const sdnbridge::SdnBridgeEndpoint kind(request_with(of_microsoft));
    CHECK(log.texts(Level::warning)
          == Texts{"conf.additionalRoutes[0].GW is that of a default route, which the pod does not "
                   "get: conf.isDefaultGateway is false"});
    conf["isDefaultGateway"] = true;
    CHECK(warnings_on(conf).empty());
    conf["isDefaultGateway"] = false;
    conf["ipam"]["type"] = "azure-vnet-ipam";
    CHECK(warnings_on(conf).empty());
}

TEST_CASE("A default route that HNS makes all the same is told, a gateway not twice") {
    json conf = without_default_route;
    conf["ipam"] = {{"type", "host-local"}, {"gateway", "10.244.3.9"}};
    Endpoint endpoint{.name = "c1_cbr0"};
    endpoint.addresses = {{ip("10.244.3.7")}};
    const auto read = conf_of(conf);
    const Captured log;
    plugins::warn_of_unused_gateways(read, endpoint);
    CHECK(log.texts(Level::warning).empty());
    endpoint.routes = {{cidr("0.0.0.0/0"), ip("10.244.3.1")}};
    plugins::warn_of_unused_gateways(read, endpoint);
    CHECK(log.texts(Level::warning)
          == Texts{"HNS made a default route of its own, through 10.244.3.1, for endpoint c1_cbr0, "
                   "although conf.isDefaultGateway is false"});
}
