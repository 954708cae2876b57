// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/emulator/emulator.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/emulator_hns.hpp"

using hnsclient::api::Handle;
using hnsclient::emulator::OpenHandles;
using nlohmann::json;

namespace {

const std::string network_id = "C0000001-FA4E-4000-A000-0000000C6B00";
const std::string dual_id = "C0000005-FA4E-4000-A000-00000000DD00";
const std::string namespace_id = "A1111111-2222-4333-8444-555555555501";
const std::string other_namespace_id = "A1111111-2222-4333-8444-555555555502";

json subnet(const std::string& prefix, const std::string& gateway) {
    const bool is_v6 = prefix.find(':') != std::string::npos;
    return {{"IpAddressPrefix", prefix},
            {"Routes",
             json::array(
                 {{{"NextHop", gateway}, {"DestinationPrefix", is_v6 ? "::/0" : "0.0.0.0/0"}}})}};
}

json network(const std::string& name, const json& subnets) {
    return {{"Name", name},
            {"Type", "L2Bridge"},
            {"MacPool",
             {{"Ranges",
               json::array({{{"StartMacAddress", "00-15-5D-FA-40-00"},
                             {"EndMacAddress", "00-15-5D-FA-4F-FF"}}})}}},
            {"Ipams", json::array({{{"Type", "Static"}, {"Subnets", subnets}}})},
            {"SchemaVersion", {{"Major", 2}, {"Minor", 0}}}};
}

json cbr0() {
    return network("cbr0", json::array({subnet("10.244.4.0/24", "10.244.4.1")}));
}

json dual0() {
    return network("dual0",
                   json::array({subnet("10.244.7.0/24", "10.244.7.1"),
                                subnet("fd00:10:244:7::/64", "fd00:10:244:7::1")}));
}

json endpoint(const std::string& name, const std::string& address = "") {
    json result{{"Name", name}, {"IpConfigurations", json::array({json::object()})}};
    if (!address.empty()) result["IpConfigurations"][0]["IpAddress"] = address;
    return result;
}

json with_policy(json endpoint, const std::string& type, const json& settings) {
    endpoint["Policies"].push_back({{"Type", type}, {"Settings", settings}});
    return endpoint;
}

json port_mapping(unsigned external, const std::string& vip = "") {
    return {{"Protocol", 6},
            {"InternalPort", 80},
            {"ExternalPort", external},
            {"VIP", vip},
            {"Flags", 1}};
}

json attach(const std::string& request_type, const std::string& endpoint_id) {
    return {{"ResourceType", "Endpoint"},
            {"RequestType", request_type},
            {"Settings", {{"EndpointId", endpoint_id}}}};
}

/// An HNS with the networks cbr0 and dual0 and two namespaces, all with handles open.
struct Node {
    EmulatorFolder folder;
    Handle bridge = made(hns::create_network(network_id, cbr0().dump()));
    Handle dual = made(hns::create_network(dual_id, dual0().dump()));
    Handle name_space = made(hns::create_namespace(namespace_id, "{}"));
    Handle other_name_space = made(hns::create_namespace(other_namespace_id, "{}"));

    Node() = default;

