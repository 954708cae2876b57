// SPDX-License-Identifier: Apache-2.0
// What plugins pass over, leave out or tidy up is said in a warning, and so is why.
#include <filesystem>

#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/log.hpp"
#include "plugins/common/attachment.hpp"
#include "plugins/common/policy_spelling.hpp"
#include "plugins/common/supported.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"
#include "tests/unit/fake_hns.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"

using hnsclient::ApiVersion;
using libcni::log::Captured;
using libcni::log::Level;
using nlohmann::json;
using plugins::EndpointConf;
using Texts = std::vector<std::string>;

namespace {

/// The warnings that `body` leaves.
template <class Body>
Texts warnings_of(Body body) {
    const Captured log;
    (void)body();
    return log.texts(Level::warning);
}

/// The warnings on this conf of a plugin with this kind of endpoint.
template <class Kind>
Texts warnings_on(const std::string& conf) {
    return warnings_of([&] { return Kind(request_with(json::parse(conf))).conf(); });
}

const auto bridge = warnings_on<win_bridge::BridgeEndpoint>;
const auto sdnbridge_on = warnings_on<sdnbridge::SdnBridgeEndpoint>;
const auto sdnoverlay_on = warnings_on<sdnoverlay::SdnOverlayEndpoint>;

/// An endpoint of pod c1, of HNS v1.
struct Joined {
    plugins::Pod pod;
    hnsclient::Endpoint endpoint{.id = "e1", .name = "c1_cbr0"};

    Joined() {
        auto request = request_with(json::object());
        request.netns = "none";
        pod = plugins::pod_of(request, {});
    }
};

} // namespace

TEST_CASE("A gateway of a route in ipam that nobody reads is told") {
    const auto on_route = [](const std::string& route) {
        return bridge(R"({"ipam": {"type": "host-local", "routes": [)" + route + "]}}");
    };
    CHECK(on_route(R"({"dst": "10.9.0.0/16", "gateway": "10.244.4.9"})")
          == Texts{"conf.ipam.routes[0].gateway 10.244.4.9 is read by nobody: the gateway of this "
                   "route is \"gw\""});
    CHECK(on_route(R"({"dst": "fd00:9::/48", "Gateway": "fd00::9"})").size() == 1);
    for (const std::string right : {R"({"dst": "10.9.0.0/16", "gw": "10.244.4.9"})",
                                    R"({"dst": "0.0.0.0/0", "gateway": "10.244.4.9"})",
                                    R"({"gateway": "10.244.4.9"})",
                                    R"({"dst": "10.9.0.0/16", "gateway": ""})"})
        CHECK(on_route(right).empty());
}

TEST_CASE("A conf that is honoured as it stands leaves no warning") {
    CHECK(bridge(R"({"apiVersion": 2, "loopbackDSR": true, "AdditionalArgs": [{"name":
        "EndpointPolicy", "value": {"Type": "OutBoundNAT", "ExceptionList": ["10.0.0.0/8"]}}]})")
              .empty());
    CHECK(sdnbridge_on(R"({"additionalRoutes": [{"GW": "10.244.3.9"}], "optionalFlags":
        {"gatewayFromAdditionalRoutes": true, "enableDualStack": true, "loopbackdsr": false}})")
              .empty());
    CHECK(sdnoverlay_on(R"({"optionalFlags": {"gatewayFromAdditionalRoutes": true}})").empty());
}

TEST_CASE("Policies that are not for endpoints are left out, by their place and name") {
    CHECK(bridge(R"({"AdditionalArgs": [{"name": "NetworkPolicy", "value": 7}],
                     "policies": [{"name": "OutBoundNatPolicy"}]})")
          == Texts{"conf.policies[0] is named \"OutBoundNatPolicy\": only policies named "
                   "EndpointPolicy are put on endpoints",
                   "conf.AdditionalArgs[0] is named \"NetworkPolicy\": only policies named "
                   "EndpointPolicy are put on endpoints"});
}

TEST_CASE("Unknown flags of Microsoft's plugins are named, once each") {
    const std::string conf = R"({"optionalFlags": {"loopbackDRS": true, "forceBridgeGateway": true,
                                                   "what": 7}})";
    const Texts unknown{"conf.optionalFlags.loopbackDRS is unknown and ignored",
                        "conf.optionalFlags.what is unknown and ignored"};
    CHECK(sdnbridge_on(conf) == unknown);
    CHECK(sdnoverlay_on(conf) == unknown);
}

