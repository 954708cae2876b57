// SPDX-License-Identifier: Apache-2.0
// The values that an author wrote into policies and lists of addresses, and how HNS gets them.
#include <doctest/doctest.h>

#include "hnsclient/codec.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/conf.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;

namespace {

json conf_with(const json& policy) {
    return {{"policies", json::array({{{"Name", "EndpointPolicy"}, {"Value", policy}}})}};
}

/// What HCN gets of one policy of a conf.
json sent_for(const std::string& policy) {
    json sent = json::array();
    for (const auto& own :
         plugins::read_endpoint_conf(request_with(conf_with(json::parse(policy)))).policies)
        sent.push_back(hnsclient::v2::encode(own));
    return sent;
}

Error fault_of(const json& conf) {
    return error_of([&] { return plugins::read_endpoint_conf(request_with(conf)); });
}

struct Sent {
    const char* written;
    const char* sent;
};

void check_sent(std::initializer_list<Sent> cases) {
    for (const auto& one : cases) {
        CAPTURE(one.written);
        CHECK(sent_for(one.written) == json::parse(one.sent));
    }
}

} // namespace

TEST_CASE("Exceptions are networks: host bits are masked, a bare address is one of its own") {
    check_sent({
        {R"({"Type":"OutBoundNAT","ExceptionList":["10.96.3.4/12","10.0.0.10"," fd00::1/8 "]})",
         R"([{"Type":"OutBoundNAT","Settings":{"Exceptions":["10.96.0.0/12","10.0.0.10/32"]}},
             {"Type":"OutBoundNAT","Settings":{"Exceptions":["fd00::/8"]}}])"},
        {R"({"type":"outboundnat","settings":{"exceptions":"10.96.0.0/12"}})",
         R"([{"Type":"OutBoundNAT","Settings":{"Exceptions":["10.96.0.0/12"]}}])"},
        {R"({"Type":"OutBoundNAT","ExceptionList":["FD00::5","10.1.0.0/16","10.1.2.3/16",null]})",
         R"([{"Type":"OutBoundNAT","Settings":{"Exceptions":["10.1.0.0/16"]}},
             {"Type":"OutBoundNAT","Settings":{"Exceptions":["fd00::5/128"]}}])"},
    });
}

TEST_CASE("A policy of both families goes to HNS as one for each, never without its destinations") {
    check_sent({
        {R"({"Type":"OutBoundNAT","Settings":{"Destinations":["10.244.4.3","fd00::3"],"X":1}})",
         R"([{"Type":"OutBoundNAT","Settings":{"Destinations":["10.244.4.3"],"X":1}},
             {"Type":"OutBoundNAT","Settings":{"Destinations":["fd00::3"],"X":1}}])"},
        {R"({"Type":"OutBoundNAT","Settings":
             {"Destinations":["10.244.4.3"],"Exceptions":["10.0.0.0/8","fd00::/8"]}})",
         R"([{"Type":"OutBoundNAT","Settings":
             {"Destinations":["10.244.4.3"],"Exceptions":["10.0.0.0/8"]}}])"},
        {R"({"Type":"ACL","Settings":{"RemoteAddresses":"10.0.0.9/8,fd00::/8,fd00::1/8"}})",
         R"([{"Type":"ACL","Settings":{"RemoteAddresses":"10.0.0.0/8"}},
             {"Type":"ACL","Settings":{"RemoteAddresses":"fd00::/8"}}])"},
        {R"({"Type":"OutBoundNAT","VIP":"10.1.2.3"})",
         R"([{"Type":"OutBoundNAT","Settings":{"VirtualIP":"10.1.2.3"}}])"},
        {R"({"Type":"OutBoundNAT"})", R"([{"Type":"OutBoundNAT","Settings":{}}])"},
    });
}

