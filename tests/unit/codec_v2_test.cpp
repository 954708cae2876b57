// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using hnsclient::Namespace;
using hnsclient::Network;
using libcni::Cidr;
using libcni::JsonReader;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

namespace v2 = hnsclient::v2;

const std::string id = "C0000001-FA4E-4000-A000-0000000C6B00";
const std::string zero = "00000000-0000-0000-0000-000000000000";

libcni::Address ip(const char* text) {
    return libcni::parse_address(text).value();
}

hnsclient::MacAddress mac(const char* text) {
    return hnsclient::MacAddress::parse(text).value();
}

Cidr cidr(const char* text) {
    return Cidr::parse(text).value();
}

Network network(const json& value) {
    return v2::decode_network(JsonReader(value, "answer"));
}

Endpoint endpoint(const json& value) {
    return v2::decode_endpoint(JsonReader(value, "answer"));
}

Namespace decode_namespace(const json& value) {
    return v2::decode_namespace(JsonReader(value, "answer"));
}

/// What HNS would answer for what it was given: the same with an ID.
template <class Object>
json stored(const Object& object) {
    json value = v2::encode(object);
    value["ID"] = id;
    return value;
}

} // namespace

TEST_CASE("A network is written in HCN's spelling") {
    Network made;
    made.name = "cbr0";
    made.type = "L2Bridge";
    made.subnets = {{.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.1"), .vni = 4096}};
    made.adapter = "Ethernet \"2\"";
    made.mac_ranges = {{mac("00-15-5D-52-C0-00"), mac("00-15-5D-52-CF-FF")}};
    made.dns.search = {"svc.cluster.local"};
    made.dns.servers = {"10.96.0.10"};
    made.flags = 8;
    CHECK(v2::encode(made) == json::parse(R"({
        "SchemaVersion": {"Major": 2, "Minor": 0}, "Name": "cbr0", "Type": "L2Bridge",
        "Dns": {"Search": ["svc.cluster.local"], "ServerList": ["10.96.0.10"]},
        "Ipams": [{"Type": "Static", "Subnets": [{"IpAddressPrefix": "10.244.3.0/24",
            "Routes": [{"DestinationPrefix": "0.0.0.0/0", "NextHop": "10.244.3.1"}],
            "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}]}]}],
        "MacPool": {"Ranges": [{"StartMacAddress": "00-15-5D-52-C0-00",
                                "EndMacAddress": "00-15-5D-52-CF-FF"}]},
        "Policies": [{"Type": "NetAdapterName",
                      "Settings": {"NetworkAdapterName": "Ethernet \"2\""}}],
        "Flags": 8})"));
}

TEST_CASE("A network that was written is read back the same") {
    Network made;
    made.name = "vxlan0";
    made.type = "Overlay";
    made.subnets = {{.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.1"), .vni = 4096},
                    {.prefix = cidr("fd00::/64"), .gateway = ip("fd00::1")},
                    {.prefix = cidr("10.9.0.0/16")}};
    made.adapter = "\xE4\xBB\xA5\xE5\xA4\xAA\xE7\xBD\x91";
    made.mac_ranges = {{mac("00-15-5D-52-C0-00"), mac("00-15-5D-52-CF-FF")}};
    made.dns = {.domain = "d", .search = {"a", "b"}, .servers = {"10.96.0.10"}, .options = {"o"}};
    const Network read = network(stored(made));
    CHECK(read.id == id);
    CHECK(read.name == made.name);
    CHECK(read.type == made.type);
    CHECK(read.adapter == made.adapter);
    CHECK(read.dns == made.dns);
    REQUIRE(read.subnets.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(read.subnets[i].prefix == made.subnets[i].prefix);
        CHECK(read.subnets[i].gateway == made.subnets[i].gateway);
        CHECK(read.subnets[i].vni == made.subnets[i].vni);
    }
    REQUIRE(read.mac_ranges.size() == 1);
    CHECK(read.mac_ranges[0].last.to_string() == "00-15-5D-52-CF-FF");
}

TEST_CASE("A network without a type is NAT, which HNS leaves out") {
    CHECK(network({{"ID", id}, {"Name", "nat"}}).type == "NAT");
    CHECK(network({{"ID", id}, {"Type", ""}}).type == "NAT");
    CHECK(network({{"ID", id}, {"Type", "l2bridge"}}).type == "l2bridge");
}

TEST_CASE(
    "The host's address on a network is its ProviderAddress policy, absent while it is empty") {
    json value =
        json::parse(R"({"ID": "x", "Policies": [{"Type": "Odd"}, {"Type": "provideraddress",
        "Settings": {"ProviderAddress": "192.0.2.10"}}]})");
    CHECK(network(value).management_address == ip("192.0.2.10"));
    value["Policies"][1]["Settings"]["ProviderAddress"] = "";
    CHECK_FALSE(network(value).management_address);
    value["Policies"] = nullptr;
    CHECK_FALSE(network(value).management_address);
}

TEST_CASE("Networks that lack subnets, routes, prefixes or next hops are read as far as they go") {
    for (const std::string text :
         {R"({"ID": "x"})",
          R"({"ID": "x", "Ipams": null})",
          R"({"ID": "x", "Ipams": []})",
          R"({"ID": "x", "Ipams": [{}]})",
          R"({"ID": "x", "Ipams": [{"Subnets": null}]})",
          R"({"ID": "x", "Ipams": [{"Type": "Dhcp", "Subnets": [{}]}]})",
          R"({"ID": "x", "Ipams": [{"Subnets": [{"IpAddressPrefix": ""}]}]})",
          R"({"ID": "x", "MacPool": {}, "Dns": {}, "Policies": [], "Health": {}})"}) {
        CAPTURE(text);
        CHECK(network(json::parse(text)).subnets.empty());
    }
    for (const std::string routes :
         {"[]",
          "null",
          "[{}]",
          R"([{"DestinationPrefix": ""}])",
          R"([{"NextHop": "10.244.3.1"}])",
          R"([{"DestinationPrefix": "0.0.0.0/0"}])",
          R"([{"DestinationPrefix": "0.0.0.0/0", "NextHop": ""}])",
          R"([{"DestinationPrefix": "10.0.0.0/8", "NextHop": "10.244.3.9"}])"}) {
        CAPTURE(routes);
        json value = json::parse(R"({"ID": "x", "Ipams": [{"Subnets": [
            {"IpAddressPrefix": "10.244.3.0/24"}]}]})");
        value["Ipams"][0]["Subnets"][0]["Routes"] = json::parse(routes);
        const Network read = network(value);
        REQUIRE(read.subnets.size() == 1);
        CHECK_FALSE(read.subnets[0].gateway);
    }
}

