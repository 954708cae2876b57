// SPDX-License-Identifier: Apache-2.0
// The conf keys that all Windows plugins share: policies, DNS, port mappings and the rest.
#include <doctest/doctest.h>

#include "hnsclient/codec.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/common/dns.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::ApiVersion;
using hnsclient::Protocol;
using libcni::Dns;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using plugins::EndpointConf;
using plugins::GatewayFrom;
using plugins::PortMapping;
using Texts = std::vector<std::string>;

namespace {

EndpointConf conf_of(const std::string& text) {
    return plugins::read_endpoint_conf(request_with(json::parse(text)));
}

Error fault_of(const std::string& text) {
    return error_of([&] { return conf_of(text); });
}

std::string shape_of(const std::string& text) {
    return shape_fault_of([&] { return conf_of(text); });
}

Dns dns_of(const std::string& text, const std::string& args = {}) {
    return plugins::effective_dns(request_with(json::parse(text), args));
}

json mappings(const json& list) {
    return {{"runtimeConfig", {{"portMappings", list}}}};
}

/// One mapping that is right, with one key set; null takes the key away.
json mapping_with(const std::string& key, const json& value) {
    json mapping{{"hostPort", 8080}, {"containerPort", 80}, {"protocol", "tcp"}};
    mapping[key] = value;
    return mappings(json::array({mapping}));
}

std::vector<PortMapping> ports_of(const json& conf) {
    return plugins::read_endpoint_conf(request_with(conf)).port_mappings;
}

Error fault_of_ports(const json& conf) {
    return error_of([&] { return ports_of(conf); });
}

} // namespace

TEST_CASE("A conf without any of the keys asks for nothing special") {
    const EndpointConf conf = conf_of("{}");
    CHECK_FALSE(conf.api_version);
    CHECK(conf.policies.empty());
    CHECK(conf.port_mappings.empty());
    CHECK(conf.dns.empty());
    CHECK_FALSE(conf.loopback_dsr);
    CHECK(conf.gateway_from == GatewayFrom::plugin);
    CHECK(conf.ip_masq_networks.empty());
}

TEST_CASE("D15: apiVersion is 1 or 2, as a number or, as PowerShell writes it, in quotes") {
    CHECK(conf_of(R"({"apiVersion": 2})").api_version == ApiVersion::v2);
    CHECK(conf_of(R"({"ApiVersion": 1})").api_version == ApiVersion::v1);
    CHECK(conf_of(R"({"apiVersion": "2"})").api_version == ApiVersion::v2);
    for (const std::string text : {R"({"apiVersion": 0})", R"({"apiVersion": 3})"}) {
        CHECK(fault_of(text).code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(fault_of(text).msg(), {"conf.apiVersion"}) == "");
    }
    for (const std::string text : {R"({"apiVersion": "v2"})",
                                   R"({"apiVersion": 2.5})",
                                   R"({"apiVersion": 4294967298})",
                                   R"({"apiVersion": true})"})
        CHECK(missing_in(shape_of(text), {"conf.apiVersion must be"}) == "");
}

TEST_CASE("DEL and GC: an apiVersion that makes no sense counts as none, and does not stop them") {
    const auto found_in = [](const std::string& text) {
        return plugins::find_api_version(request_with(json::parse(text)).conf.reader());
    };
    CHECK(found_in(R"({"apiVersion": 2})") == ApiVersion::v2);
    CHECK(found_in(R"({"ApiVersion": "1"})") == ApiVersion::v1);
    for (const std::string text : {"{}",
                                   R"({"apiVersion": null})",
                                   R"({"apiVersion": 0})",
                                   R"({"apiVersion": 3})",
                                   R"({"apiVersion": -1})",
                                   R"({"apiVersion": "v2"})",
                                   R"({"apiVersion": [2]})"}) {
        CAPTURE(text);
        CHECK_FALSE(found_in(text));
    }
}

