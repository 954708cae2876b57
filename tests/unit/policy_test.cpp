// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/policy.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::add_nat_destination;
using hnsclient::add_nat_exception;
using hnsclient::OutboundNat;
using hnsclient::Policy;
using hnsclient::widest_prefixes;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

Policy decoded(const json& value) {
    return hnsclient::decode_policy(libcni::JsonReader(value, "policy"));
}

/// What HNS gets for a policy that the author wrote.
json for_hns(const std::string& text) {
    return hnsclient::v2::encode(decoded(json::parse(text)));
}

std::string fault_of(const std::string& text) {
    const json value = json::parse(text);
    return shape_fault_of([&] { return decoded(value); });
}

Policy nat(Texts exceptions, Texts destinations = {}) {
    OutboundNat policy;
    policy.exceptions = std::move(exceptions);
    policy.destinations = std::move(destinations);
    return policy;
}

} // namespace

TEST_CASE("Both spellings of a policy, in any case, reach HNS as the one that it understands") {
    struct Case {
        std::string v1;
        std::string v2;
        std::string odd;
    };

    const Case cases[] = {
        {R"({"Type":"OutBoundNAT","ExceptionList":["10.0.0.0/8"],"VIP":"1.2.3.4"})",
         R"({"Type":"OutBoundNAT","Settings":{"Exceptions":["10.0.0.0/8"],"VirtualIP":"1.2.3.4"}})",
         R"({"type":"outboundnat","settings":{"exceptionList":["10.0.0.0/8"],"vip":"1.2.3.4"}})"},
        {R"({"Type":"ROUTE","DestinationPrefix":"10.96.0.0/12","NeedEncap":true})",
         R"({"Type":"SDNRoute","Settings":{"DestinationPrefix":"10.96.0.0/12","NeedEncap":true}})",
         R"({"TYPE":"SDNROUTE","SETTINGS":{"destinationprefix":"10.96.0.0/12","needencap":true}})"},
        {R"({"Type":"NAT","InternalPort":80,"ExternalPort":8080,"Protocol":"TCP"})",
         R"({"Type":"PortMapping","Settings":
             {"InternalPort":80,"ExternalPort":8080,"Protocol":6,"VIP":""}})",
         R"({"type":"nat","internalPort":80,"externalport":8080,"protocol":"tcp"})"},
        {R"({"Type":"NAT","InternalPort":53,"ExternalPort":53,"Protocol":"UDP",
             "ExternalIP":"1.2.3.4"})",
         R"({"Type":"PortMapping","Settings":
             {"InternalPort":53,"ExternalPort":53,"Protocol":17,"VIP":"1.2.3.4"}})",
         R"({"type":"PORTMAPPING","settings":
             {"internalport":53,"externalport":53,"protocol":"Udp","vip":"1.2.3.4"}})"},
        {R"({"Type":"PA","PA":"192.0.2.10"})",
         R"({"Type":"ProviderAddress","Settings":{"ProviderAddress":"192.0.2.10"}})",
         R"({"type":"pa","pa":"192.0.2.10"})"},
        {R"({"Type":"ACL","Action":"Block","Direction":"Out","Priority":200})",
         R"({"Type":"ACL","Settings":{"Action":"Block","Direction":"Out","Priority":200}})",
         R"({"type":"acl","Action":"Block","Direction":"Out","Priority":200})"},
        {R"({"Type":"QOS","MaximumOutgoingBandwidthInBytes":1000000})",
         R"({"Type":"QOS","Settings":{"MaximumOutgoingBandwidthInBytes":1000000}})",
         R"({"type":"qos","Settings":{"MaximumOutgoingBandwidthInBytes":1000000}})"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.v2);
        CHECK(for_hns(one.v1) == json::parse(one.v2));
        CHECK(for_hns(one.v2) == json::parse(one.v2));
        CHECK(for_hns(one.odd) == json::parse(one.v2));
    }
}

TEST_CASE("Settings that are not modelled stay beside those that are") {
    const char* nat_text = R"({"Type":"OutBoundNAT","Settings":
        {"Exceptions":["10.0.0.0/8"],"Flags":1,"MaxPortPoolUsage":100,"Odd":{"a":[1]}}})";
    CHECK(for_hns(nat_text) == json::parse(nat_text));
    const char* route_text = R"({"Type":"SDNRoute","Settings":
        {"DestinationPrefix":"10.0.0.0/8","NextHop":"10.0.0.1","NeedEncap":false,
         "AutomaticSetup":true}})";
    CHECK(for_hns(route_text) == json::parse(route_text));
    const char* mapping_text = R"({"Type":"PortMapping","Settings":
        {"InternalPort":80,"ExternalPort":8080,"Protocol":6,"VIP":"","Flags":1,
         "ExternalPortReserved":true}})";
    CHECK(for_hns(mapping_text) == json::parse(mapping_text));
}

