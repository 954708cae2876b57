// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using hnsclient::Network;
using hnsclient::OtherPolicy;
using hnsclient::Policy;
using libcni::Cidr;
using libcni::JsonReader;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

namespace v1 = hnsclient::v1;

const std::string id = "C0000001-FA4E-4000-A000-0000000C6B00";

libcni::Address ip(const char* text) {
    return libcni::parse_address(text).value();
}

hnsclient::MacAddress mac(const char* text) {
    return hnsclient::MacAddress::parse(text).value();
}

Cidr cidr(const char* text) {
    return Cidr::parse(text).value();
}

Network network(const std::string& text) {
    const json value = json::parse(text);
    return v1::decode_network(JsonReader(value, "answer"));
}

Endpoint endpoint(const std::string& text) {
    const json value = json::parse(text);
    return v1::decode_endpoint(JsonReader(value, "answer"));
}

/// What HNS v1 gets for a policy that the author wrote.
json for_hns(const std::string& text) {
    const json value = json::parse(text);
    return v1::encode(hnsclient::decode_policy(JsonReader(value, "policy")));
}

Endpoint endpoint_with(std::vector<hnsclient::EndpointAddress> addresses,
                       std::vector<hnsclient::EndpointRoute> routes = {}) {
    Endpoint made;
    made.name = "c1_cbr0";
    made.network_id = id;
    made.addresses = std::move(addresses);
    made.routes = std::move(routes);
    return made;
}

} // namespace

TEST_CASE("v1: a network is written in HNS's spelling") {
    Network made;
    made.name = "vxlan0";
    made.type = "Overlay";
    made.subnets = {{.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.1"), .vni = 4096},
                    {.prefix = cidr("10.9.0.0/16")}};
    made.adapter = "Ethernet \"2\"";
    made.mac_ranges = {{mac("00-15-5D-52-C0-00"), mac("00-15-5D-52-CF-FF")}};
    made.dns.search = {"a.local", "b.local"};
    made.dns.servers = {"10.96.0.10", "1.1.1.1"};
    made.flags = 8;
    CHECK(v1::encode(made) == json::parse(R"({
        "Name": "vxlan0", "Type": "Overlay", "NetworkAdapterName": "Ethernet \"2\"",
        "Subnets": [{"AddressPrefix": "10.244.3.0/24", "GatewayAddress": "10.244.3.1",
                     "Policies": [{"Type": "VSID", "VSID": 4096}]},
                    {"AddressPrefix": "10.9.0.0/16"}],
        "MacPools": [{"StartMacAddress": "00-15-5D-52-C0-00",
                      "EndMacAddress": "00-15-5D-52-CF-FF"}],
        "DNSSuffix": "a.local,b.local", "DNSServerList": "10.96.0.10,1.1.1.1", "Flags": 8})"));
    Network bare;
    bare.name = "nat";
    bare.type = "NAT";
    CHECK(v1::encode(bare) == json{{"Name", "nat"}, {"Type", "NAT"}});
}

TEST_CASE("v1: a network is read with all that HNS tells") {
    const Network read = network(R"({"ID": "x", "Name": "vxlan0", "Type": "overlay",
        "ManagementIP": "192.0.2.10", "NetworkAdapterName": "Ethernet", "Flags": 8,
        "DNSSuffix": "a.local,b.local", "DNSServerList": "10.96.0.10", "DNSDomain": "d",
        "MacPools": [{"StartMacAddress": "00-15-5D-52-C0-00",
                      "EndMacAddress": "00-15-5D-52-CF-FF"}],
        "Subnets": [{"AddressPrefix": "10.244.3.0/24", "GatewayAddress": "10.244.3.1",
                     "Policies": [{"Type": "OTHER"}, {"Type": "vsid", "VSID": 4096}]},
                    {"AddressPrefix": "fd00::/64", "GatewayAddress": ""}, {}]})");
    CHECK(read.id == "x");
    CHECK(read.name == "vxlan0");
    CHECK(read.type == "overlay");
    CHECK(read.management_address == ip("192.0.2.10"));
    CHECK(read.adapter == "Ethernet");
    CHECK(read.flags == 8);
    CHECK(read.dns
          == hnsclient::Dns{
              .domain = "d", .search = {"a.local", "b.local"}, .servers = {"10.96.0.10"}});
    REQUIRE(read.mac_ranges.size() == 1);
    CHECK(read.mac_ranges[0].first.to_string() == "00-15-5D-52-C0-00");
    CHECK(read.mac_ranges[0].last.to_string() == "00-15-5D-52-CF-FF");
    REQUIRE(read.subnets.size() == 2);
    CHECK(read.subnets[0].prefix == cidr("10.244.3.0/24"));
    CHECK(read.subnets[0].gateway == ip("10.244.3.1"));
    CHECK(read.subnets[0].vni == 4096U);
    CHECK(read.subnets[1].prefix == cidr("fd00::/64"));
    CHECK_FALSE(read.subnets[1].gateway);
    CHECK_FALSE(read.subnets[1].vni);
}