    ~Node() {
        hns::functions().close_network(bridge);
        hns::functions().close_network(dual);
        hns::functions().close_namespace(name_space);
        hns::functions().close_namespace(other_name_space);
        CHECK(hnsclient::emulator::open_handles() == OpenHandles{});
    }

    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    static Handle made(const hns::Result& result) {
        CAPTURE(result.error);
        REQUIRE(result.code() == "0x00000000");
        REQUIRE(result.handle != nullptr);
        return result.handle;
    }
};

/// Creates an endpoint, closes its handle and returns what HNS made of it.
json created(Handle network, const json& settings, const std::string& id = hns::any) {
    const auto result = hns::create_endpoint(network, id, settings.dump());
    CAPTURE(result.error);
    REQUIRE(result.code() == "0x00000000");
    json found = hns::query_endpoint(result.handle, "").json();
    hns::functions().close_endpoint(result.handle);
    return found;
}

std::string refused(Handle network, const json& settings) {
    const auto result = hns::create_endpoint(network, hns::any, settings.dump());
    CHECK(result.handle == nullptr);
    REQUIRE_FALSE(result.error.empty());
    const json record = json::parse(result.error);
    CHECK(record.at("Success") == false);
    CHECK_FALSE(record.at("Error").get<std::string>().empty());
    CHECK(record.at("ErrorCode") == static_cast<std::uint32_t>(result.hr));
    return result.code();
}

json queried(const std::string& endpoint_id) {
    const auto opened = hns::open_endpoint(endpoint_id);
    REQUIRE(opened.hr == 0);
    json found = hns::query_endpoint(opened.handle, "").json();
    hns::functions().close_endpoint(opened.handle);
    return found;
}

} // namespace

TEST_CASE("Without WINCNI_EMULATOR HNS is down, and its error record says why") {
    set_environment("WINCNI_EMULATOR", "");
    const auto result = hns::enumerate_networks("");
    CHECK(result.code() == "0x800706BA");
    CHECK(result.response.empty());
    CHECK(json::parse(result.error).at("Error").get<std::string>().find("WINCNI_EMULATOR")
          != std::string::npos);
    CHECK(hns::v1("GET", "/networks/").code() == "0x800706BA");
    CHECK(hns::functions().close_network(nullptr) < 0);
}

TEST_CASE("A network is found by its name and its ID, whatever the spelling of the ID") {
    const Node node;
    CHECK(hns::enumerate_networks(hns::filter({{"Name", "cbr0"}})).json()
          == json::array({hns::lower_case(network_id)}));
    CHECK(hns::enumerate_networks(hns::filter({{"Name", "cbr1"}})).json() == json::array());
    CHECK(hns::enumerate_networks(hns::filter({{"ID", "{c0000001-fa4e-4000-a000-0000000c6b00}"}}))
              .json()
          == json::array({hns::lower_case(network_id)}));
    CHECK(hns::enumerate_networks("").json().size() == 2);
    CHECK(hns::enumerate_networks("{}").json().size() == 2);
}

TEST_CASE("A network comes back as it was made, with what HNS adds") {
    const Node node;
    const json found = hns::query_network(node.dual, "").json();
    CHECK(found.at("ID") == hns::lower_case(dual_id));
    CHECK(found.at("Name") == "dual0");
    CHECK(found.at("Type") == "L2Bridge");
    CHECK(found.at("Ipams")[0].at("Subnets")[1].at("IpAddressPrefix") == "fd00:10:244:7::/64");
    CHECK(found.at("Ipams")[0].at("Subnets")[1].at("Routes")[0].at("NextHop")
          == "fd00:10:244:7::1");
    CHECK(found.at("Policies")
          == json::array({{{"Type", "ProviderAddress"},
                           {"Settings", {{"ProviderAddress", "192.168.1.10"}}}}}));
}

TEST_CASE("The type NAT is left out of answers, as HCN leaves out zeros") {
    const Node node;
    json nat = network("nat", json::array({subnet("172.22.16.0/20", "172.22.16.1")}));
    nat["Type"] = "nat";
    const auto made = hns::create_network(hns::any, nat.dump());
    REQUIRE(made.hr == 0);
    CHECK_FALSE(hns::query_network(made.handle, "").json().contains("Type"));
    hns::functions().close_network(made.handle);
}

TEST_CASE("A network whose name or ID is taken is refused, and so is one of no known type") {
    const Node node;
    CHECK(hns::create_network(hns::any, cbr0().dump()).code() == "0x803B0010");
    json renamed = cbr0();
    renamed["Name"] = "cbr9";
    CHECK(hns::create_network(network_id, renamed.dump()).code() == "0x803B0010");
    renamed["Type"] = "L3Bridge";
    CHECK(hns::create_network(hns::any, renamed.dump()).code() == "0x803B000B");
    renamed["Type"] = "";
    CHECK(hns::create_network(hns::any, renamed.dump()).code() == "0x803B000B");
}

