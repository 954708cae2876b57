// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/result.hpp"
#include "tests/unit/thrown.hpp"
#include "tests/unit/values.hpp"

using libcni::decode_result;
using libcni::Dns;
using libcni::encode;
using libcni::JsonReader;
using libcni::Result;
using libcni::SpecVersion;
using nlohmann::json;

namespace {

libcni::IpConfig ip_config(const char* address) {
    return {.address = cidr(address)};
}

/// One that has every key of the newest version.
Result full_result() {
    Result result;
    result.interfaces = {{.name = "c1_cbr0",
                          .mac = "00-15-5D-52-C0-00",
                          .sandbox = "E0000000-FA4E-4000-A000-000000000001",
                          .mtu = 1450,
                          .socket_path = "C:/k/socket",
                          .pci_id = "8086:9a01"}};
    result.ips = {
        {.address = cidr("10.244.3.7/24"), .gateway = ip("10.244.3.2"), .interface_index = 0},
        ip_config("fd00:10:244:3::7/64")};
    result.routes = {{.destination = cidr("10.0.0.0/8"),
                      .gateway = ip("10.244.3.1"),
                      .mtu = 1400,
                      .advmss = 1360,
                      .priority = -1,
                      .table = 254,
                      .scope = 0},
                     {.destination = cidr("::/0")}};
    result.dns = {.nameservers = {"10.96.0.10", "fd00::a"},
                  .domain = "cluster.local",
                  .search = {"test.svc.cluster.local", "svc.cluster.local"},
                  .options = {"ndots:5"}};
    return result;
}

/// What is left of it in a version that lacks some of the keys.
Result held_by(SpecVersion version, Result result) {
    if (version < SpecVersion::v1_1_0) {
        for (auto& made : result.interfaces) {
            made.mtu = {};
            made.socket_path = {};
            made.pci_id = {};
        }
        for (auto& route : result.routes)
            route = {route.destination, route.gateway, {}, {}, {}, {}, {}};
    }
    if (version < SpecVersion::v0_3_0) {
        result.interfaces.clear();
        for (auto& one : result.ips)
            one.interface_index = {};
    }
    return result;
}

std::string golden(const std::string& name, const std::string& now) {
    const auto file = std::filesystem::path(WINCNI_TEST_DATA) / "results" / name;
    if (std::getenv("WINCNI_ACCEPT") != nullptr)
        std::ofstream(file, std::ios::binary | std::ios::trunc) << now;
    std::ifstream opened(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(opened), {});
    std::erase(text, '\r');
    return text;
}

json encoded(const Result& result, SpecVersion version) {
    return json::parse(encode(result, version));
}

Result decoded(const json& value, SpecVersion assumed = SpecVersion::v1_1_0) {
    return decode_result(JsonReader(value, "result"), assumed);
}

std::string fault_of(const std::string& text) {
    const json value = json::parse(text);
    return shape_fault_of([&] { return decoded(value); });
}

} // namespace

TEST_CASE("A result is written as each spec version spells it, and read back") {
    for (const auto name : libcni::spec_version_names) {
        CAPTURE(name);
        const auto version = libcni::parse_spec_version(name).value();
        const std::string text = encode(full_result(), version);
        CHECK(text == golden(std::string(name) + ".json", text));
        CHECK(decoded(json::parse(text)) == held_by(version, full_result()));
    }
}

TEST_CASE("Versions before 0.3.0 hold the first address of each family") {
    Result result;
    result.ips = {ip_config("10.244.3.7/24"),
                  ip_config("10.244.4.8/24"),
                  ip_config("fd00::7/64"),
                  ip_config("fd00::8/64")};
    for (const auto version : {SpecVersion::v0_1_0, SpecVersion::v0_2_0}) {
        const json text = encoded(result, version);
        CHECK(text.at("ip4").at("ip") == "10.244.3.7/24");
        CHECK(text.at("ip6").at("ip") == "fd00::7/64");
        CHECK_FALSE(text.contains("ips"));
        CHECK_FALSE(text.contains("interfaces"));
    }
    result.ips = {ip_config("fd00::7/64")};
    CHECK_FALSE(encoded(result, SpecVersion::v0_2_0).contains("ip4"));
}

TEST_CASE("dns is always there up to 1.0.0, and from 1.1.0 on only when it says something") {
    for (const auto name : libcni::spec_version_names) {
        CAPTURE(name);
        const auto version = libcni::parse_spec_version(name).value();
        const json text = encoded(Result{}, version);
        CHECK(text.at("cniVersion") == name);
        if (version < SpecVersion::v1_1_0)
            CHECK(text.at("dns") == json::object());
        else
            CHECK_FALSE(text.contains("dns"));
    }
    Result result;
    result.dns.options = {"ndots:2"};
    CHECK(encoded(result, SpecVersion::v1_1_0).at("dns") == json{{"options", {"ndots:2"}}});
}