TEST_CASE("Policies are read from `policies` and from Microsoft's AdditionalArgs, in any case") {
    const auto conf = conf_of(R"({
        "Policies": [{"Name": "endpointpolicy", "Value": {"type": "PA", "pa": "192.0.2.10"}}],
        "additionalArgs": [{"name": "EndpointPolicy",
                            "value": {"Type": "OutBoundNAT", "ExceptionList": ["10.0.0.0/8"]}},
                           {"name": "NetworkPolicy", "value": 7}]})");
    REQUIRE(conf.policies.size() == 2);
    CHECK(hnsclient::v2::encode(conf.policies[0])
          == json{{"Type", "ProviderAddress"}, {"Settings", {{"ProviderAddress", "192.0.2.10"}}}});
    CHECK(hnsclient::v2::encode(conf.policies[1])
          == json{{"Type", "OutBoundNAT"}, {"Settings", {{"Exceptions", {"10.0.0.0/8"}}}}});
}

TEST_CASE("HcnPolicyArgs are policies of HCN (v2), bare or wrapped, and none of HNS v1") {
    const std::string list = R"("HcnPolicyArgs": [
        {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "11.0.0.0/8", "NeedEncap": true}},
        {"Name": "EndpointPolicy",
         "Value": {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"]}}}])";
    for (const std::string version : {"", R"("apiVersion": 2, )"}) {
        CAPTURE(version);
        const auto conf = conf_of("{" + version + list + "}");
        REQUIRE(conf.policies.size() == 2);
        CHECK(hnsclient::v2::encode(conf.policies[0]) == json::parse(R"({"Type": "SDNRoute",
                  "Settings": {"DestinationPrefix": "11.0.0.0/8", "NeedEncap": true}})"));
        CHECK(hnsclient::v2::encode(conf.policies[1]).at("Type") == "OutBoundNAT");
    }
    const libcni::log::Captured log;
    CHECK(conf_of(R"({"ApiVersion": 1, )" + list + "}").policies.empty());
    CHECK(log.holds(libcni::log::Level::warning,
                    "conf.HcnPolicyArgs is left out: it is for HCN (v2), and apiVersion is 1"));
    CHECK_THROWS_AS(conf_of(R"({"HcnPolicyArgs": [{"Type": "ROUTE"}]})"), libcni::Error);
}

TEST_CASE("B51: a policy of HNS v1 keeps its settings") {
    const auto conf = conf_of(R"({"policies": [{"Name": "EndpointPolicy", "Value":
        {"Type": "ROUTE", "DestinationPrefix": "10.96.0.0/12", "NeedEncap": true}}]})");
    REQUIRE(conf.policies.size() == 1);
    CHECK(hnsclient::v2::encode(conf.policies[0]) == json::parse(R"({"Type": "SDNRoute",
              "Settings": {"DestinationPrefix": "10.96.0.0/12", "NeedEncap": true}})"));
}

TEST_CASE("A policy that cannot be understood is refused by its place, never dropped") {
    for (const std::string value : {R"("OutBoundNAT")",
                                    R"({})",
                                    R"({"Type": 7})",
                                    R"([])",
                                    R"({"Type": "ROUTE"})",
                                    R"({"Type": "OutBoundNAT", "Settings": 1})"}) {
        CAPTURE(value);
        const std::string text =
            R"({"policies": [{"Name": "EndpointPolicy", "Value": )" + std::string(value) + "}]}";
        const Error error = fault_of(text);
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.policies[0].Value"}) == "");
    }
    CHECK(shape_of(R"({"policies": [{"Name": "EndpointPolicy"}]})")
          == "conf.policies[0].value is missing");
    CHECK(missing_in(shape_of(R"({"policies": {}})"), {"conf.policies must be an array"}) == "");
    CHECK(missing_in(shape_of(R"({"policies": [7]})"), {"conf.policies[0] must be an object"})
          == "");
}