TEST_CASE("Networks without MAC pools get pools that do not overlap") {
    const Node node;
    json plain = cbr0();
    plain.erase("MacPool");
    std::string starts[2];
    for (int i = 0; i < 2; ++i) {
        plain["Name"] = "plain" + std::to_string(i);
        const auto made = hns::create_network(hns::any, plain.dump());
        REQUIRE(made.hr == 0);
        starts[i] =
            hns::query_network(made.handle, "").json()["MacPool"]["Ranges"][0]["StartMacAddress"];
        hns::functions().close_network(made.handle);
    }
    CHECK(starts[0] != starts[1]);
}

TEST_CASE("Policies of a network and an endpoint are added, replaced and removed") {
    const Node node;
    const auto request = [](const char* type, const json& policy) {
        return json{{"ResourceType", "Policy"},
                    {"RequestType", type},
                    {"Settings", {{"Policies", json::array({policy})}}}}
            .dump();
    };
    const json route{{"Type", "RemoteSubnetRoute"}, {"Settings", {{"IsolationId", 4096}}}};
    CHECK(hns::modify_network(node.bridge, request("Add", route)).hr == 0);
    CHECK(hns::query_network(node.bridge, "").json().at("Policies")[0] == route);
    CHECK(hns::modify_network(node.bridge, request("Remove", route)).hr == 0);
    CHECK(hns::modify_network(node.bridge, request("Remove", route)).code() == "0x803B0008");
    CHECK(hns::modify_network(node.bridge, request("Sub", route)).code() == "0x80070057");

    const auto made = hns::create_endpoint(node.bridge, hns::any, endpoint("c1").dump());
    const json first{{"Type", "OutBoundNAT"}, {"Settings", {{"Exceptions", {"10.0.0.0/8"}}}}};
    const json second{{"Type", "OutBoundNAT"}, {"Settings", {{"Exceptions", {"10.96.0.0/12"}}}}};
    CHECK(hns::modify_endpoint(made.handle, request("Add", first)).hr == 0);
    CHECK(hns::modify_endpoint(made.handle, request("Update", second)).hr == 0);
    CHECK(hns::query_endpoint(made.handle, "").json().at("Policies") == json::array({second}));
    CHECK(hns::modify_endpoint(made.handle, R"({"ResourceType":"Port"})").code() == "0x803B0015");
    hns::functions().close_endpoint(made.handle);
}

TEST_CASE("An endpoint without addresses gets the lowest free one of each subnet") {
    const Node node;
    const json first = created(node.dual, endpoint("c1"));
    CHECK(first.at("IpConfigurations")
          == json::array({{{"IpAddress", "10.244.7.2"}, {"PrefixLength", 24}},
                          {{"IpAddress", "fd00:10:244:7::2"}, {"PrefixLength", 64}}}));
    CHECK(first.at("Routes")
          == json::array({{{"NextHop", "10.244.7.1"}, {"DestinationPrefix", "0.0.0.0/0"}},
                          {{"NextHop", "fd00:10:244:7::1"}, {"DestinationPrefix", "::/0"}}}));
    CHECK(first.at("MacAddress") == "00-15-5D-FA-40-00");
    CHECK(first.at("HostComputeNamespace") == hns::any);

    const json second = created(node.dual, {{"Name", "c2"}});
    CHECK(second.at("IpConfigurations")[0].at("IpAddress") == "10.244.7.3");
    CHECK(second.at("MacAddress") == "00-15-5D-FA-40-01");
    CHECK(hns::delete_endpoint(first.at("ID")).hr == 0);
    CHECK(created(node.dual, endpoint("c3")).at("IpConfigurations")[0].at("IpAddress")
          == "10.244.7.2");
}

