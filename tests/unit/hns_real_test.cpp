// SPDX-License-Identifier: Apache-2.0
// What the real HNS has answered, as people published it (tests/data/hns-real): every object reads
// as what it is.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/error.hpp"
#include "hnsclient/listed.hpp"
#include "libcni/base/text.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::ErrorKind;
using libcni::JsonReader;
using nlohmann::json;

namespace {

struct Published {
    std::string name;
    std::string kind;
    json object;
};

std::vector<Published> published() {
    std::vector<Published> all;
    for (const auto& entry : std::filesystem::directory_iterator(WINCNI_TEST_DATA "/hns-real")) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const json content = json::parse(file);
        CHECK_FALSE(content.value("source", "").empty());
        all.push_back({entry.path().filename().string(), content.at("kind"), content.at("object")});
    }
    return all;
}

/// What HNS answered with: the object, or that in an answer.
json answered(const Published& file) {
    const json object = file.object.contains("answer") ? file.object["answer"] : file.object;
    return object.contains("Output") ? object["Output"] : object;
}

bool is_request_to(const Published& file, const char* path) {
    return file.kind == "request+answer" && file.object.value("path", "").starts_with(path);
}

std::size_t count_of(const json& object, const char* list, const char* member) {
    if (!object.contains(list) || !object[list].is_array()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        object[list], [&](const json& one) { return !one.value(member, "").empty(); }));
}

/// Empty for an object that says of itself what the decoded one does.
void check_v1_network(const json& object) {
    const JsonReader reader(object, "answer");
    if (!object.contains("ID")) {
        CHECK(missing_in(shape_fault_of([&] { return hnsclient::v1::decode_network(reader); }),
                         {"answer", "ID"})
              == "");
        return;
    }
    const auto network = hnsclient::v1::decode_network(reader);
    CHECK(network.id == object["ID"]);
    CHECK(network.name == object.value("Name", ""));
    CHECK(network.type == object.value("Type", ""));
    CHECK(network.subnets.size() == count_of(object, "Subnets", "AddressPrefix"));
    CHECK(network.mac_ranges.size() == count_of(object, "MacPools", "StartMacAddress"));
    const std::string host = object.value("ManagementIP", "");
    CHECK(network.management_address.has_value()
          == (!host.empty() && !host.starts_with("169.254.")));
}

void check_v1_endpoint(const json& object) {
    const JsonReader reader(object, "answer");
    if (!object.contains("ID")) {
        CHECK(missing_in(shape_fault_of([&] { return hnsclient::v1::decode_endpoint(reader); }),
                         {"answer", "ID"})
              == "");
        return;
    }
    const auto endpoint = hnsclient::v1::decode_endpoint(reader);
    CHECK(endpoint.id == object["ID"]);
    CHECK(endpoint.name == object.value("Name", ""));
    const std::size_t addresses = (object.value("IPAddress", "").empty() ? 0U : 1U)
                                  + (object.value("IPv6Address", "").empty() ? 0U : 1U);
    CHECK(endpoint.addresses.size() == addresses);
    CHECK(endpoint.mac.has_value() == !object.value("MacAddress", "").empty());
    CHECK(endpoint.is_remote == object.value("IsRemoteEndpoint", false));
    CHECK(endpoint.policies.size() == object.value("Policies", json::array()).size());
    CHECK(endpoint.state == object.value("State", 0U));
    CHECK(hnsclient::fault_of(endpoint).empty());
}

void check_v2_network(const json& object) {
    const auto network = hnsclient::v2::decode_network(JsonReader(object, "answer"));
    CHECK(network.id == object["ID"]);
    CHECK(network.name == object["Name"]);
    CHECK(network.type == object["Type"]);
    std::size_t subnets = 0;
    for (const json& ipam : object.value("Ipams", json::array()))
        subnets += count_of(ipam, "Subnets", "IpAddressPrefix");
    CHECK(network.subnets.size() == subnets);
}

/// Each is written again with the type that it had, for either API.
void check_policies(const json& policies) {
    for (const json& one : policies) {
        const auto policy = hnsclient::decode_policy(JsonReader(one, "answer"));
        for (const json& written : {hnsclient::v1::encode(policy), hnsclient::v2::encode(policy)}) {
            CAPTURE(one.dump());
            CHECK_FALSE(written.value("Type", "").empty());
        }
    }
}

/// HNS's own words and code get into the error whichever way it gave them.
void check_error(const json& object) {
    const json& record = object.at("record");
    if (!record.contains("Error")) return;
    const std::string sentence = record["Error"];
    const std::string code = object.value("hresult", "");
    const bool is_hidden = code.empty() || code == "S_OK";
    const auto given = record.value("ErrorCode", 0U);
    const auto result =
        !is_hidden  ? hnsclient::hresult(static_cast<std::uint32_t>(std::stoul(code, nullptr, 16)))
        : given > 0 ? hnsclient::hresult(given)
                    : hnsclient::code_of_sentence(sentence);
    const hnsclient::HnsError error("HNSCall", result, record.dump());
    CHECK(missing_in(error.what(), {libcni::without_trailing_blanks(sentence)}) == "");
    if (!is_hidden && given > 0) CHECK(result == hnsclient::hresult(given));
}

/// Kinds that hold no object of HNS that we decode: what they tell is in the emulator's tests and
/// in docs.
const std::set<std::string> told_elsewhere{"v1-namespace",
                                           "v1-policylist",
                                           "v1-network-policies",
                                           "v1-fragment",
                                           "v2-health",
                                           "v2-endpoint-request",
                                           "request",
                                           "error-table",
                                           "durations",
                                           "schema",
                                           "enumeration",
                                           "facts",
                                           "v2-conf"};

} // namespace

