// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/emulator_hns.hpp"

using nlohmann::json;

namespace {

json v1_network() {
    return {{"Name", "vxlan0"},
            {"Type", "overlay"},
            {"NetworkAdapterName", "Ethernet"},
            {"Subnets",
             json::array({{{"AddressPrefix", "10.244.5.0/24"},
                           {"GatewayAddress", "10.244.5.1"},
                           {"Policies", json::array({{{"Type", "VSID"}, {"VSID", 4096}}})}}})}};
}

json output(const hns::Result& result) {
    REQUIRE(result.hr == 0);
    const json response = result.json();
    CAPTURE(response.dump());
    REQUIRE(response.at("Success") == true);
    return response.value("Output", json());
}

std::uint32_t failure(const hns::Result& result) {
    const json response = result.json();
    REQUIRE(response.at("Success") == false);
    CHECK_FALSE(response.at("Error").get<std::string>().empty());
    const std::uint32_t code = response.at("ErrorCode");
    // Only of an endpoint that is not there the call itself goes well.
    CHECK(result.hr == (code == 0x803B0002 ? 0 : static_cast<hnsclient::api::HResult>(code)));
    return code;
}

} // namespace

TEST_CASE("A network made through HNS v1 is the same one through HCN") {
    const EmulatorFolder folder;
    const json made = output(hns::v1("POST", "/networks/", v1_network().dump()));
    // As it was written.
    CHECK(made.at("Type") == "overlay");
    CHECK(made.at("NetworkAdapterName") == "Ethernet");
    CHECK(made.at("ManagementIP") == "192.168.1.10");
    CHECK(made.at("Subnets")[0].at("Policies")
          == json::array({{{"Type", "VSID"}, {"VSID", 4096}}}));

    const auto opened = hns::open_network(made.at("ID"));
    const json found = hns::query_network(opened.handle, "").json();
    hns::functions().close_network(opened.handle);
    CHECK(found.at("Ipams")[0].at("Subnets")[0].at("Policies")
          == json::array({{{"Type", "VSID"}, {"Settings", {{"IsolationId", 4096}}}}}));
    CHECK(found.at("Policies")[0]
          == json{{"Type", "NetAdapterName"}, {"Settings", {{"NetworkAdapterName", "Ethernet"}}}});
}