TEST_CASE(
    "Additional routes that nobody reads are told: without the flag, and on overlays always") {
    const std::string routes = R"("additionalRoutes": [{"GW": "10.244.3.9"}])";
    CHECK(sdnbridge_on("{" + routes + "}")
          == Texts{"conf.additionalRoutes has no effect without "
                   "optionalFlags.gatewayFromAdditionalRoutes"});
    const Texts on_overlay{
        "conf.additionalRoutes has no effect: the gateway of an overlay is its network's"};
    CHECK(sdnoverlay_on("{" + routes + "}") == on_overlay);
    CHECK(
        sdnoverlay_on("{" + routes + R"(, "optionalFlags": {"gatewayFromAdditionalRoutes": true}})")
        == on_overlay);
}

TEST_CASE("An apiVersion that makes no sense is told by DEL and GC, one that is right is not") {
    const auto warnings = [](const std::string& conf) {
        return warnings_of([&] {
            return plugins::find_api_version(request_with(json::parse(conf)).conf.reader());
        });
    };
    CHECK(warnings("{}").empty());
    CHECK(warnings(R"({"apiVersion": "1"})").empty());
    CHECK(warnings(R"({"apiVersion": 3})") == Texts{"conf.apiVersion is 3"});
    CHECK(warnings(R"({"apiVersion": true})")
          == Texts{"conf.apiVersion must be a whole number from 0 to 4294967295, not true"});
}

TEST_CASE("What HNS v1 has no words for is left out with a warning, HCN leaves nothing out") {
    EndpointConf conf;
    conf.dns.options = {"ndots:5"};
    libcni::Result given = ipam({"10.244.3.7/24", "fd00::7/64", "10.244.4.7/24"});
    given.routes = {route("0.0.0.0/0"), route("10.96.0.0/12"), route("10.97.0.0/16")};
    given.dns.options = {"ndots:1"};
    FakeHns hns;
    const auto supported = [&] {
        (void)plugins::supported_conf(hns.abilities(), conf);
        return plugins::supported_addresses(hns.abilities(), given);
    };
    CHECK(warnings_of(supported).empty());
    hns.api = ApiVersion::v1;
    CHECK(warnings_of(supported)
          == Texts{"the conf's DNS options are left out: endpoints of HNS v1 have none; HCN "
                   "(apiVersion 2) has them",
                   "IPAM's routes are left out: endpoints of HNS v1 have none but their gateway; "
                   "HCN (apiVersion 2) has them",
                   "IPAM's DNS options are left out: endpoints of HNS v1 have none; HCN "
                   "(apiVersion 2) has them",
                   "IPAM's address 10.244.4.7/24 is left out: endpoints of HNS v1 have one of each "
                   "family"});
    conf = {};
    given = ipam({"10.244.3.7/24", "fd00::7/64"});
    given.routes = {route("0.0.0.0/0")};
    CHECK(warnings_of(supported).empty());
}

TEST_CASE("Loopback DSR that this HNS lacks is left out with the versions that have it") {
    FakeHns hns;
    EndpointConf conf;
    conf.loopback_dsr = true;
    const auto supported = [&] { return plugins::supported_here(hns, conf); };
    CHECK(
        warnings_of(supported)
        == Texts{"loopbackDSR is left out: this HNS does not have loopback DSR policies (versions "
                 "9.3 to 9.x, 10.2 and later have them)"});
    hns.service = {10, 2};
    CHECK(warnings_of(supported).empty());
}

TEST_CASE("What is left from an earlier life of the pod is removed by name") {
    FakeHns hns;
    plugins::Known known;
    known.stale = {{.id = "e7", .name = "c1_cbr0"}};
    const auto remove = [&] {
        plugins::remove_stale(hns, known);
        return 0;
    };
    CHECK(warnings_of(remove) == Texts{"removing the stale endpoint c1_cbr0 (e7)"});
    CHECK(hns.calls == Texts{"delete e7"});
}

TEST_CASE("B26: ADD again for a container that has ended is a warning, and the result the same") {
    constexpr std::uint32_t no_such_container = 0x8037010EU;
    const Joined joined;
    FakeHns hns;
    hns.api = ApiVersion::v1;
    libcni::Result result;
    const auto adopt = [&] {
        result = plugins::adopt(hns, joined.pod, joined.endpoint, {}, {});
        return 0;
    };
    CHECK(warnings_of(adopt).empty());
    const libcni::Result expected = result;
    hns.attaches = no_such_container;
    const Texts told = warnings_of(adopt);
    REQUIRE(told.size() == 1);
    CHECK(
        told[0].starts_with("endpoint c1_cbr0 already exists, but container c1 is not running: "));
    CHECK(result == expected);
    hns.attaches = 0x80070005U;
    CHECK_THROWS_AS(adopt(), libcni::Error);
}

