// SPDX-License-Identifier: Apache-2.0
// What CHECK says of an endpoint that is not as ADD made it.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "plugins/common/endpoint_difference.hpp"
#include "tests/unit/thrown.hpp"
#include "tests/unit/values.hpp"

using hnsclient::Endpoint;
using hnsclient::EndpointRoute;
using hnsclient::MacAddress;
using hnsclient::OutboundNat;
using plugins::differences;

namespace {

EndpointRoute route(const char* destination, const char* next_hop) {
    return {cidr(destination), ip(next_hop)};
}

OutboundNat nat(std::vector<std::string> exceptions) {
    return {.exceptions = std::move(exceptions)};
}

hnsclient::PortMapping mapping(std::uint16_t host_port) {
    return {.protocol = hnsclient::Protocol::tcp, .internal_port = 80, .external_port = host_port};
}

/// What ADD made for a dual-stack pod.
Endpoint plan() {
    Endpoint endpoint;
    endpoint.name = "c1_cbr0";
    endpoint.network_id = "C0000001-FA4E-4000-A000-0000000C6B00";
    endpoint.addresses = {{ip("10.244.3.7")}, {ip("fd00::7")}};
    endpoint.routes = {route("0.0.0.0/0", "10.244.3.2"), route("::/0", "fd00::2")};
    endpoint.mac = MacAddress::parse("00-15-5D-52-C0-07");
    endpoint.dns = {.search = {"a", "b"}, .servers = {"10.96.0.10"}};
    endpoint.policies = {nat({"10.244.0.0/16", "10.96.0.0/12"}), mapping(8080)};
    return endpoint;
}

/// All sentences for what HNS holds after `change`, in one text.
template <class Change>
std::string differences_after(Change change) {
    Endpoint found = plan();
    change(found);
    std::string all;
    for (const auto& sentence : differences(plan(), found))
        all += (all.empty() ? "" : "; ") + sentence;
    return all;
}

} // namespace

TEST_CASE("An endpoint that is as planned differs in nothing") {
    CHECK(differences(plan(), plan()).empty());
}

TEST_CASE("Order of addresses and routes, and case of IDs, MACs and names, mean nothing") {
    CHECK(differences_after([](Endpoint& found) {
              found.network_id = "{c0000001-fa4e-4000-a000-0000000c6b00}";
              std::swap(found.addresses[0], found.addresses[1]);
              std::swap(found.routes[0], found.routes[1]);
              std::swap(found.policies[0], found.policies[1]);
              found.mac = MacAddress::parse("00-15-5d-52-c0-07");
              found.dns.search = {"A", "B"};
              found.policies[1] = nat({"10.96.0.0/12", "10.244.0.0/16"});
          })
          == "");
}

TEST_CASE("What HNS adds of its own is none of our business") {
    CHECK(differences_after([](Endpoint& found) {
              found.id = "E1";
              found.namespace_id = "N1";
              found.addresses[0].prefix_length = 24;
              found.routes.push_back(route("10.244.0.0/16", "10.244.3.1"));
              found.dns.domain = "contoso.com";
              found.policies.push_back(hnsclient::OtherPolicy{
                  nlohmann::json{{"Type", "L2Driver"}, {"Settings", nlohmann::json::object()}}});
              OutboundNat extended = nat({"10.244.0.0/16", "10.96.0.0/12"});
              extended.others = nlohmann::json{{"MaxPortPoolUsage", 100}};
              found.policies[0] = extended;
          })
          == "");
}

TEST_CASE("Every kind of difference is named, expected against found") {
    CHECK(differences_after(
              [](Endpoint& found) { found.network_id = "C0000002-FA4E-4000-A000-0000000C6B00"; })
          == "network: expected C0000001-FA4E-4000-A000-0000000C6B00, found "
             "C0000002-FA4E-4000-A000-0000000C6B00");
    CHECK(differences_after([](Endpoint& found) { found.addresses[0].address = ip("10.244.3.9"); })
          == "addresses: expected 10.244.3.7, fd00::7, found 10.244.3.9, fd00::7");
    CHECK(differences_after([](Endpoint& found) { found.addresses.pop_back(); })
          == "addresses: expected 10.244.3.7, fd00::7, found 10.244.3.7");
    CHECK(differences_after([](Endpoint& found) { found.addresses.clear(); })
          == "addresses: expected 10.244.3.7, fd00::7, found none");
    CHECK(differences_after(
              [](Endpoint& found) { found.mac = MacAddress::parse("00-15-5D-52-C0-08"); })
          == "MAC address: expected 00-15-5D-52-C0-07, found 00-15-5D-52-C0-08");
    CHECK(differences_after([](Endpoint& found) {
              found.dns.servers = {"1.1.1.1", "8.8.8.8"};
          })
          == "DNS servers: expected 10.96.0.10, found 1.1.1.1, 8.8.8.8");
    CHECK(differences_after([](Endpoint& found) {
              found.dns.search = {"b", "a"};
          })
          == "DNS search list: expected a, b, found b, a");
}