TEST_CASE("gatewayFrom, loopbackDSR and ipMasqNetwork are read and checked") {
    CHECK(conf_of(R"({"gatewayFrom": "IPAM"})").gateway_from == GatewayFrom::ipam);
    CHECK(conf_of(R"({"gatewayFrom": "network"})").gateway_from == GatewayFrom::network);
    CHECK(missing_in(fault_of(R"({"gatewayFrom": "bridge"})").msg(), {"conf.gatewayFrom", "bridge"})
          == "");
    CHECK(conf_of(R"({"loopbackDSR": true})").loopback_dsr);
    CHECK(shape_of(R"({"loopbackDSR": "true"})")
          == "conf.loopbackDSR must be true or false, not \"true\"");
    const auto first = libcni::Cidr::parse("10.244.0.0/16").value();
    const auto second = libcni::Cidr::parse("fd00:10:244::/48").value();
    CHECK(conf_of(R"({"ipMasqNetwork": "10.244.0.0/16"})").ip_masq_networks == std::vector{first});
    CHECK(conf_of(R"({"ipMasqNetwork": ""})").ip_masq_networks.empty());
    CHECK(conf_of(R"({"ipMasqNetwork": "10.0.0.7", "ipMasqNetworks": "fd00::7"})").ip_masq_networks
          == std::vector{libcni::Cidr::parse("10.0.0.7/32").value(),
                         libcni::Cidr::parse("fd00::7/128").value()});
    CHECK(conf_of(R"({"ipMasqNetwork": "10.244.0.0/16",
                      "ipMasqNetworks": ["10.244.0.0/16", "fd00:10:244::/48"]})")
              .ip_masq_networks
          == std::vector{first, second});
    for (const std::string text :
         {R"({"ipMasqNetwork": "<nil>"})", R"({"ipMasqNetworks": ["10.244.0.0/16", "x"]})"}) {
        CHECK(fault_of(text).code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(fault_of(text).msg(), {"conf.ipMasqNetwork"}) == "");
    }
}

TEST_CASE("B64: the runtime's DNS lists win where they say something; empty ones wipe nothing") {
    const Dns dns = dns_of(R"({"dns": {"nameservers": ["1.1.1.1"], "domain": "d", "search": ["a"],
        "options": ["ndots:1"]}, "runtimeConfig": {"dns": {"servers": ["10.96.0.10", "10.96.0.11"],
        "searches": ["z", "b"], "options": ["ndots:5"]}}})");
    CHECK(dns
          == Dns{.nameservers = {"10.96.0.10", "10.96.0.11"},
                 .domain = "d",
                 .search = {"z", "b"},
                 .options = {"ndots:5"}});
    const char* nothing_new = R"({"dns": {"nameservers": ["1.1.1.1"], "search": ["a"],
        "options": ["o"]}, "runtimeConfig": {"dns": {"servers": [], "searches": [""],
        "options": null}}})";
    CHECK(dns_of(nothing_new)
          == Dns{.nameservers = {"1.1.1.1"}, .domain = {}, .search = {"a"}, .options = {"o"}});
    CHECK(dns_of(R"({"DNS": {"Nameservers": "10.96.0.10", "Search": "a"}})")
          == Dns{.nameservers = {"10.96.0.10"}, .domain = {}, .search = {"a"}, .options = {}});
    CHECK(dns_of("{}").empty());
}