TEST_CASE("A policy that is not modelled is carried untouched") {
    for (
        const char* text :
        {R"({"Type":"L4WFPPROXY","Settings":{"OutboundProxyPort":"15001","Filter":{"a":[null,1.5]}}})",
         R"({"Type":"L2Driver","Settings":{}})",
         R"({"type":"NewInWindows2030","x":1})",
         R"({"Type":"VLAN","VLAN":7})"}) {
        CAPTURE(text);
        CHECK(for_hns(text) == json::parse(text));
    }
}

TEST_CASE("Policies with the same settings in both APIs are written in the shape of each") {
    for (const char* type : {"L4WFPPROXY",
                             "L4Proxy",
                             "L2Driver",
                             "PortName",
                             "EncapOverhead",
                             "Iov",
                             "TierAcl",
                             "InterfaceConstraint",
                             "QOS"}) {
        CAPTURE(type);
        const json flat{{"Type", type}, {"X", {{"a", json::array({nullptr, 1.5})}}}};
        const json nested{{"Type", type}, {"Settings", {{"X", flat["X"]}}}};
        CHECK(hnsclient::v2::encode(decoded(flat)) == nested);
        CHECK(hnsclient::v2::encode(decoded(nested)) == nested);
        CHECK(hnsclient::v1::encode(decoded(flat)) == flat);
        CHECK(hnsclient::v1::encode(decoded(nested)) == flat);
    }
    CHECK(for_hns(R"({"Type":"l4wfpproxy","Y":1})")
          == json::parse(R"({"Type":"L4WFPPROXY","Settings":{"Y":1}})"));
}

TEST_CASE("An ACL of HNS v1 has single numbers where HCN has lists") {
    CHECK(
        for_hns(R"({"Type":"ACL","Protocol":6,"LocalPort":445,"RemotePort":"80","Action":"Block"})")
        == json::parse(R"({"Type":"ACL","Settings":
               {"Protocols":"6","LocalPorts":"445","RemotePorts":"80","Action":"Block"}})"));
    CHECK(for_hns(R"({"Type":"ACL","Settings":{"Protocol":6,"Protocols":"17"}})")
          == json::parse(R"({"Type":"ACL","Settings":{"Protocols":"17"}})"));
    const json acl = json::parse(R"({"Type":"ACL","Protocol":6,"LocalPort":445})");
    CHECK(hnsclient::v1::encode(decoded(acl)) == acl);
}

TEST_CASE("What is not a policy, or has settings of a wrong type, is refused with the place") {
    struct Case {
        std::string text;
        std::string fault;
    };

    const Case cases[] = {
        {R"("OutBoundNAT")", "policy must be an object with a \"Type\""},
        {R"([])", "policy must be an object with a \"Type\""},
        {R"({})", "policy.Type is missing"},
        {R"({"Settings":{}})", "policy.Type is missing"},
        {R"({"Type":null})", "policy.Type is missing"},
        {R"({"Type":7})", "policy.Type must be a string"},
        {R"({"Type":"OutBoundNAT","Settings":7})", "policy.Settings must be an object"},
        {R"({"Type":"OutBoundNAT","ExceptionList":7})", "policy.ExceptionList must be an array"},
        {R"({"Type":"ROUTE"})", "policy.DestinationPrefix is missing"},
        {R"({"Type":"ROUTE","DestinationPrefix":"","NeedEncap":true})",
         "policy.DestinationPrefix must be a network"},
        {R"({"Type":"SDNRoute","Settings":{"DestinationPrefix":""}})",
         "policy.Settings.DestinationPrefix must be a network"},
        {R"({"Type":"SDNRoute","Settings":{"DestinationPrefix":"10.0.0.0/8","NeedEncap":"yes"}})",
         "policy.Settings.NeedEncap must be true or false"},
        {R"({"Type":"NAT","InternalPort":70000,"ExternalPort":1,"Protocol":"TCP"})",
         "policy.InternalPort must be a whole number from 0 to 65535"},
        {R"({"Type":"NAT","InternalPort":1,"ExternalPort":1,"Protocol":"SCTP"})",
         "policy.Protocol must be TCP (6) or UDP (17), not \"SCTP\""},
        {R"({"Type":"NAT","InternalPort":1,"ExternalPort":1,"Protocol":"6"})",
         "policy.Protocol must be TCP (6) or UDP (17), not \"6\""},
        {R"({"Type":"PortMapping","Settings":
             {"InternalPort":1,"ExternalPort":1,"Protocol":"132"}})",
         "policy.Settings.Protocol must be TCP (6) or UDP (17), not \"132\""},
        {R"({"Type":"NAT","InternalPort":1,"ExternalPort":1})", "policy.Protocol is missing"},
        {R"({"Type":"PA"})", "policy.PA is missing"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        CHECK(missing_in(fault_of(one.text), {one.fault}) == "");
    }
}