TEST_CASE("Routes, provider addresses, mappings and filters are parsed, too") {
    check_sent({
        {R"({"Type":"ROUTE","DestinationPrefix":"10.127.130.38","NeedEncap":true})",
         R"([{"Type":"SDNRoute","Settings":
             {"DestinationPrefix":"10.127.130.38/32","NeedEncap":true}}])"},
        {R"({"Type":"SDNRoute","Settings":{"DestinationPrefix":"10.96.0.7/12","NextHop":"10.0.0.1"}})",
         R"([{"Type":"SDNRoute","Settings":
             {"DestinationPrefix":"10.96.0.0/12","NeedEncap":false,"NextHop":"10.0.0.1"}}])"},
        {R"({"Type":"PA","PA":" 192.168.1.10"})",
         R"([{"Type":"ProviderAddress","Settings":{"ProviderAddress":"192.168.1.10"}}])"},
        {R"({"Type":"ACL","Settings":{"remoteaddresses":["10.0.0.5","10.1.0.0/16"],
             "Remoteports":8080,"localPorts":" 80 , 8080-8090"}})",
         R"([{"Type":"ACL","Settings":{"RemoteAddresses":"10.0.0.5,10.1.0.0/16",
             "RemotePorts":"8080","LocalPorts":"80,8080-8090"}}])"},
    });
}

TEST_CASE("N06: settings are sent with the API's spelling of their keys") {
    check_sent({
        {R"({"type":"acl","remoteports":"80","ACTION":"Block","protocols":"6","direction":"Out",
             "priority":7,"ruletype":"Switch","localport":445})",
         R"([{"Type":"ACL","Settings":{"RemotePorts":"80","Action":"Block","Protocols":"6",
             "Direction":"Out","Priority":7,"RuleType":"Switch","LocalPorts":"445"}}])"},
        {R"({"type":"qos","settings":{"maximumoutgoingbandwidthinbytes":5}})",
         R"([{"Type":"QOS","Settings":{"MaximumOutgoingBandwidthInBytes":5}}])"},
        {R"({"Type":"EncapOverhead","Settings":{"overhead":50}})",
         R"([{"Type":"EncapOverhead","Settings":{"Overhead":50}}])"},
        {R"({"Type":"L4WFPPROXY","Settings":{"outboundproxyport":"15001","usersid":"S-1-5-32-556",
             "filtertuple":{"protocols":"6"},"OutboundExceptions":{"ipaddressexceptions":["1.2.3.4"]}}})",
         R"([{"Type":"L4WFPPROXY","Settings":{"OutboundProxyPort":"15001","UserSID":"S-1-5-32-556",
             "FilterTuple":{"Protocols":"6"},
             "OutboundExceptions":{"IpAddressExceptions":["1.2.3.4"]}}}])"},
        {R"({"Type":"ACL","Settings":{"action":"Block","Action":"Allow"}})",
         R"([{"Type":"ACL","Settings":{"Action":"Allow"}}])"},
    });
}

TEST_CASE("The same policy twice is sent once") {
    const json policy = json::parse(
        R"({"Name":"EndpointPolicy","Value":{"Type":"ROUTE","DestinationPrefix":"10.96.0.0/12"}})");
    const json again = json::parse(
        R"({"Name":"EndpointPolicy","Value":{"Type":"SDNRoute","DestinationPrefix":"10.96.1.1/12"}})");
    const json conf{{"policies", {policy, again}}, {"AdditionalArgs", {policy}}};
    CHECK(plugins::read_endpoint_conf(request_with(conf)).policies.size() == 1);
}