TEST_CASE("B65: the pod's namespace comes before one cluster suffix, once, and only when asked") {
    struct Case {
        std::string conf;
        std::string args;
        Texts search;
    };

    const char* asked =
        R"({"dns": {"search": ["svc.cluster.local"]}, "appendNamespaceToSearch": true})";
    const char* ns = "IgnoreUnknown=1;K8S_POD_NAMESPACE=test";
    const Case cases[] = {
        {asked, ns, {"test.svc.cluster.local", "svc.cluster.local"}},
        {asked, "", {"svc.cluster.local"}},
        {asked, "K8S_POD_NAMESPACE=", {"svc.cluster.local"}},
        {R"({"dns": {"search": ["svc.cluster.local"]}})", ns, {"svc.cluster.local"}},
        {R"({"dns": {"search": ["svc.cluster.local"]}, "appendNamespaceToSearch": false})",
         ns,
         {"svc.cluster.local"}},
        {R"({"dns": {"search": ["default.svc.cluster.local"]}, "appendNamespaceToSearch": true})",
         ns,
         {"default.svc.cluster.local"}},
        {R"({"dns": {"search": ["svc.cluster.local", "b"]}, "appendNamespaceToSearch": true})",
         ns,
         {"svc.cluster.local", "b"}},
        {R"({"dns": {"search": ["svc.cluster.local"]}, "appendNamespaceToSearch": true,
             "runtimeConfig": {"dns": {"searches": ["other.svc.cluster.local", "x"]}}})",
         ns,
         {"other.svc.cluster.local", "x"}},
        {R"({"appendNamespaceToSearch": true,
             "runtimeConfig": {"dns": {"searches": ["svc.cluster.local"]}}})",
         ns,
         {"svc.cluster.local"}},
        {R"({"appendNamespaceToSearch": true})", ns, {}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.conf);
        CHECK(dns_of(one.conf, one.args).search == one.search);
    }
}

TEST_CASE("B71: tcp and udp in any case or by decimal number; nothing means tcp") {
    struct Case {
        json protocol;
        Protocol wanted;
    };

    const Case cases[] = {{"tcp", Protocol::tcp},
                          {"TCP", Protocol::tcp},
                          {"Tcp", Protocol::tcp},
                          {"6", Protocol::tcp},
                          {6, Protocol::tcp},
                          {"", Protocol::tcp},
                          {nullptr, Protocol::tcp},
                          {"udp", Protocol::udp},
                          {"Udp", Protocol::udp},
                          {"17", Protocol::udp},
                          {17, Protocol::udp}};
    for (const Case& one : cases) {
        CAPTURE(one.protocol.dump());
        const auto found = ports_of(mapping_with("protocol", one.protocol));
        REQUIRE(found.size() == 1);
        CHECK(found[0].protocol == one.wanted);
        CHECK(found[0].host_port == 8080);
        CHECK(found[0].container_port == 80);
        CHECK_FALSE(found[0].host_address);
    }
}

TEST_CASE("B71: a protocol that HNS cannot map is refused by name, never skipped or misread") {
    for (const json& protocol : {json("sctp"),
                                 json("SCTP"),
                                 json("132"),
                                 json(132),
                                 json("0x6"),
                                 json("0x11"),
                                 json("017"),
                                 json("06"),
                                 json(" tcp"),
                                 json("icmp"),
                                 json(0),
                                 json("tcp,udp")}) {
        CAPTURE(protocol.dump());
        const Error error = fault_of_ports(mapping_with("protocol", protocol));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        const std::string shown =
            protocol.is_string() ? protocol.get<std::string>() : protocol.dump();
        CHECK(missing_in(error.msg(), {"conf.runtimeConfig.portMappings[0].protocol", shown})
              == "");
    }
}

TEST_CASE("A port outside 1 to 65535 is refused by name") {
    for (const std::string key : {"hostPort", "containerPort"}) {
        for (const json& port : {json(65536), json(-1), json(4294967376), json("80"), json(80.5)}) {
            CAPTURE(port.dump());
            const Error error = fault_of_ports(mapping_with(key, port));
            CHECK(error.code() == ErrorCode::invalid_network_config);
            CHECK(missing_in(error.msg(), {"portMappings[0]", key}) == "");
        }
    }
    for (const json& none : {json(0), json(nullptr)})
        CHECK(missing_in(fault_of_ports(mapping_with("containerPort", none)).msg(),
                         {"portMappings[0].containerPort"})
              == "");
    CHECK(ports_of(mapping_with("hostPort", 65535)).at(0).host_port == 65535);
}