TEST_CASE("Answers that say something else than HCN can are refused with the place") {
    const auto fault = [](const char* text) {
        const json value = json::parse(text);
        return shape_fault_of([&] { return network(value); });
    };
    CHECK(fault("[]") == "answer must be an object, not array");
    CHECK(fault("{}") == "answer.ID is missing");
    CHECK(missing_in(fault(R"({"ID": "x", "Ipams": [{"Subnets": [{"IpAddressPrefix": "10"}]}]})"),
                     {"answer.Ipams[0].Subnets[0].IpAddressPrefix must be an address with"})
          == "");
    CHECK(missing_in(fault(R"({"ID": "x", "Ipams": 7})"), {"answer.Ipams must be an array"}) == "");
}

TEST_CASE("The subnet that holds an address is found, whichever it is") {
    Network two;
    two.subnets = {{.prefix = cidr("10.244.3.0/24")}, {.prefix = cidr("10.9.0.0/16")}};
    CHECK(hnsclient::subnet_of(two, ip("10.9.1.1")) == &two.subnets[1]);
    CHECK(hnsclient::subnet_of(two, ip("10.244.3.200")) == &two.subnets[0]);
    CHECK(hnsclient::subnet_of(two, ip("10.10.0.1")) == nullptr);
    CHECK(hnsclient::subnet_of(two, ip("fd00::1")) == nullptr);
}

TEST_CASE("An endpoint is written in HCN's spelling and is read back the same") {
    Endpoint made;
    made.name = "c1_cbr0";
    made.network_id = id;
    made.addresses = {{.address = ip("10.244.3.7"), .prefix_length = 24},
                      {.address = ip("fd00::7")}};
    made.routes = {{.destination = cidr("0.0.0.0/0"), .next_hop = ip("10.244.3.2")},
                   {.destination = cidr("fd01::/64")}};
    made.mac = mac("00-15-5D-52-C0-07");
    made.dns = {.domain = "d", .search = {"a"}, .servers = {"10.96.0.10"}, .options = {"ndots:5"}};
    made.policies = {hnsclient::ProviderAddress{"192.0.2.10"},
                     hnsclient::OtherPolicy{json{{"Type", "New"}, {"Settings", {{"Weight", 1}}}}}};
    made.is_remote = true;
    const json written = v2::encode(made);
    CHECK(written == json::parse(R"({
        "SchemaVersion": {"Major": 2, "Minor": 0}, "Name": "c1_cbr0",
        "HostComputeNetwork": "C0000001-FA4E-4000-A000-0000000C6B00",
        "IpConfigurations": [{"IpAddress": "10.244.3.7", "PrefixLength": 24},
                             {"IpAddress": "fd00::7"}],
        "Routes": [{"DestinationPrefix": "0.0.0.0/0", "NextHop": "10.244.3.2"},
                   {"DestinationPrefix": "fd01::/64"}],
        "MacAddress": "00-15-5D-52-C0-07", "Flags": 1,
        "Dns": {"Domain": "d", "Search": ["a"], "ServerList": ["10.96.0.10"],
                "Options": ["ndots:5"]},
        "Policies": [{"Type": "ProviderAddress", "Settings": {"ProviderAddress": "192.0.2.10"}},
                     {"Type": "New", "Settings": {"Weight": 1}}]})"));
    const Endpoint read = endpoint(stored(made));
    CHECK(read.id == id);
    CHECK(read.name == made.name);
    CHECK(read.network_id == made.network_id);
    CHECK(read.addresses == made.addresses);
    CHECK(read.routes == made.routes);
    CHECK(read.mac == made.mac);
    CHECK(read.dns == made.dns);
    CHECK(read.policies == made.policies);
    CHECK(read.is_remote);
}