TEST_CASE("Empty elements of lists are refused, other empty values are told and left out") {
    for (const std::string policy : {R"({"Type":"OutBoundNAT","ExceptionList":[""]})",
                                     R"({"Type":"OutBoundNAT","Exceptions":["10.0.0.0/8"," "]})",
                                     R"({"Type":"OutBoundNAT","Settings":{"Destinations":["\t"]}})",
                                     R"({"Type":"ACL","RemoteAddresses":["10.0.0.0/8",""]})",
                                     R"({"Type":"ACL","Settings":{"LocalPorts":[""]}})"}) {
        CAPTURE(policy);
        const Error error = error_of([&] { return sent_for(policy); });
        CHECK(error.code() == libcni::ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"]", "is empty"}) == "");
    }
    for (const std::string conf : {R"({"ipMasqNetworks": ["10.0.0.0/8", ""]})",
                                   R"({"dns": {"nameservers": [""]}})",
                                   R"({"dns": {"Search": [" "]}})"}) {
        CAPTURE(conf);
        const Error error =
            error_of([&] { return plugins::read_endpoint_conf(request_with(json::parse(conf))); });
        CHECK(error.code() == libcni::ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"is empty"}) == "");
    }
    for (
        const std::string keys :
        {R"("ipMasqNetwork": "")",
         R"("dns": {"nameservers": ""})",
         R"("dns": {"nameservers": [null]})",
         R"("policies": [{"name": "EndpointPolicy", "value": {"Type": "PA", "PA": ""}}])",
         R"("policies": [{"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT", "VIP": ""}}])",
         R"("AdditionalArgs": [{"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT",
             "Settings": {"ExceptionList": [null, "10.0.0.0/8"]}}}])",
         R"("policies": [{"name": "EndpointPolicy", "value": {"Type": "ROUTE",
             "DestinationPrefix": "10.0.0.0/8", "NextHop": ""}}])"}) {
        CAPTURE(keys);
        const libcni::log::Captured log;
        (void)plugins::read_endpoint_conf(request_with(json::parse("{" + keys + "}")));
        const auto warnings = log.texts(libcni::log::Level::warning);
        REQUIRE(warnings.size() == 1);
        CHECK(missing_in(warnings[0], {"conf.", "is empty and left out"}) == "");
    }
    // Runtimes write such lists.
    const json runtime{{"runtimeConfig", {{"dns", {{"servers", {""}}, {"searches", {""}}}}}}};
    const libcni::log::Captured log;
    CHECK(plugins::read_endpoint_conf(request_with(runtime)).dns.empty());
    CHECK(log.texts(libcni::log::Level::warning).empty());
}

TEST_CASE("N05: placeholders, joined lists and what is no value are refused by name") {
    struct Case {
        const char* policy;
        const char* msg;
        const char* details;
    };

    const Case cases[] = {
        {R"({"Type":"OutBoundNAT","ExceptionList":["10.0.0.0/8","<cluster cidr>"]})",
         "conf.policies[0].Value.ExceptionList[1] \"<cluster cidr>\" is a placeholder",
         "in its place"},
        {R"({"Type":"OutBoundNAT","Settings":{"Exceptions":["{{ .PodCIDR }}"]}})",
         "Settings.Exceptions[0] \"{{ .PodCIDR }}\" is a placeholder",
         "in its place"},
        {R"({"Type":"SDNRoute","Settings":{"DestinationPrefix":"${SERVICE_SUBNET}"}})",
         "DestinationPrefix \"${SERVICE_SUBNET}\" is a placeholder",
         "in its place"},
        {R"({"Type":"ACL","LocalPorts":"%PORT%"})", "is a placeholder", "in its place"},
        {R"({"Type":"PA","PA":"__NODE_IP__"})", "is a placeholder", "in its place"},
        {R"x({"Type":"NewInWindows2030","Settings":{"a":["$(Get-Vip)"]}})x",
         "Settings.a[0] \"$(Get-Vip)\" is a placeholder",
         "in its place"},
        {R"({"Type":"OutBoundNAT","ExceptionList":["System.Object[]"]})", "PowerShell", "-Depth"},
        {R"x("@{Type=OutBoundNAT; ExceptionList=System.Object[]}")x", "PowerShell", "-Depth"},
        {R"({"Type":"OutBoundNAT","ExceptionList":"10.96.0.0/12 10.244.0.0/16"})",
         "ExceptionList \"10.96.0.0/12 10.244.0.0/16\" holds several values in one string",
         "-Depth"},
        {R"({"Type":"OutBoundNAT","ExceptionList":["10.96.0.0/12,10.244.0.0/16"]})",
         "holds several values in one string",
         "write a list"},
        {R"({"Type":"ACL","RemoteAddresses":"10.0.0.1 10.0.0.2"})",
         "holds several values in one string",
         "write a list"},
        {R"({"Type":"OutBoundNAT","ExceptionList":["10.96.0.0/33"]})",
         "is not a network",
         "10.244"},
        {R"({"Type":"OutBoundNAT","Destinations":["pod"]})", "is not an IP address", "10.96"},
        {R"({"Type":"ROUTE","DestinationPrefix":"services"})", "is not a network", "10.244"},
        {R"({"Type":"ROUTE","DestinationPrefix":"10.0.0.0/8","NextHop":"fd00::1"})",
         "NextHop \"fd00::1\" is not of the family",
         "family"},
        {R"({"Type":"ACL","RemotePorts":"80000"})", "is not a port", "65535"},
        {R"({"Type":"ACL","RemotePorts":"90-80"})", "is not a port", "65535"},
        {R"({"Type":"ACL","LocalAddresses":"10.0.0.1","RemoteAddresses":"fd00::1"})",
         "filters addresses of one family by those of the other",
         "in common"},
        {R"({"Type":"NAT","Protocol":"TCP","InternalPort":0,"ExternalPort":80})",
         "InternalPort is 0",
         "65535"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.policy);
        const Error error = fault_of(conf_with(json::parse(one.policy)));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(error.msg().find(one.msg) != std::string::npos);
        CHECK(error.details().find(one.details) != std::string::npos);
    }
}