TEST_CASE("A host port of 0 maps nothing, so nothing about it can be wrong") {
    CHECK(ports_of(mapping_with("hostPort", 0)).empty());
    CHECK(ports_of(mapping_with("hostPort", nullptr)).empty());
    CHECK(ports_of(mappings({{{"containerPort", 132}, {"protocol", "sctp"}}})).empty());
    CHECK(ports_of(mappings({{{"hostPort", 0}, {"containerPort", 1}},
                             {{"hostPort", 53}, {"containerPort", 53}, {"protocol", "udp"}}}))
              .size()
          == 1);
}

TEST_CASE("B69: hostIP is the address that is mapped; none, 0.0.0.0 and :: mean all") {
    CHECK(ports_of(mapping_with("hostIP", "127.0.0.1")).at(0).host_address
          == libcni::parse_address("127.0.0.1"));
    CHECK(ports_of(mapping_with("HostIP", "fd00::1")).at(0).host_address
          == libcni::parse_address("fd00::1"));
    for (const json& all : {json(""), json("0.0.0.0"), json("::"), json(nullptr)})
        CHECK_FALSE(ports_of(mapping_with("hostIP", all)).at(0).host_address);
    for (const std::string wrong : {"localhost", "10.0.0.1/32", "010.0.0.1"}) {
        const Error error = fault_of_ports(mapping_with("hostIP", wrong));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"portMappings[0].hostIP", wrong}) == "");
    }
}

TEST_CASE("The same host port twice is one mapping, and leads to one port of the pod") {
    const auto port = [](int host, int container, const char* protocol, const char* address) {
        return json{{"hostPort", host},
                    {"containerPort", container},
                    {"protocol", protocol},
                    {"hostIP", address}};
    };
    const json first = port(8080, 80, "tcp", "");
    for (const json& double_of_it : {first,
                                     port(8080, 80, "TCP", "0.0.0.0"),
                                     port(8080, 80, "", "::"),
                                     port(8080, 80, "6", "")})
        CHECK(ports_of(mappings({first, double_of_it})).size() == 1);
    CHECK(ports_of(mappings({port(53, 53, "udp", "10.0.0.1"), port(53, 53, "udp", "10.0.0.1")}))
              .size()
          == 1);
    for (const json& other : {port(8081, 80, "tcp", ""),
                              port(8080, 80, "udp", ""),
                              port(8080, 81, "udp", ""),
                              port(8080, 80, "tcp", "10.0.0.1"),
                              port(0, 81, "tcp", "")})
        CHECK(ports_of(mappings({first, port(9090, 90, "tcp", ""), other})).size()
              == (other.at("hostPort") == 0 ? 2 : 3));
    CHECK(ports_of(mappings({port(53, 53, "udp", "10.0.0.1"), port(53, 54, "udp", "10.0.0.2")}))
              .size()
          == 2);
    for (const json& wrong : {port(8080, 81, "tcp", ""),
                              port(8080, 81, "6", "::"),
                              port(8080, 443, "TCP", "10.0.0.1")}) {
        const Error error = fault_of_ports(mappings({first, wrong}));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"portMappings[1]", "8080/tcp", "port 80"}) == "");
    }
}

TEST_CASE("Only an HNS that is unavailable is worth another try; every failure has a hint") {
    using hnsclient::hresult;
    for (const std::uint32_t code : {0x803B0001U,
                                     0x803B0013U,
                                     0x803B002BU,
                                     0x803B002FU,
                                     0x803B000DU,
                                     0x80070032U,
                                     0x80070005U,
                                     0x800706BAU,
                                     0x80004005U}) {
        const hnsclient::HnsError hns("HcnCreateEndpoint", hresult(code), "");
        const Error error = plugins::to_cni_error(hns);
        CHECK(error.code()
              == (code == 0x800706BAU ? ErrorCode::try_again_later : ErrorCode::hns_failure));
        CHECK(error.msg() == hns.what());
        CHECK_FALSE(error.details().empty());
    }
}