TEST_CASE("An endpoint that leaves everything to HNS asks for nothing, and for no namespace") {
    Endpoint made;
    made.name = "c1_cbr0";
    made.network_id = id;
    made.namespace_id = "E0000000-FA4E-4000-A000-000000000001";
    const json written = v2::encode(made);
    for (const std::string key : {"IpConfigurations",
                                  "Routes",
                                  "Policies",
                                  "MacAddress",
                                  "Flags",
                                  "HostComputeNamespace",
                                  "ID"})
        CHECK_FALSE(written.contains(key));
}

TEST_CASE("A namespace of zeros, or none, is not a namespace") {
    for (const std::string text : {R"({"ID": "x", "HostComputeNamespace": null})",
                                   R"({"ID": "x"})",
                                   R"({"ID": "x", "HostComputeNamespace": ""})"})
        CHECK(endpoint(json::parse(text)).namespace_id.empty());
    CHECK(endpoint({{"ID", "x"}, {"HostComputeNamespace", zero}}).namespace_id.empty());
    CHECK(endpoint({{"ID", "x"}, {"HostComputeNamespace", id}}).namespace_id == id);
}

TEST_CASE("Endpoints that lack addresses, routes or policies are read as far as they go") {
    const Endpoint read = endpoint(json::parse(R"({"ID": "x", "HostComputeNetwork": null,
        "IpConfigurations": [{}, {"IpAddress": ""}, {"IpAddress": "10.0.0.7"}],
        "Routes": [{}, {"DestinationPrefix": "0.0.0.0/0", "NextHop": ""}],
        "Policies": [{}, {"Type": "NAT"}, {"Type": "SDNRoute", "Settings": {}}],
        "Dns": null, "Flags": null, "Health": {"LastErrorCode": 2151350301}})"));
    REQUIRE(read.addresses.size() == 1);
    CHECK(read.addresses[0] == hnsclient::EndpointAddress{ip("10.0.0.7"), std::nullopt});
    REQUIRE(read.routes.size() == 1);
    CHECK_FALSE(read.routes[0].next_hop);
    CHECK(read.policies.size() == 3);
    CHECK_FALSE(read.is_remote);
    CHECK(read.health_error == 2151350301U);
    CHECK(endpoint({{"ID", "x"}, {"Flags", 3}}).is_remote);
    CHECK_FALSE(endpoint({{"ID", "x"}, {"Flags", 2}}).is_remote);
}

TEST_CASE("v2: health and state are read wherever HNS puts them, and odd ones hide no endpoint") {
    const auto read = [](const char* members) {
        const auto object = json::parse(std::string(R"({"ID": "x", )") + members + "}");
        return v2::decode_endpoint(JsonReader(object, "answer"));
    };
    CHECK(read(R"("State": 5)").state == 5);
    CHECK(read(R"("Health": {"Extra": {"Resources": {"Health": {"LastErrorCode": 2151350295}}}})")
              .health_error
          == 0x803B0017U);
    CHECK(read(R"("Resources": {"Health": {"LastErrorCode": 7}}, "State": 3)").health_error == 7);
    for (const char* odd : {R"("Health": 7, "State": "x")",
                            R"("Health": {"Extra": []}, "State": null)",
                            R"("Health": {"Data": {}, "Extra": {"Resources": {"Health": {}}}})"}) {
        CAPTURE(odd);
        CHECK(read(odd).health_error == 0);
        CHECK(read(odd).state == 0);
    }
}

TEST_CASE("A policy that cannot be read is carried, so that what HNS holds can always be shown") {
    const json odd{{"Type", "PortMapping"}, {"Settings", {{"Protocol", "SCTP"}}}};
    const Endpoint read = endpoint({{"ID", "x"}, {"Policies", {odd}}});
    REQUIRE(read.policies.size() == 1);
    CHECK(v2::encode(read.policies[0]) == odd);
}

TEST_CASE("A namespace tells its compartment and what is in it") {
    const Namespace read = decode_namespace(json::parse(R"({"ID": "n", "NamespaceId": 3,
        "Type": "HostDefault", "Resources": [{"Type": "Endpoint", "Data": {"Id": "e1"}},
        {"Type": "Container", "Data": {"Id": "c1"}}, {"Type": "endpoint", "Data": {"Id": "e2"}},
        {"Type": "Endpoint"}]})"));
    CHECK(read.id == "n");
    CHECK(read.compartment == 3);
    CHECK(read.type == "HostDefault");
    CHECK(read.endpoint_ids == Texts{"e1", "e2"});
    CHECK(read.container_ids == Texts{"c1"});
    CHECK(decode_namespace({{"ID", "n"}}).endpoint_ids.empty());
    Namespace made;
    made.type = "HostDefault";
    CHECK(v2::encode(made)
          == json{{"SchemaVersion", {{"Major", 2}, {"Minor", 0}}}, {"Type", "HostDefault"}});
}