TEST_CASE("An endpoint made through either version reads right through the other") {
    const EmulatorFolder folder;
    const json network = output(hns::v1("POST", "/networks/", v1_network().dump()));
    const json wanted{
        {"Name", "c1"},
        {"VirtualNetwork", network.at("ID")},
        {"IPAddress", "10.244.5.7"},
        {"GatewayAddress", "10.244.5.2"},
        {"DNSSuffix", "ns1.svc.cluster.local,svc.cluster.local"},
        {"DNSServerList", "10.96.0.10,8.8.8.8"},
        {"Policies",
         json::array(
             {{{"Type", "PA"}, {"PA", "192.168.1.10"}},
              {{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.244.0.0/16"}}},
              {{"Type", "ROUTE"}, {"DestinationPrefix", "10.96.0.0/12"}, {"NeedEncap", true}},
              {{"Type", "NAT"},
               {"Protocol", "tcp"},
               {"InternalPort", 80},
               {"ExternalPort", 8080}}})}};
    const json made = output(hns::v1("POST", "/endpoints/", wanted.dump()));
    CHECK(made.at("State") == 1);
    CHECK(made.at("Policies")[3].at("Protocol") == "TCP");

    const auto opened = hns::open_endpoint(made.at("ID"));
    const json found = hns::query_endpoint(opened.handle, "").json();
    hns::functions().close_endpoint(opened.handle);
    CHECK(found.at("Dns")
          == json{{"Search", {"ns1.svc.cluster.local", "svc.cluster.local"}},
                  {"ServerList", {"10.96.0.10", "8.8.8.8"}}});
    CHECK(found.at("Routes")
          == json::array({{{"NextHop", "10.244.5.2"}, {"DestinationPrefix", "0.0.0.0/0"}}}));
    CHECK(found.at("Policies")
          == json::array(
              {{{"Type", "ProviderAddress"}, {"Settings", {{"ProviderAddress", "192.168.1.10"}}}},
               {{"Type", "OutBoundNAT"}, {"Settings", {{"Exceptions", {"10.244.0.0/16"}}}}},
               {{"Type", "SDNRoute"},
                {"Settings", {{"DestinationPrefix", "10.96.0.0/12"}, {"NeedEncap", true}}}},
               {{"Type", "PortMapping"},
                {"Settings", {{"Protocol", 6}, {"InternalPort", 80}, {"ExternalPort", 8080}}}}}));
    CHECK(output(hns::v1("GET", "/networks/" + network.at("ID").get<std::string>()))
              .at("CurrentEndpointCount")
          == 1);
}

TEST_CASE("IPv6 in IPAddress is refused, and so are addresses and MACs that do not fit") {
    const EmulatorFolder folder;
    const json network = output(hns::v1("POST", "/networks/", v1_network().dump()));
    const auto refused = [&](const char* key, const char* value) {
        const json wanted{{"Name", "c1"}, {"VirtualNetwork", network.at("ID")}, {key, value}};
        return failure(hns::v1("POST", "/endpoints/", wanted.dump()));
    };
    CHECK(refused("IPAddress", "fd00::1") == 0x803B001E);
    CHECK(refused("IPAddress", "10.99.0.1") == 0x803B001E);
    CHECK(refused("IPv6Address", "10.244.5.7") == 0x803B001E);
    CHECK(refused("MacAddress", "zz-zz-0a-f4-05-03") == 0x803B000C);
    CHECK(failure(hns::v1("POST", "/endpoints/", R"({"Name":"c1"})")) == 0x80070490);
}

TEST_CASE("Containers share an endpoint, and each leaves it once") {
    const EmulatorFolder folder;
    const json network = output(hns::v1("POST", "/networks/", v1_network().dump()));
    const json wanted{{"Name", "c1"}, {"VirtualNetwork", network.at("ID")}};
    const std::string path =
        "/endpoints/"
        + output(hns::v1("POST", "/endpoints/", wanted.dump())).at("ID").get<std::string>();
    const std::string pause = R"({"ContainerId":"pause","SystemType":"Container"})";
    CHECK(output(hns::v1("POST", path + "/attach", pause)).is_null());
    CHECK(failure(hns::v1("POST", path + "/attach", pause)) == 0x803B0014);
    CHECK(output(hns::v1("POST", path + "/attach", R"({"ContainerID":"app"})")).is_null());
    CHECK(output(hns::v1("GET", path)).at("SharedContainers") == json::array({"pause", "app"}));
    CHECK(output(hns::v1("GET", path)).at("State") == 3);
    CHECK(output(hns::v1("POST", path + "/detach", pause)).is_null());
    CHECK(failure(hns::v1("POST", path + "/detach", pause)) == 0x80070490);
    CHECK(output(hns::v1("DELETE", path)).is_null());
    CHECK(failure(hns::v1("DELETE", path)) == 0x803B0002);
    CHECK(failure(hns::v1("GET", path)) == 0x803B0002);
}

TEST_CASE("Namespaces are there through HNS v1 as well") {
    const EmulatorFolder folder;
    const json network = output(hns::v1("POST", "/networks/", v1_network().dump()));
    const json wanted{{"Name", "c1"}, {"VirtualNetwork", network.at("ID")}};
    const std::string endpoint = output(hns::v1("POST", "/endpoints/", wanted.dump())).at("ID");
    const std::string path =
        "/namespaces/" + output(hns::v1("POST", "/namespaces/", "{}")).at("ID").get<std::string>();
    const std::string resource =
        json{{"Type", "Endpoint"}, {"Data", {{"Id", "/endpoints/" + endpoint}}}}.dump();
    CHECK(output(hns::v1("POST", path + "/addresource", resource)).is_null());
    CHECK(output(hns::v1("GET", "/endpoints/" + endpoint)).at("State") == 3);
    CHECK(output(hns::v1("GET", "/namespaces/"))[0].at("ResourceList").size() == 1);
    CHECK(output(hns::v1("POST", path + "/removeresource", resource)).is_null());
    CHECK_FALSE(output(hns::v1("GET", path)).contains("ResourceList"));
    CHECK(output(hns::v1("DELETE", path)).is_null());
    CHECK(failure(hns::v1("GET", path)) == 0x80070490);
}

TEST_CASE("Policies are replaced by a POST to the endpoint") {
    const EmulatorFolder folder;
    const json network = output(hns::v1("POST", "/networks/", v1_network().dump()));
    const json wanted{{"Name", "c1"}, {"VirtualNetwork", network.at("ID")}};
    const json made = output(hns::v1("POST", "/endpoints/", wanted.dump()));
    const json policies =
        json::array({{{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", 1000}}});
    const std::string path = "/endpoints/" + made.at("ID").get<std::string>();
    CHECK(output(hns::v1("POST", path, json{{"Policies", policies}}.dump())).at("Policies")
          == policies);
}

TEST_CASE("What HNS v1 is asked besides has an answer, and what is unknown a refusal") {
    const EmulatorFolder folder;
    CHECK(output(hns::v1("GET", "/globals/version")) == json{{"Major", 15}, {"Minor", 0}});
    CHECK(output(hns::v1("GET", "/policylists/")) == json::array());
    CHECK(output(hns::v1("GET", "/networks")) == json::array());
    CHECK(failure(hns::v1("GET", "/moon/")) == 0x80070490);
    CHECK(failure(hns::v1("PATCH", "/networks/")) == 0x80070490);
    CHECK(failure(hns::v1("GET", "")) == 0x80070490);
    CHECK(failure(hns::v1("GET", "/networks/x/y/z")) == 0x80070490);
}