namespace {

/// The warnings on a conf with this policy, without the place of the policy.
Texts on_policy(const std::string& policy) {
    Texts texts = bridge(R"({"policies": [{"name": "EndpointPolicy", "value": )" + policy + "}]}");
    for (auto& text : texts)
        for (auto at = text.find("conf.policies[0].value."); at != std::string::npos;
             at = text.find("conf.policies[0].value."))
            text.erase(at, std::string("conf.policies[0].value.").size());
    return texts;
}

} // namespace

TEST_CASE("Misspelt keys of policies are told, with those that were meant") {
    CHECK(on_policy(R"({"Type": "OutBoundNAT", "Setings": {"ExceptionList": ["10.0.0.0/8"]}})")
          == Texts{"Setings is read by nobody; did you mean Settings?"});
    CHECK(on_policy(R"({"Type": "OutBoundNAT", "ExceptionLst": ["10.0.0.0/8"]})")
          == Texts{"ExceptionLst is no setting that is known; did you mean ExceptionList?"});
    CHECK(on_policy(R"({"Type": "outboundnat", "Settings": {"exception": ["10.0.0.0/8"]}})")
          == Texts{"Settings.exception is no setting that is known; did you mean "
                   "Settings.Exceptions?"});
    CHECK(on_policy(R"({"Type": "SDNRoute", "Settings": {"DestinationPrefix": "10.0.0.0/8",
                        "NedEncap": true}})")
          == Texts{"Settings.NedEncap is no setting that is known; did you mean "
                   "Settings.NeedEncap?"});
    CHECK(on_policy(R"({"Type": "QOS", "Settings": {"MaximumOutgoingBandwithInBytes": 1}})")
          == Texts{"Settings.MaximumOutgoingBandwithInBytes is no setting that is known; did you "
                   "mean Settings.MaximumOutgoingBandwidthInBytes?"});
    CHECK(on_policy(R"({"Type": "ACL", "Settings": {"Acton": "Block", "Priorty": 1}})").size()
          == 2);
    CHECK(on_policy(R"({"Type": "OutBoundNta", "Settings": {"Exceptions": ["10.0.0.0/8"]}})")
          == Texts{"Type \"OutBoundNta\" is no type that is known, and is sent as it is; did you "
                   "mean \"OutBoundNAT\"?"});
}

TEST_CASE("Settings beside Settings are told: nobody reads them there") {
    CHECK(on_policy(R"({"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"]},
                        "Destinations": ["10.1.0.0/16"]})")
          == Texts{"Destinations is read by nobody beside Settings; did you mean "
                   "Settings.Destinations?"});
}

TEST_CASE("What is like none of the known settings is for HNS to know") {
    for (const std::string policy :
         {R"({"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"], "New": 7}})",
          R"({"type": "ROUTE", "destinationprefix": "10.0.0.0/8", "needencap": true})",
          R"({"Type": "VLAN", "VLAN": 7})",
          R"({"Type": "SetPolicy", "Settings": {"Id": "a", "Values": "10.0.0.1"}})",
          R"({"Type": "L4WFPPROXY", "Settings": {"OutboundProxyPort": "15001", "UserSID": "S-1",
              "FilterTuple": {"Protocols": "6"}, "OutboundExceptions": {"PortExceptions": ["22"]}}})",
          R"({"Type": "ACL", "Protocol": 6, "Action": "Allow", "Direction": "In", "Scope": 0,
              "RuleType": "Switch", "Id": "x", "RemotePort": 80, "Priority": 200})",
          R"({"Type": "PortMapping", "Settings": {"Protocol": 6, "InternalPort": 1,
              "ExternalPort": 2, "VIP": "", "Flags": 1, "Metadata": {"Setings": 1}}})"}) {
        CAPTURE(policy);
        CHECK(on_policy(policy).empty());
    }
}

TEST_CASE("No policy of the confs that people run has a misspelt key") {
    namespace fs = std::filesystem;
    int policies = 0;
    for (const auto& file : fs::directory_iterator(WINCNI_TEST_DATA "/../e2e/data/confs")) {
        const json conf =
            json::parse(libcni::read_file(file.path().string()).value_or(""), nullptr, false);
        if (!conf.is_object()) continue;
        for (const json& object : {conf, conf.value("delegate", json::object())})
            for (const char* key : {"policies", "AdditionalArgs"})
                for (const json& entry : object.value(key, json::array())) {
                    const json value = entry.value("value", entry.value("Value", json()));
                    CAPTURE(file.path().filename().string());
                    CHECK(warnings_of([&] {
                              plugins::warn_of_misspellings({value, "value"});
                              return 0;
                          }).empty());
                    ++policies;
                }
    }
    CHECK(policies > 20);
}