TEST_CASE("v1: networks without subnets, management address or the rest are read") {
    for (const std::string text : {R"({"ID": "x"})",
                                   R"({"ID": "x", "Subnets": null, "MacPools": null})",
                                   R"({"ID": "x", "Subnets": [], "ManagementIP": ""})",
                                   R"({"ID": "x", "Subnets": [{}, {"AddressPrefix": ""}]})"}) {
        CAPTURE(text);
        const Network read = network(text);
        CHECK(read.subnets.empty());
        CHECK(read.mac_ranges.empty());
        CHECK_FALSE(read.management_address);
        CHECK(read.dns == hnsclient::Dns{});
    }
}

TEST_CASE("v1: answers that say something else than HNS can are refused with the place") {
    const auto fault = [](const char* text) {
        return shape_fault_of([&] { return network(text); });
    };
    CHECK(fault("[]") == "answer must be an object, not array");
    CHECK(fault("{}") == "answer.ID is missing");
    CHECK(missing_in(fault(R"({"ID": "x", "Subnets": [{"AddressPrefix": "10.0.0.0"}]})"),
                     {"answer.Subnets[0].AddressPrefix must be an address with"})
          == "");
    CHECK(missing_in(fault(R"({"ID": "x", "Subnets": 7})"), {"answer.Subnets must be an array"})
          == "");
    CHECK(shape_fault_of([] { return endpoint("{}"); }) == "answer.ID is missing");
    CHECK(missing_in(shape_fault_of([] {
                         return endpoint(R"({"ID": "x", "PrefixLength": "24",
                  "IPAddress": "10.0.0.7"})");
                     }),
                     {"answer.PrefixLength must be a whole number"})
          == "");
}

TEST_CASE("v1: an endpoint is written in HNS's spelling: one address and gateway of each family") {
    Endpoint made = endpoint_with({{ip("10.244.3.7"), 24}, {ip("fd00::7"), {}}},
                                  {{cidr("0.0.0.0/0"), ip("10.244.3.2")},
                                   {cidr("::/0"), ip("fd00::2")},
                                   {cidr("10.96.0.0/12"), ip("10.244.3.9")}});
    made.id = "E0000000-FA4E-4000-A000-000000000001";
    made.namespace_id = "E0000000-FA4E-4000-A000-000000000002";
    made.mac = mac("00-15-5D-52-C0-07");
    made.dns = {.domain = "d", .search = {"a", "b"}, .servers = {"10.96.0.10"}, .options = {"o"}};
    made.policies = {hnsclient::ProviderAddress{"192.0.2.10"}};
    made.is_remote = true;
    CHECK(v1::encode(made) == json::parse(R"({
        "Name": "c1_cbr0", "VirtualNetwork": "C0000001-FA4E-4000-A000-0000000C6B00",
        "IPAddress": "10.244.3.7", "PrefixLength": 24, "GatewayAddress": "10.244.3.2",
        "IPv6Address": "fd00::7", "GatewayAddressV6": "fd00::2",
        "MacAddress": "00-15-5D-52-C0-07", "IsRemoteEndpoint": true,
        "DNSDomain": "d", "DNSSuffix": "a,b", "DNSServerList": "10.96.0.10",
        "Policies": [{"Type": "PA", "PA": "192.0.2.10"}]})"));
}