TEST_CASE("A gateway that is gone or another one is a difference") {
    CHECK(differences_after([](Endpoint& found) { found.routes.erase(found.routes.begin()); })
          == "route: expected 0.0.0.0/0 via 10.244.3.2, found ::/0 via fd00::2");
    CHECK(differences_after(
              [](Endpoint& found) { found.routes[0] = route("0.0.0.0/0", "10.244.3.1"); })
          == "route: expected 0.0.0.0/0 via 10.244.3.2, found 0.0.0.0/0 via 10.244.3.1, ::/0 via "
             "fd00::2");
}

TEST_CASE("A port mapping of an older version or of the Go plugin lacks the flag of a local one") {
    Endpoint wanted = plan();
    auto local = mapping(8080);
    for (const std::uint32_t flags : {1U, 3U}) {
        local.flags = flags;
        wanted.policies[1] = local;
        Endpoint found = wanted;
        CHECK(differences(wanted, found).empty());
        local.flags = flags & ~1U;
        found.policies[1] = local;
        CHECK(differences(wanted, found).empty());
        found.policies[1] = mapping(8081);
        CHECK(differences(wanted, found).size() == 1);
    }
}

TEST_CASE("A policy that was dropped or lost a setting is a difference") {
    CHECK(missing_in(differences_after([](Endpoint& found) { found.policies.pop_back(); }),
                     {"policy missing or changed: expected", "PortMapping", "8080"})
          == "");
    CHECK(missing_in(differences_after([](Endpoint& found) { found.policies[1] = mapping(8081); }),
                     {"policy missing or changed", "8080"})
          == "");
    CHECK(missing_in(differences_after(
                         [](Endpoint& found) { found.policies[0] = nat({"10.244.0.0/16"}); }),
                     {"policy missing or changed", "OutBoundNAT", "10.96.0.0/12"})
          == "");
}

TEST_CASE("A changed policy is told once, with what became of it") {
    CHECK(missing_in(differences_after([](Endpoint& found) { found.policies[1] = mapping(8081); }),
                     {"8080", ", found {", "8081"})
          == "");
}

TEST_CASE("A policy that ADD would not make is a difference") {
    using nlohmann::json;
    const auto other = [](const char* text) { return hnsclient::OtherPolicy{json::parse(text)}; };
    const auto acl = [](const char* text) {
        return hnsclient::SharedPolicy{.type = "ACL", .settings = json::parse(text)};
    };
    const std::pair<hnsclient::Policy, const char*> cases[] = {
        {mapping(8081), "8081"},
        {OutboundNat{.destinations = {"10.1.2.3"}}, "10.1.2.3"},
        {hnsclient::ProviderAddress{.address = "10.0.0.9"}, "10.0.0.9"},
        {acl(R"({"Action": "Block", "Direction": "In", "Priority": 200})"), "Block"},
        {other(R"({"Type": "L4WFPPROXY", "Settings": {"InboundProxyPort": "15003"}})"), "15003"},
    };
    for (const auto& added : cases) {
        const std::string sentence =
            differences_after([&](Endpoint& found) { found.policies.push_back(added.first); });
        CAPTURE(sentence);
        CHECK(missing_in(sentence, {"policy that ADD would not make: ", added.second}) == "");
    }
}

TEST_CASE("A wider policy than the expected one is a difference, also beside it") {
    using nlohmann::json;
    for (const bool is_beside : {false, true}) {
        CAPTURE(is_beside);
        const std::string sentence = differences_after([&](Endpoint& found) {
            const OutboundNat& first = std::get<OutboundNat>(found.policies[0]);
            OutboundNat wider = first;
            wider.exceptions.emplace_back("172.16.0.0/12");
            if (is_beside)
                found.policies.emplace_back(wider);
            else
                found.policies[0] = wider;
        });
        CHECK(missing_in(sentence, {"172.16.0.0/12"}) == "");
    }
    Endpoint bare = plan();
    bare.policies = {OutboundNat{}};
    Endpoint excepted = bare;
    excepted.policies = {nat({"10.1.0.0/16"})};
    CHECK(differences(bare, excepted).size() == 1);
    CHECK(differences(excepted, bare).size() == 1);
    const auto acl = [](json settings) {
        return hnsclient::SharedPolicy{.type = "ACL", .settings = std::move(settings)};
    };
    const json open{{"Action", "Allow"}, {"Direction", "In"}};
    const json narrow{{"Action", "Allow"}, {"Direction", "In"}, {"RemotePorts", "80"}};
    Endpoint one = plan();
    one.policies = {acl(open)};
    Endpoint two = plan();
    two.policies = {acl(narrow), acl(open)};
    CHECK(differences(one, two).size() == 1);
    CHECK(differences(two, one).size() == 1);
    CHECK(differences(two, two).empty());
}