TEST_CASE("Nulls in lists, as scripts with unset variables write them, are left out") {
    CHECK(for_hns(R"({"Type":"OutBoundNAT","Settings":{"Exceptions":[null,"10.0.0.0/8",""]}})")
          == json::parse(R"({"Type":"OutBoundNAT","Settings":{"Exceptions":["10.0.0.0/8"]}})"));
    CHECK(for_hns(R"({"Type":"OutBoundNAT","Settings":{"Exceptions":[null]}})")
          == json::parse(R"({"Type":"OutBoundNAT","Settings":{}})"));
}

TEST_CASE("A list of one that PowerShell made a string of is a list of one") {
    CHECK(decoded({{"Type", "OutBoundNAT"}, {"ExceptionList", "10.0.0.0/8"}})
          == nat({"10.0.0.0/8"}));
}

TEST_CASE("B54: of several prefixes with one base address only the widest is kept") {
    struct Case {
        Texts all;
        Texts widest;
    };

    const Case cases[] = {
        {{"10.240.0.0/16", "10.240.0.0/12", "10.240.0.0/12"}, {"10.240.0.0/12"}},
        {{"10.240.0.0/12", "10.240.0.0/16"}, {"10.240.0.0/12"}},
        {{"10.0.0.0/8", "10.240.0.0/16", "10.0.0.0/8"}, {"10.0.0.0/8", "10.240.0.0/16"}},
        {{"192.168.0.0/16", "10.0.0.0/24", "172.16.0.0/12", "10.0.0.0/8"},
         {"192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"}},
        {{"10.244.3.7/16", "10.244.0.0/24"}, {"10.244.3.7/16"}},
        {{"fd00::/64", "fd00::/48", "10.0.0.0/8"}, {"fd00::/48", "10.0.0.0/8"}},
        {{"0.0.0.0/0", "::/0"}, {"0.0.0.0/0", "::/0"}},
        {{"10.0.0.1", "10.0.0.1", "odd"}, {"10.0.0.1", "odd"}},
        {{}, {}},
    };
    for (const auto& [all, widest] : cases)
        CHECK(widest_prefixes(all) == widest);
    CHECK(decoded({{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.240.0.0/16", "10.240.0.0/12"}}})
          == nat({"10.240.0.0/12"}));
}

TEST_CASE("D13: an exception joins the author's OutBoundNAT policy instead of a second one") {
    std::vector<Policy> policies{hnsclient::ProviderAddress{"192.0.2.10"}, nat({"10.96.0.0/12"})};
    add_nat_exception(policies, "10.244.0.0/16");
    add_nat_exception(policies, "10.244.0.0/16");
    add_nat_exception(policies, "10.244.0.0/24");
    REQUIRE(policies.size() == 2);
    CHECK(policies[1] == nat({"10.96.0.0/12", "10.244.0.0/16"}));
}

TEST_CASE("An exception makes an OutBoundNAT policy where there is none") {
    std::vector<Policy> policies{hnsclient::ProviderAddress{"192.0.2.10"}};
    add_nat_exception(policies, "10.244.0.0/16");
    REQUIRE(policies.size() == 2);
    CHECK(policies[1] == nat({"10.244.0.0/16"}));
}

TEST_CASE("An exception joins a policy of its own family, or one that has none yet") {
    std::vector<Policy> policies{nat({"10.96.0.0/12"})};
    add_nat_exception(policies, "fd00::/48");
    add_nat_exception(policies, "10.244.0.0/16");
    add_nat_exception(policies, "fd01::/48");
    CHECK(policies
          == std::vector{nat({"10.96.0.0/12", "10.244.0.0/16"}), nat({"fd00::/48", "fd01::/48"})});
    std::vector<Policy> empty_one{nat({})};
    add_nat_exception(empty_one, "fd00::/48");
    CHECK(empty_one == std::vector{nat({"fd00::/48"})});
}

TEST_CASE("An exception never joins a policy that only translates some destinations") {
    std::vector<Policy> policies{nat({}, {"10.244.3.7"})};
    add_nat_exception(policies, "10.244.0.0/16");
    CHECK(policies == std::vector{nat({}, {"10.244.3.7"}), nat({"10.244.0.0/16"})});
}

TEST_CASE("A loopback DSR destination is a policy of its own, once") {
    std::vector<Policy> policies{nat({"10.244.0.0/16"})};
    add_nat_destination(policies, "10.244.3.7");
    add_nat_destination(policies, "10.244.3.7");
    add_nat_destination(policies, "fd00::7");
    CHECK(policies
          == std::vector{nat({"10.244.0.0/16"}), nat({}, {"10.244.3.7"}), nat({}, {"fd00::7"})});
}