TEST_CASE("v1: what an endpoint leaves to HNS is not written; the first of a family counts") {
    CHECK(v1::encode(endpoint_with({})) == json{{"Name", "c1_cbr0"}, {"VirtualNetwork", id}});
    const json two = v1::encode(endpoint_with(
        {{ip("fd00::7"), 64}, {ip("10.244.3.7"), {}}, {ip("10.244.3.8"), 24}, {ip("fd00::8"), {}}},
        {{cidr("0.0.0.0/0"), {}}}));
    CHECK(two["IPAddress"] == "10.244.3.7");
    CHECK_FALSE(two.contains("PrefixLength"));
    CHECK(two["IPv6Address"] == "fd00::7");
    CHECK(two["IPv6PrefixLength"] == 64);
    CHECK_FALSE(two.contains("GatewayAddress"));
}

TEST_CASE("v1: an endpoint is read with its containers, its namespace and its health") {
    const Endpoint read = endpoint(R"({"ID": "x", "Name": "c1_cbr0",
        "VirtualNetwork": "C0000001-FA4E-4000-A000-0000000C6B00",
        "IPAddress": "10.244.3.7", "PrefixLength": 24, "GatewayAddress": "10.244.3.2",
        "IPv6Address": "fd00::7", "IPv6PrefixLength": 64, "GatewayAddressV6": "fd00::2",
        "MacAddress": "00-15-5D-52-C0-07", "IsRemoteEndpoint": true,
        "SharedContainers": ["c1", "c2"], "Namespace": {"ID": "n1"},
        "DNSDomain": "d", "DNSSuffix": "a,b", "DNSServerList": "10.96.0.10,1.1.1.1",
        "Health": {"LastErrorCode": 2151350280},
        "Policies": [{"Type": "PA", "PA": "192.0.2.10"}, {"Type": "VLAN", "VLAN": 7}]})");
    CHECK(read.id == "x");
    CHECK(read.name == "c1_cbr0");
    CHECK(read.network_id == id);
    CHECK(read.namespace_id == "n1");
    CHECK(read.container_ids == Texts{"c1", "c2"});
    CHECK(read.addresses
          == std::vector<hnsclient::EndpointAddress>{{ip("10.244.3.7"), 24}, {ip("fd00::7"), 64}});
    CHECK(read.routes
          == std::vector<hnsclient::EndpointRoute>{{cidr("0.0.0.0/0"), ip("10.244.3.2")},
                                                   {cidr("::/0"), ip("fd00::2")}});
    CHECK(read.mac.value().to_string() == "00-15-5D-52-C0-07");
    CHECK(read.is_remote);
    CHECK(read.health_error == 0x803B0008U);
    CHECK(read.dns
          == hnsclient::Dns{
              .domain = "d", .search = {"a", "b"}, .servers = {"10.96.0.10", "1.1.1.1"}});
    CHECK(read.policies
          == std::vector<Policy>{hnsclient::ProviderAddress{"192.0.2.10"},
                                 OtherPolicy{json{{"Type", "VLAN"}, {"VLAN", 7}}}});
}

TEST_CASE("v1: endpoints that lack nearly everything are read as far as they go") {
    for (const std::string text :
         {R"({"ID": "x"})",
          R"({"ID": "x", "IPAddress": "", "PrefixLength": 0, "GatewayAddress": "",
              "Policies": null, "SharedContainers": null, "Namespace": null, "Health": null})",
          R"({"ID": "x", "VirtualNetwork": "00000000-0000-0000-0000-000000000000",
              "Namespace": {"ID": "00000000-0000-0000-0000-000000000000"},
              "IsRemoteEndpoint": false, "SharedContainers": [], "Health": {}})"}) {
        CAPTURE(text);
        const Endpoint read = endpoint(text);
        CHECK(read.network_id.empty());
        CHECK(read.namespace_id.empty());
        CHECK(read.container_ids.empty());
        CHECK(read.addresses.empty());
        CHECK(read.routes.empty());
        CHECK(read.policies.empty());
        CHECK_FALSE(read.is_remote);
        CHECK(read.health_error == 0);
    }
    CHECK(endpoint(R"({"ID": "x", "IPAddress": "10.0.0.7", "PrefixLength": 0})").addresses
          == std::vector<hnsclient::EndpointAddress>{{ip("10.0.0.7"), std::nullopt}});
}

TEST_CASE("v1: lists in one text may have gaps") {
    CHECK(endpoint(R"({"ID": "x", "DNSSuffix": ",a,,b,"})").dns.search == Texts{"a", "b"});
    CHECK(endpoint(R"({"ID": "x", "DNSServerList": "10.96.0.10"})").dns.servers
          == Texts{"10.96.0.10"});
    CHECK(endpoint(R"({"ID": "x", "DNSServerList": ","})").dns.servers.empty());
}