TEST_CASE("Name servers, domains and the networks without NAT are checked in the same way") {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"dns":{"Nameservers":"10.96.0.10 10.96.0.11"}})", "several values"},
        {R"({"dns":{"nameservers":["<dns>"]}})",
         "conf.dns.nameservers[0] \"<dns>\" is a placeholder"},
        {R"({"dns":{"nameservers":["ns1"]}})", "is not an IP address"},
        {R"({"dns":{"search":["{{ .Domain }}"]}})", "is a placeholder"},
        {R"({"dns":{"search":["svc.cluster.local cluster.local"]}})", "several values"},
        {R"({"dns":{"domain":"${DOMAIN}"}})", "is a placeholder"},
        {R"({"runtimeConfig":{"dns":{"servers":["10.96.0.10,10.96.0.11"]}}})", "several values"},
        {R"({"ipMasqNetwork":"<pod cidr>"})", "is a placeholder"},
        {R"({"ipMasqNetworks":["10.0.0.0/8 10.1.0.0/16"]})", "several values"},
        {R"({"createNetwork":{"subnet":"${POD_CIDR}"}})", "is a placeholder"},
        {R"({"createNetwork":{"subnet":"10.0.0.0/8","gateway":"System.Object[]"}})", "PowerShell"},
        {R"({"runtimeConfig":{"portMappings":[{"hostPort":80,"containerPort":80,"hostIP":"<ip>"}]}})",
         "is a placeholder"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.first);
        const Error error = fault_of(json::parse(one.first));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(error.msg().find(one.second) != std::string::npos);
    }
    const auto conf = plugins::read_endpoint_conf(request_with(json::parse(
        R"({"dns":{"nameservers":["10.96.0.10","FD00::A","10.96.0.10"]},
            "ipMasqNetworks":["10.244.3.4/16","10.244.0.0/16","10.9.8.7/32"]})")));
    CHECK(conf.dns.nameservers == std::vector<std::string>{"10.96.0.10", "fd00::a"});
    REQUIRE(conf.ip_masq_networks.size() == 2);
    CHECK(conf.ip_masq_networks[0].to_string() == "10.244.0.0/16");
    CHECK(conf.ip_masq_networks[1].to_string() == "10.9.8.7/32");
}