TEST_CASE(
    "Neither gateway, network nor broadcast address is chosen, and a full subnet is refused") {
    const Node node;
    const json tiny = network("tiny", json::array({subnet("10.1.1.0/29", "10.1.1.1")}));
    const auto made = hns::create_network(hns::any, tiny.dump());
    for (int last = 2; last <= 6; ++last)
        CHECK(created(made.handle, endpoint("c" + std::to_string(last)))
                  .at("IpConfigurations")[0]
                  .at("IpAddress")
              == "10.1.1." + std::to_string(last));
    CHECK(refused(made.handle, endpoint("c7")) == "0x803B002F");
    hns::functions().close_network(made.handle);
}

TEST_CASE("Requested addresses are checked") {
    const Node node;
    CHECK(created(node.bridge, endpoint("c1", "10.244.4.9")).at("IpConfigurations")
          == json::array({{{"IpAddress", "10.244.4.9"}, {"PrefixLength", 24}}}));
    CHECK(refused(node.bridge, endpoint("c2", "10.244.4.9")) == "0x803B002F");
    CHECK(refused(node.bridge, endpoint("c2", "10.244.4.255")) == "0x803B002F");
    CHECK(refused(node.bridge, endpoint("c2", "10.99.0.1")) == "0x803B001E");
    CHECK(refused(node.bridge, endpoint("c2", "fd00::1")) == "0x803B001E");
    CHECK(refused(node.bridge, endpoint("c2", "10.244.4.300")) == "0x803B001E");
    // The gateway is the host's to give away.
    CHECK(created(node.bridge, endpoint("c3", "10.244.4.1")).at("Name") == "c3");
}

TEST_CASE("A prefix length that was asked for is kept, if there is such a thing") {
    const Node node;
    json wanted = endpoint("c1", "10.244.4.9");
    wanted["IpConfigurations"][0]["PrefixLength"] = 32;
    CHECK(created(node.bridge, wanted).at("IpConfigurations")[0].at("PrefixLength") == 32);
    wanted["IpConfigurations"][0] = {{"IpAddress", "10.244.4.10"}, {"PrefixLength", 33}};
    CHECK(refused(node.bridge, wanted) == "0x803B001E");
}

TEST_CASE("A MAC is kept as it was written, and refused when it is not one") {
    const Node node;
    json wanted = endpoint("c1");
    wanted["MacAddress"] = "0E-2A-0a-f4-05-02";
    CHECK(created(node.bridge, wanted).at("MacAddress") == "0E-2A-0a-f4-05-02");
    for (const char* bad : {"zz-zz-0a-f4-05-03", "0E:2A:0a:f4:05:02", "0E-2A-0a-f4-05", "x"}) {
        wanted["MacAddress"] = bad;
        CHECK(refused(node.bridge, wanted) == "0x803B000C");
    }
}

TEST_CASE("A MAC that the pool would give is skipped when an endpoint brought it along") {
    const Node node;
    json wanted = endpoint("c1");
    wanted["MacAddress"] = "00-15-5d-fa-40-00";
    created(node.bridge, wanted);
    CHECK(created(node.bridge, endpoint("c2")).at("MacAddress") == "00-15-5D-FA-40-01");
}

TEST_CASE("Routes without a next hop are completed from the subnet of their family") {
    const Node node;
    json wanted = endpoint("c1", "10.244.7.9");
    wanted["Routes"] =
        json::array({{{"DestinationPrefix", "10.96.0.0/12"}}, {{"DestinationPrefix", "::/0"}}});
    CHECK(created(node.dual, wanted).at("Routes")
          == json::array({{{"NextHop", "10.244.7.1"}, {"DestinationPrefix", "0.0.0.0/0"}},
                          {{"NextHop", "10.244.7.1"}, {"DestinationPrefix", "10.96.0.0/12"}}}));
    wanted = endpoint("c2");
    wanted["Routes"] =
        json::array({{{"NextHop", "10.244.7.2"}, {"DestinationPrefix", "0.0.0.0/0"}}});
    CHECK(created(node.dual, wanted).at("Routes").size() == 1);
    wanted["Routes"][0]["NextHop"] = "nowhere";
    CHECK(refused(node.dual, wanted) == "0x803B001E");
}