TEST_CASE("What HNS makes by itself is not: the switch's driver, a route for mapped ports, what is "
          "twice") {
    using nlohmann::json;
    for (const char* type : {"L2Driver", "l2driver"})
        CHECK(differences_after([&](Endpoint& found) {
                  found.policies.push_back(hnsclient::OtherPolicy{json{{"Type", type}}});
              })
              == "");
    const hnsclient::SdnRoute route{.destination = "192.168.1.10/32", .need_encap = true};
    const auto with_routes = [&](std::uint32_t flags, std::size_t routes) {
        Endpoint wanted = plan();
        auto local = std::get<hnsclient::PortMapping>(wanted.policies[1]);
        local.flags = flags;
        wanted.policies[1] = local;
        Endpoint found = wanted;
        found.policies.insert(found.policies.end(), routes, route);
        return differences(wanted, found).size();
    };
    CHECK(with_routes(1, 1) == 0);
    CHECK(with_routes(1, 2) == 1);
    CHECK(with_routes(0, 1) == 1);
    CHECK(differences_after([&](Endpoint& found) { found.policies.push_back(found.policies[0]); })
          == "");
    Endpoint unmapped = plan();
    unmapped.policies.pop_back();
    Endpoint routed = unmapped;
    routed.policies.emplace_back(route);
    CHECK(differences(unmapped, routed).size() == 1);
    Endpoint wanted = plan();
    wanted.policies = {hnsclient::SharedPolicy{
        .type = "ACL", .settings = json{{"Action", "Block"}, {"Direction", "In"}}}};
    Endpoint scoped = wanted;
    scoped.policies = {hnsclient::SharedPolicy{
        .type = "ACL", .settings = json{{"Action", "Block"}, {"Direction", "In"}, {"Scope", 0}}}};
    CHECK(differences(wanted, scoped).empty());
}

TEST_CASE("DNS that nobody asked for is HNS's own") {
    Endpoint open = plan();
    open.dns = {};
    for (const hnsclient::Dns& given : {hnsclient::Dns{.servers = {"192.168.1.1"}},
                                        hnsclient::Dns{.domain = "corp", .search = {"corp"}}}) {
        Endpoint found = open;
        found.dns = given;
        CHECK(differences(open, found).empty());
    }
    open.dns.search = {"a"};
    Endpoint found = open;
    found.dns.servers = {"192.168.1.1"};
    CHECK(differences(open, found).empty());
    found.dns.search = {"b"};
    CHECK(differences(open, found).size() == 1);
}

TEST_CASE("Policies that we do not model compare in either spelling") {
    using nlohmann::json;
    const json nested{{"Type", "New2030"}, {"Settings", {{"Port", 1}, {"List", {"b", "a"}}}}};
    const json flat{{"Type", "new2030"}, {"Port", 1}, {"List", {"a", "b"}}, {"Added", true}};
    const auto differ = [](const json& expected, const json& found) {
        Endpoint wanted = plan();
        Endpoint held = plan();
        wanted.policies = {hnsclient::OtherPolicy{expected}};
        held.policies = {hnsclient::OtherPolicy{found}};
        return differences(wanted, held).size();
    };
    json without_added = flat;
    without_added.erase("Added");
    CHECK(differ(nested, nested) == 0);
    CHECK(differ(nested, flat) == 0);
    CHECK(differ(without_added, nested) == 0);
    CHECK(differ(flat, nested) == 1);
    json changed = flat;
    changed["Port"] = 2;
    CHECK(differ(nested, changed) == 1);
    json other_type = flat;
    other_type["Type"] = "New2031";
    CHECK(differ(nested, other_type) == 2);
    CHECK(differ(nested, json::parse(R"({"Type": "New2030"})")) == 1);
    const json vlan{{"Type", "VLAN"}, {"VLAN", 7}};
    CHECK(differ(vlan, vlan) == 0);
    CHECK(differ(vlan, {{"Type", "VLAN"}, {"VLAN", 8}}) == 1);
    json with_nothing = vlan;
    with_nothing["Note"] = "";
    CHECK(differ(with_nothing, vlan) == 0);
}

TEST_CASE("An endpoint that HNS calls degraded is a difference, with the reason's name") {
    CHECK(differences_after([](Endpoint& found) { found.health_error = 0x803B0008U; })
          == "HNS reports the endpoint as degraded: HCN_E_POLICY_NOT_FOUND (0x803B0008)");
}

TEST_CASE("All differences are listed, not only the first") {
    Endpoint found = plan();
    found.addresses.clear();
    found.routes.clear();
    found.mac = MacAddress::parse("x");
    found.dns = {};
    found.policies.clear();
    CHECK(differences(plan(), found).size() == 8);
}

TEST_CASE("What the plan leaves open is not compared") {
    Endpoint open = plan();
    open.addresses.clear();
    open.routes.clear();
    open.mac.reset();
    open.dns = {};
    CHECK(differences(open, plan()).empty());
}