TEST_CASE("v1: both spellings of a policy reach HNS with their settings beside the type") {
    struct Case {
        std::string written;
        std::string sent;
    };

    const Case cases[] = {
        {R"({"Type":"OutBoundNAT","Settings":
             {"Exceptions":["10.0.0.0/8"],"VirtualIP":"1.2.3.4","MaxPortPoolUsage":9}})",
         R"({"Type":"OutBoundNAT","ExceptionList":["10.0.0.0/8"],"VIP":"1.2.3.4",
             "MaxPortPoolUsage":9})"},
        {R"({"type":"outboundnat","exceptionlist":["10.0.0.0/8"]})",
         R"({"Type":"OutBoundNAT","ExceptionList":["10.0.0.0/8"]})"},
        {R"({"Type":"OutBoundNAT","Settings":{"Destinations":["10.244.3.7"]}})",
         R"({"Type":"OutBoundNAT","Destinations":["10.244.3.7"]})"},
        {R"({"Type":"SDNRoute","Settings":
             {"DestinationPrefix":"10.96.0.0/12","NextHop":"10.244.3.1","NeedEncap":true}})",
         R"({"Type":"ROUTE","DestinationPrefix":"10.96.0.0/12","NextHop":"10.244.3.1",
             "NeedEncap":true})"},
        {R"({"Type":"ROUTE","DestinationPrefix":"10.96.0.0/12"})",
         R"({"Type":"ROUTE","DestinationPrefix":"10.96.0.0/12","NeedEncap":false})"},
        {R"({"Type":"PortMapping","Settings":
             {"InternalPort":80,"ExternalPort":8080,"Protocol":6,"VIP":"1.2.3.4","Flags":1}})",
         R"({"Type":"NAT","InternalPort":80,"ExternalPort":8080,"Protocol":"TCP","VIP":"1.2.3.4",
             "Flags":1})"},
        {R"({"Type":"PortMapping","Settings":
             {"InternalPort":53,"ExternalPort":53,"Protocol":17,"VIP":""}})",
         R"({"Type":"NAT","InternalPort":53,"ExternalPort":53,"Protocol":"UDP"})"},
        {R"({"Type":"PortMapping","Settings":
             {"InternalPort":1,"ExternalPort":1,"Protocol":132}})",
         R"({"Type":"NAT","InternalPort":1,"ExternalPort":1,"Protocol":132})"},
        {R"({"Type":"ProviderAddress","Settings":{"ProviderAddress":"192.0.2.10"}})",
         R"({"Type":"PA","PA":"192.0.2.10"})"},
        {R"({"Type":"acl","Settings":{"Action":"Block","Direction":"Out"}})",
         R"({"Type":"ACL","Action":"Block","Direction":"Out"})"},
        {R"({"Type":"QOS","MaximumOutgoingBandwidthInBytes":1000000})",
         R"({"Type":"QOS","MaximumOutgoingBandwidthInBytes":1000000})"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.written);
        CHECK(for_hns(one.written) == json::parse(one.sent));
    }
}

TEST_CASE("v1: a policy that is not modelled has its settings beside its type, or is untouched") {
    CHECK(for_hns(R"({"Type":"New2030","Settings":{"Port":"15001","Filter":{"a":[null]}}})")
          == json::parse(R"({"Type":"New2030","Port":"15001","Filter":{"a":[null]}})"));
    for (const std::string text :
         {R"({"Type":"VLAN","VLAN":7})", R"({"type":"NewInWindows2030","Settings":"odd"})"}) {
        CAPTURE(text);
        CHECK(for_hns(text) == json::parse(text));
    }
}

TEST_CASE("v1: a policy that cannot be read is carried, so that what HNS holds can be shown") {
    const Endpoint read = endpoint(R"({"ID": "x", "Policies":
        [{"Type": "NAT", "Protocol": "SCTP"}, {"Type": "ROUTE", "DestinationPrefix": ""}, {}]})");
    CHECK(read.policies
          == std::vector<Policy>{OtherPolicy{json{{"Type", "NAT"}, {"Protocol", "SCTP"}}},
                                 OtherPolicy{json{{"Type", "ROUTE"}, {"DestinationPrefix", ""}}},
                                 OtherPolicy{json::object()}});
}