TEST_CASE("A chosen endpoint ID is kept, and refused when it is taken") {
    const Node node;
    const std::string id = "e0000000-fa4e-4000-a000-000000000001";
    CHECK(created(node.bridge, endpoint("c1"), "E0000000-FA4E-4000-A000-000000000001").at("ID")
          == id);
    CHECK(hns::create_endpoint(node.bridge, id, endpoint("c2").dump()).code() == "0x803B0013");
    CHECK(created(node.bridge, endpoint("c2")).at("ID") != hns::any);
}

TEST_CASE("Endpoints are found by name, ID and network") {
    const Node node;
    const json first = created(node.bridge, endpoint("c1"));
    const json second = created(node.dual, endpoint("c2"));
    const auto find = [](const json& filter) {
        return hns::enumerate_endpoints(hns::filter(filter)).json();
    };
    CHECK(find({{"Name", "c1"}}) == json::array({first["ID"]}));
    CHECK(find({{"ID", second["ID"]}}) == json::array({second["ID"]}));
    CHECK(find({{"VirtualNetwork", dual_id}}) == json::array({second["ID"]}));
    CHECK(find({{"VirtualNetwork", dual_id}, {"Name", "c1"}}) == json::array());
    CHECK(find(json::object()).size() == 2);
    CHECK(find({{"Name", "C1"}}) == json::array());
}

TEST_CASE("Names in any script are kept and found") {
    const Node node;
    const std::string name = "z\xC3\xBCrich-\xE6\x97\xA5\xE6\x9C\xAC-\xF0\x9F\x98\x80_\"quoted\"\\";
    const json made = created(node.bridge, endpoint(name));
    CHECK(made.at("Name") == name);
    CHECK(hns::enumerate_endpoints(hns::filter({{"Name", name}})).json()
          == json::array({made["ID"]}));
}

TEST_CASE("A namespace cannot be set when an endpoint is created") {
    const Node node;
    json wanted = endpoint("c1");
    wanted["HostComputeNamespace"] = namespace_id;
    CHECK(refused(node.bridge, wanted) == "0x803B000C");
    wanted["HostComputeNamespace"] = hns::any;
    CHECK(created(node.bridge, wanted).at("Name") == "c1");
}

TEST_CASE("An endpoint is in one namespace at most") {
    const Node node;
    const std::string id = created(node.bridge, endpoint("c1")).at("ID");
    CHECK(hns::modify_namespace(node.name_space, attach("Add", id).dump()).hr == 0);
    CHECK(queried(id).at("HostComputeNamespace") == hns::lower_case(namespace_id));
    CHECK(hns::query_namespace(node.name_space, "").json().at("Resources")
          == json::array({{{"Type", "Endpoint"}, {"Data", {{"Id", id}}}}}));
    for (Handle where : {node.name_space, node.other_name_space})
        CHECK(hns::modify_namespace(where, attach("Add", id).dump()).code() == "0x803B002B");
    CHECK(hns::modify_namespace(node.other_name_space, attach("Remove", id).dump()).code()
          == "0x80070490");
    CHECK(hns::modify_namespace(node.name_space, attach("Remove", id).dump()).hr == 0);
    CHECK(hns::modify_namespace(node.name_space, attach("Remove", id).dump()).code()
          == "0x80070490");
    CHECK(queried(id).at("HostComputeNamespace") == hns::any);
    CHECK(hns::modify_namespace(node.other_name_space, attach("Add", id).dump()).hr == 0);
}