TEST_CASE("Empty lists are not written: a result without interfaces is one of an IPAM plugin") {
    const json text = encoded(Result{}, SpecVersion::v1_1_0);
    for (const std::string key : {"interfaces", "ips", "routes"})
        CHECK_FALSE(text.contains(key));
}

TEST_CASE("A result that names no version is read in the one of the conf") {
    const json old = json::parse(R"({"ip4": {"ip": "10.244.3.7/24", "gateway": "10.244.3.1",
        "routes": [{"dst": "0.0.0.0/0"}]}})");
    const Result result = decoded(old, SpecVersion::v0_2_0);
    REQUIRE(result.ips.size() == 1);
    CHECK(result.ips[0].gateway == ip("10.244.3.1"));
    REQUIRE(result.routes.size() == 1);
    CHECK(result.routes[0].destination == cidr("0.0.0.0/0"));
    CHECK_FALSE(result.routes[0].gateway);
    CHECK(decoded(old, SpecVersion::v0_3_0).ips.empty());
}

TEST_CASE("The result's own version wins over that of the conf") {
    const json old{{"cniVersion", "0.2.0"}, {"ip6", {{"ip", "fd00::7/64"}}}};
    CHECK(decoded(old, SpecVersion::v1_1_0).ips == std::vector{ip_config("fd00::7/64")});
}

TEST_CASE("An interface of -1 is none, as libraries write it") {
    for (const json& index : {json(-1), json(nullptr)}) {
        const json text{{"ips", {{{"address", "10.0.0.1/8"}, {"interface", index}}}}};
        CHECK_FALSE(decoded(text).ips.at(0).interface_index);
    }
    const json text{{"ips", {{{"address", "10.0.0.1/8"}, {"interface", 2}}}}};
    CHECK(decoded(text).ips.at(0).interface_index == 2U);
}

TEST_CASE("Keys in other cases, nulls, empty gateways and scalars for lists are understood") {
    const json text = json::parse(R"({"IPs": [{"Address": "10.0.0.1/8", "gateway": ""}],
        "interfaces": null, "DNS": {"Nameservers": "10.96.0.10", "search": [null, ""]}})");
    const Result result = decoded(text);
    REQUIRE(result.ips.size() == 1);
    CHECK_FALSE(result.ips[0].gateway);
    CHECK(result.dns == Dns{.nameservers = {"10.96.0.10"}});
}

TEST_CASE("What is not a result is refused with the place of the fault") {
    struct Case {
        std::string text;
        std::string fault;
    };

    const Case cases[] = {
        {R"([])", "result must be an object, not array"},
        {R"({"ips": {}})", "result.ips must be an array"},
        {R"({"ips": [{"address": "10.0.0.1"}]})",
         "result.ips[0].address must be an address with a prefix length, like 10.244.3.0/24, not "
         "\"10.0.0.1\""},
        {R"({"ips": [{}]})", "result.ips[0].address is missing"},
        {R"({"ips": [{"address": "10.0.0.1/8", "gateway": "x"}]})",
         "result.ips[0].gateway must be an IP address, not \"x\""},
        {R"({"ips": [{"address": "10.0.0.1/8", "interface": 4294967299}]})",
         "result.ips[0].interface must be a whole number"},
        {R"({"routes": [{"dst": "0.0.0.0/0"}, {"gw": "10.0.0.1"}]})",
         "result.routes[1].dst is missing"},
        {R"({"routes": [{"dst": "0.0.0.0/0", "mtu": -1}]})", "result.routes[0].mtu"},
        {R"({"dns": {"nameservers": 7}})", "result.dns.nameservers must be an array of strings"},
        {R"({"cniVersion": "2.0.0"})", "result.cniVersion must be a spec version"},
        {R"({"cniVersion": "0.2.0", "ip4": {}})", "result.ip4.ip is missing"}};
    for (const Case& one : cases) {
        CAPTURE(one.text);
        CHECK(missing_in(fault_of(one.text), {one.fault}) == "");
    }
}

TEST_CASE("Bytes that are not UTF-8 do not keep a result from being printed") {
    Result result;
    result.dns.domain = "\xFF.local";
    CHECK(encoded(result, SpecVersion::v1_1_0).at("dns").at("domain") == "\xEF\xBF\xBD.local");
}