TEST_CASE("Every published object reads as what it is") {
    const std::map<std::string, std::function<void(const json&)>> checks{
        {"v1-network", check_v1_network},
        {"v1-endpoint", check_v1_endpoint},
        {"v2-network", check_v2_network},
        {"v1-policies", check_policies},
        {"v2-policies", check_policies},
        {"error", check_error}};
    std::map<std::string, int> seen;
    for (const Published& file : published()) {
        CAPTURE(file.name);
        std::string kind = file.kind;
        if (is_request_to(file, "/networks")) kind = "v1-network";
        if (is_request_to(file, "/endpoints")) kind = "v1-endpoint";
        if (is_request_to(file, "/namespaces")) kind = "v1-namespace";
        ++seen[kind];
        if (const auto check = checks.find(kind); check != checks.end())
            check->second(answered(file));
        else
            CHECK(told_elsewhere.contains(kind));
    }
    int all = 0;
    for (const auto& [kind, count] : seen)
        all += count;
    CHECK(all == 116);
    CHECK(seen["v1-network"] > 30);
    CHECK(seen["v1-endpoint"] > 10);
    CHECK(seen["error"] > 40);
}

TEST_CASE("Published error records without a code get the code of their sentence") {
    const std::pair<const char*, std::uint32_t> sentences[] = {
        {"An adapter was not found. ", 0x803B0006U},
        {"The endpoint was not found. ", 0x803B0002U},
        {"An expected policy was not found. ", 0x803B0008U},
        {"Element not found. ", 0x80070490U},
        {"The parameter is incorrect. ", 0x80070057U},
        {"The object already exists", 0x80071392U}};
    for (const auto& known : sentences) {
        CAPTURE(known.first);
        CHECK(hnsclient::code_of_sentence(known.first) == hnsclient::hresult(known.second));
    }
}

TEST_CASE("Policies of a real conf with one exception list for each family stay apart") {
    for (const Published& file : published()) {
        if (file.kind != "v2-conf") continue;
        for (const json& argument : file.object.at("AdditionalArgs"))
            check_policies(json::array({argument.at("Value")}));
    }
}

TEST_CASE(
    "An address by which nobody else reaches the host is none, as one given before DHCP answers") {
    for (const char* address : {"169.254.0.1",
                                "169.254.17.4",
                                "169.254.255.254",
                                "0.0.0.0",
                                "127.0.0.1",
                                "127.255.0.9",
                                "::",
                                "::1",
                                "fe80::1",
                                "febf::abcd"}) {
        const json v1{{"ID", "1"}, {"ManagementIP", address}};
        CHECK_FALSE(hnsclient::v1::decode_network(JsonReader(v1, "answer")).management_address);
        const json v2{
            {"ID", "1"},
            {"Policies",
             {{{"Type", "ProviderAddress"}, {"Settings", {{"ProviderAddress", address}}}}}}};
        CHECK_FALSE(hnsclient::v2::decode_network(JsonReader(v2, "answer")).management_address);
    }
    for (const char* address : {"169.25.4.1",
                                "192.168.1.10",
                                "10.169.254.1",
                                "126.0.0.1",
                                "128.0.0.1",
                                "fd00::1",
                                "fec0::1"}) {
        const json v1{{"ID", "1"}, {"ManagementIP", address}};
        CHECK(hnsclient::v1::decode_network(JsonReader(v1, "answer")).management_address);
    }
}

TEST_CASE("What HCN leaves out is the first of its enumeration") {
    const json object{{"ID", "1"}};
    CHECK(hnsclient::v2::decode_network(JsonReader(object, "answer")).type == "NAT");
    CHECK(hnsclient::v2::decode_namespace(JsonReader(object, "answer")).type == "Host");
    CHECK(hnsclient::v2::decode_network(JsonReader(object, "answer")).flags == 0);
}

TEST_CASE("An object of a list that does not read is still named") {
    const json strange{{"ID", "E1"},
                       {"Name", "x"},
                       {"Type", "Odd"},
                       {"Subnets", 7},
                       {"Ipams", 7},
                       {"IpConfigurations", 7},
                       {"SharedContainers", 7},
                       {"VirtualNetwork", "N1"},
                       {"Resources", 7}};
    const JsonReader reader(strange, "answer");
    const auto v1 =
        hnsclient::decode_listed<hnsclient::Network, hnsclient::v1::decode_network>(reader);
    CHECK((v1.id == "E1" && v1.name == "x" && v1.type == "Odd"));
    const auto v2 =
        hnsclient::decode_listed<hnsclient::Network, hnsclient::v2::decode_network>(reader);
    CHECK((v2.id == "E1" && v2.name == "x" && v2.type == "Odd"));
    const auto endpoint =
        hnsclient::decode_listed<hnsclient::Endpoint, hnsclient::v2::decode_endpoint>(reader);
    CHECK((endpoint.id == "E1" && endpoint.name == "x" && endpoint.network_id == "N1"));
    const auto space =
        hnsclient::decode_listed<hnsclient::Namespace, hnsclient::v2::decode_namespace>(reader);
    CHECK(space.id == "E1");
    for (const json& odd :
         {json::array(), json("text"), json(7), json{{"ID", 7}, {"Name", 7}}, json(nullptr)})
        CHECK(hnsclient::decode_listed<hnsclient::Network, hnsclient::v2::decode_network>(
                  JsonReader(odd, "answer"))
                  .id
              == "");
}