TEST_CASE("What is not there cannot be attached, opened or deleted") {
    const Node node;
    const std::string nowhere = "DEADBEEF-0000-4000-8000-000000000000";
    CHECK(hns::modify_namespace(node.name_space, attach("Add", nowhere).dump()).code()
          == "0x803B0002");
    CHECK(hns::open_network(nowhere).code() == "0x803B0001");
    CHECK(hns::open_endpoint(nowhere).code() == "0x803B0002");
    CHECK(hns::open_namespace(nowhere).code() == "0x80070490");
    CHECK(hns::delete_network(nowhere).code() == "0x803B0001");
    CHECK(hns::delete_endpoint(nowhere).code() == "0x803B0002");
    CHECK(hns::delete_namespace(nowhere).code() == "0x80070490");
    CHECK(hns::open_endpoint(nowhere).error.find("The endpoint was not found. ")
          != std::string::npos);
}

TEST_CASE("Deleting an attached endpoint takes it out of its namespace") {
    const Node node;
    const std::string id = created(node.bridge, endpoint("c1")).at("ID");
    hns::modify_namespace(node.name_space, attach("Add", id).dump());
    CHECK(hns::delete_endpoint(id).hr == 0);
    CHECK_FALSE(hns::query_namespace(node.name_space, "").json().contains("Resources"));
}

TEST_CASE("Deleting a namespace leaves its endpoints, in no namespace") {
    const Node node;
    const std::string id = created(node.bridge, endpoint("c1")).at("ID");
    hns::modify_namespace(node.name_space, attach("Add", id).dump());
    CHECK(hns::delete_namespace(namespace_id).hr == 0);
    CHECK(queried(id).at("HostComputeNamespace") == hns::any);
    CHECK(hns::query_namespace(node.name_space, "").code() == "0x80070490");
    CHECK(hns::enumerate_namespaces(hns::filter({{"ID", namespace_id}})).json() == json::array());
}

TEST_CASE("Deleting a network takes its endpoints with it, also out of namespaces") {
    const Node node;
    const std::string id = created(node.bridge, endpoint("c1")).at("ID");
    const std::string other = created(node.dual, endpoint("c2")).at("ID");
    hns::modify_namespace(node.name_space, attach("Add", id).dump());
    CHECK(hns::delete_network(network_id).hr == 0);
    CHECK(hns::open_endpoint(id).code() == "0x803B0002");
    CHECK(queried(other).at("Name") == "c2");
    CHECK_FALSE(hns::query_namespace(node.name_space, "").json().contains("Resources"));
    CHECK(refused(node.bridge, endpoint("c3")) == "0x803B0001");
}

TEST_CASE("Namespaces get the lowest free compartment and one of the four types") {
    const Node node;
    CHECK(hns::query_namespace(node.name_space, "").json().at("NamespaceId") == 2);
    CHECK(hns::query_namespace(node.other_name_space, "").json().at("NamespaceId") == 3);
    hns::delete_namespace(namespace_id);
    const auto made = hns::create_namespace(hns::any, R"({"Type":"HostDefault"})");
    REQUIRE(made.hr == 0);
    const json found = hns::query_namespace(made.handle, "").json();
    CHECK(found.at("NamespaceId") == 2);
    CHECK(found.at("Type") == "HostDefault");
    hns::functions().close_namespace(made.handle);
    CHECK(hns::create_namespace(hns::any, R"({"Type":"Moon"})").code() == "0x80070057");
    CHECK(hns::create_namespace(other_namespace_id, "{}").code() == "0x80071392");
}

TEST_CASE("A port of the host is mapped by one endpoint only") {
    const Node node;
    created(node.bridge, with_policy(endpoint("c1"), "PortMapping", port_mapping(8080)));
    CHECK(refused(node.dual, with_policy(endpoint("c2"), "PortMapping", port_mapping(8080)))
          == "0x80070020");
    created(node.bridge, with_policy(endpoint("c3"), "PortMapping", port_mapping(8081)));
    created(node.bridge,
            with_policy(endpoint("c4"), "PortMapping", port_mapping(8080, "192.168.1.10")));
    json udp = port_mapping(8080);
    udp["Protocol"] = 17;
    created(node.bridge, with_policy(endpoint("c5"), "PortMapping", udp));
}

TEST_CASE("Policies that miss what they need, or are of the other API's shape, are refused") {
    const Node node;
    CHECK(refused(node.bridge, with_policy(endpoint("c1"), "PortMapping", json::object()))
          == "0x803B000D");
    CHECK(refused(node.bridge, with_policy(endpoint("c1"), "ProviderAddress", json::object()))
          == "0x803B000D");
    json wanted = endpoint("c1");
    wanted["Policies"] =
        json::array({{{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.0.0.0/8"}}}});
    CHECK(refused(node.bridge, wanted) == "0x803B000D");
    wanted["Policies"] = json::array({{{"Settings", json::object()}}});
    CHECK(refused(node.bridge, wanted) == "0x803B000E");
    wanted["Policies"] = json::array({"OutBoundNAT"});
    CHECK(refused(node.bridge, wanted) == "0x803B000D");
}

TEST_CASE("A remote endpoint may have any address, but must have one, and is never attached") {
    const Node node;
    json wanted = endpoint("remote", "10.99.3.4");
    wanted["Flags"] = 1;
    const json made = created(node.bridge, wanted);
    CHECK(made.at("Flags") == 1);
    CHECK(made.at("IpConfigurations")[0].at("IpAddress") == "10.99.3.4");
    CHECK(hns::modify_namespace(node.name_space, attach("Add", made.at("ID")).dump()).code()
          == "0x803B000F");
    CHECK(refused(node.bridge, wanted) == "0x803B002F");
    wanted.erase("IpConfigurations");
    CHECK(refused(node.bridge, wanted) == "0x803B001E");
}

TEST_CASE("The configured version decides what HNS can do") {
    const Node node;
    const auto play_version = [&](int major, int minor) {
        node.folder.write("config.json",
                          json{{"version", {{"Major", major}, {"Minor", minor}}}}.dump());
    };
    play_version(9, 1);
    CHECK(hns::enumerate_networks("").code() == "0x80004001");
    CHECK(hns::v1("GET", "/globals/version").json().at("Output")
          == json{{"Major", 9}, {"Minor", 1}});
    play_version(9, 2);
    CHECK(hns::enumerate_networks("").hr == 0);
    const json dsr = with_policy(endpoint("c1"), "OutBoundNAT", {{"Destinations", {"10.1.1.1"}}});
    CHECK(refused(node.bridge, dsr) == "0x803B0015");
    CHECK(refused(node.bridge, with_policy(endpoint("c1"), "L4WFPPROXY", json::object()))
          == "0x803B000E");
    json renamed = dual0();
    renamed["Name"] = "dual1";
    CHECK(hns::create_network(hns::any, renamed.dump()).code() == "0x803B0015");
    play_version(10, 2);
    created(node.bridge, dsr);
}

TEST_CASE("Malformed requests of every kind are refused and change nothing") {
    const Node node;
    const char* const bad[] = {"",
                               "nonsense",
                               "[]",
                               "7",
                               "null",
                               "{\"Name\":",
                               "{\"Name\":7}",
                               "{\"Policies\":{}}",
                               "\"x\"",
                               "{\"IpConfigurations\":[7]}",
                               "{\"Routes\":[[]]}",
                               "{\"Dns\":[]}",
                               "{\"Flags\":-1}",
                               "{\"Flags\":\"1\"}",
                               "{\"HostComputeNamespace\":\"x\"}",
                               "{\"HostComputeNetwork\":7}",
                               "{\"IpConfigurations\":[{\"IpAddress\":7}]}"};
    for (const char* text : bad) {
        CAPTURE(text);
        const auto result = hns::create_endpoint(node.bridge, hns::any, text);
        CHECK(result.hr < 0);
        CHECK(result.handle == nullptr);
        CHECK_FALSE(result.error.empty());
        CHECK(hns::create_network(hns::any, text).hr < 0);
        CHECK(hns::modify_namespace(node.name_space, text).hr < 0);
        CHECK(hns::modify_network(node.bridge, text).hr < 0);
        CHECK(hns::v1("POST", "/endpoints/", text).hr < 0);
        CHECK(hns::v1("POST", "/networks/", text).json().at("Success") == false);
    }
    for (const char* text : {"nonsense",
                             "[]",
                             "{\"Filter\":{}}",
                             "{\"Filter\":\"nonsense\"}",
                             "{\"Filter\":\"[]\"}"}) {
        CAPTURE(text);
        CHECK(hns::enumerate_networks(text).code() == "0x803B001B");
        CHECK(hns::enumerate_endpoints(text).code() == "0x803B001B");
        CHECK(hns::enumerate_namespaces(text).code() == "0x803B001B");
        CHECK(hns::query_network(node.bridge, text).code() == "0x803B001B");
    }
    CHECK(hns::enumerate_endpoints("").json() == json::array());
    CHECK(hns::enumerate_networks("").json().size() == 2);
}

TEST_CASE("A handle that is wrong, closed or of another kind is an error and harms nothing") {
    const Node node;
    const auto& f = hns::functions();
    const auto made = hns::create_endpoint(node.bridge, hns::any, endpoint("c1").dump());
    int on_stack = 0;
    for (Handle bad : {Handle{nullptr}, node.bridge, Handle{&on_stack}}) {
        CHECK(hns::query_endpoint(bad, "").code() == "0x80070006");
        CHECK(hns::modify_endpoint(bad, "{}").code() == "0x80070006");
        CHECK(hns::modify_namespace(bad, "{}").code() == "0x80070006");
        CHECK(f.close_endpoint(bad) < 0);
    }
    CHECK(hns::create_endpoint(made.handle, hns::any, "{}").code() == "0x80070006");
    CHECK(hnsclient::emulator::open_handles().endpoints == 1);
    CHECK(f.close_endpoint(made.handle) == 0);
    CHECK(f.close_endpoint(made.handle) < 0);
    CHECK(hns::query_endpoint(made.handle, "").code() == "0x80070006");
    CHECK(hnsclient::emulator::open_handles().endpoints == 0);
}

TEST_CASE("Places that the caller left out are not a crash") {
    const Node node;
    const auto& f = hns::functions();
    CHECK(f.enumerate_networks(nullptr, nullptr, nullptr) < 0);
    CHECK(f.open_network(hns::guid(network_id), nullptr, nullptr) < 0);
    CHECK(f.create_endpoint(node.bridge, hns::guid(hns::any), nullptr, nullptr, nullptr) < 0);
    CHECK(f.query_network(node.bridge, nullptr, nullptr, nullptr) < 0);
    CHECK(f.hns_call(nullptr, nullptr, nullptr, nullptr) < 0);
    CHECK(f.delete_network(hns::guid(hns::any), nullptr) < 0);
    f.free_string(nullptr);
}

TEST_CASE("A handle of an object that is gone answers that it is gone") {
    const Node node;
    const auto made = hns::create_endpoint(node.bridge, hns::any, endpoint("c1").dump());
    const std::string id = hns::query_endpoint(made.handle, "").json().at("ID");
    CHECK(hns::delete_endpoint(id).hr == 0);
    CHECK(hns::query_endpoint(made.handle, "").code() == "0x803B0002");
    CHECK(hns::functions().close_endpoint(made.handle) == 0);
}
