// SPDX-License-Identifier: Apache-2.0
// The emulator answers as the real HNS was seen to do (tests/data/hns-real, the table in its
// README): each case names the row of it.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/emulator_hns.hpp"

using hnsclient::api::Handle;
using hnsclient::api::HResult;
using nlohmann::json;

namespace {

// A release of Windows each: Server 2016, 1709, 1803, 2019, 2004, Server 2022, Windows 11.
const std::vector<std::pair<int, int>> all_versions{
    {1, 1}, {5, 1}, {7, 2}, {9, 2}, {11, 10}, {13, 3}, {15, 0}};
const std::string nowhere = "DEADBEEF-0000-4000-8000-000000000000";

/// What the config says besides the version.
class Hns {
public:
    explicit Hns(json config = json::object()) : config_(std::move(config)) { write(); }

    void be(const std::pair<int, int>& version) {
        config_["version"] = {{"Major", version.first}, {"Minor", version.second}};
        write();
    }

    void set(const char* key, const json& value) {
        config_[key] = value;
        write();
    }

    EmulatorFolder folder;

private:
    void write() const { folder.write("config.json", config_.dump()); }

    json config_;
};

HResult code(std::uint32_t value) {
    return static_cast<HResult>(value);
}

json post(const std::string& path, const json& body) {
    const auto result = hns::v1("POST", path, body.dump());
    CAPTURE(result.response);
    REQUIRE(result.hr == 0);
    return result.json().value("Output", json());
}

json got(const std::string& path) {
    const auto result = hns::v1("GET", path);
    REQUIRE(result.hr == 0);
    return result.json().at("Output");
}

json network_of(const char* type, const char* name = "net") {
    return post(
        "/networks/",
        {{"Name", name},
         {"Type", type},
         {"Subnets",
          json::array({{{"AddressPrefix", "10.244.4.0/24"}, {"GatewayAddress", "10.244.4.1"}}})}});
}

json wanted_on(const json& network, const char* address = "") {
    json wanted{{"Name", "c1"}, {"VirtualNetwork", network.at("ID")}};
    if (*address != '\0') wanted["IPAddress"] = address;
    return wanted;
}

json with_port(json wanted, unsigned flags) {
    wanted["Policies"] = json::array({{{"Type", "NAT"},
                                       {"Protocol", "TCP"},
                                       {"InternalPort", 80},
                                       {"ExternalPort", 8080},
                                       {"Flags", flags}}});
    return wanted;
}

/// The HRESULT of what must fail, of the call or of the record in its answer.
hns::Result refused(const json& wanted) {
    const auto result = hns::v1("POST", "/endpoints/", wanted.dump());
    REQUIRE(result.json().at("Success") == false);
    return result;
}

/// An object as HCN tells it.
json told_by_hcn(hns::Result (*open)(const std::string&),
                 hns::Result (*query)(Handle, const std::string&),
                 HResult (*close)(Handle),
                 const std::string& id) {
    const auto opened = open(id);
    REQUIRE(opened.hr == 0);
    json found = query(opened.handle, "").json();
    close(opened.handle);
    return found;
}

json network_by_hcn(const json& network) {
    return told_by_hcn(
        hns::open_network, hns::query_network, hns::functions().close_network, network.at("ID"));
}

json endpoint_by_hcn(const json& endpoint) {
    return told_by_hcn(hns::open_endpoint,
                       hns::query_endpoint,
                       hns::functions().close_endpoint,
                       endpoint.at("ID"));
}

std::string path_of(const json& endpoint) {
    return "/endpoints/" + endpoint.at("ID").get<std::string>();
}

std::string create_network_by_hcn(const json& settings) {
    const auto result = hns::create_network(hns::any, settings.dump());
    if (result.handle != nullptr) hns::functions().close_network(result.handle);
    return result.code();
}

bool is_lower(const json& id) {
    return id == hns::lower_case(id);
}

bool has_policy(const json& endpoint, const char* type) {
    for (const auto& policy : endpoint.value("Policies", json::array()))
        if (policy.at("Type") == type) return true;
    return false;
}

} // namespace

TEST_CASE("E7, D3: up to 1803 a failing HNSCall succeeds and has no code; later it fails, too") {
    Hns hns;
    for (const auto& version : all_versions) {
        CAPTURE(version.first);
        hns.be(version);
        const bool is_old = version.first < 9;
        const auto no_network = hns::v1("GET", "/networks/" + nowhere);
        CHECK(no_network.hr == (is_old ? 0 : code(0x803B0001)));
        CHECK(no_network.json().at("Error") == "The network was not found. ");
        CHECK(no_network.json().contains("ErrorCode") == !is_old);
        for (const char* method : {"GET", "DELETE"}) {
            const auto no_endpoint = hns::v1(method, "/endpoints/" + nowhere);
            CHECK(no_endpoint.hr == 0);
            CHECK(no_endpoint.json().at("Success") == false);
            CHECK(no_endpoint.json().at("Error") == "The endpoint was not found. ");
        }
    }
}

TEST_CASE("E4: an endpoint on a network that is not there is an element that is not found") {
    Hns hns;
    for (const auto& version : all_versions) {
        hns.be(version);
        for (const json& wanted :
             {json{{"Name", "c1"}, {"VirtualNetwork", nowhere}}, json{{"Name", "c1"}}}) {
            const auto result = refused(wanted);
            CHECK(result.hr == (version.first < 9 ? 0 : code(0x80070490)));
            CHECK(result.json().at("Error") == "Element not found. ");
        }
    }
}

TEST_CASE("E5: an address that another endpoint has") {
    Hns hns;
    const json network = network_of("L2Bridge");
    post("/endpoints/", wanted_on(network, "10.244.4.9"));
    const auto refusal = [&](const std::pair<int, int>& version) {
        hns.be(version);
        return refused(wanted_on(network, "10.244.4.9"));
    };
    CHECK(refusal({7, 2}).json().at("Error") == "The object already exists. ");
    CHECK(refusal({9, 2}).hr == code(0x80071392));
    CHECK(refusal({10, 3}).hr == code(0x80071392));
    for (const auto& version : {std::pair{11, 10}, std::pair{13, 3}, std::pair{15, 0}})
        CHECK(refusal(version).hr == code(0x803B002F));
    // What is reserved is another matter.
    hns.be({9, 2});
    CHECK(refused(wanted_on(network, "10.244.4.255")).hr == code(0x803B002F));
    hns.set("sharedAddresses", true);
    CHECK(post("/endpoints/", wanted_on(network, "10.244.4.9")).at("IPAddress") == "10.244.4.9");
    CHECK(got("/endpoints/").size() == 2);
}

TEST_CASE("E6: a host port that another endpoint has") {
    Hns hns;
    const json nat = network_of("nat", "nat");
    const json bridge = network_of("L2Bridge", "bridge");
    post("/endpoints/", with_port(wanted_on(nat), 0));
    const auto refusal =
        [&](const std::pair<int, int>& version, const json& network, unsigned flags) {
            hns.be(version);
            return refused(with_port(wanted_on(network), flags));
        };
    CHECK(refusal({1, 1}, nat, 0).json().at("Error") == "Unspecified error");
    CHECK(refusal({1, 1}, nat, 0).hr == 0);
    for (const auto& version : {std::pair{9, 2}, std::pair{13, 3}, std::pair{15, 0}}) {
        CHECK(refusal(version, nat, 0).hr == code(0x80070020));
        CHECK(refusal(version, bridge, 1).hr == code(0x80070020));
        CHECK(refusal(version, bridge, 0).hr == code(0x803B0013));
    }
    for (const unsigned flags : {0U, 1U}) {
        CHECK(refusal({11, 10}, nat, flags).hr == code(0x803B0013));
        CHECK(refusal({11, 10}, bridge, flags).hr == code(0x803B0013));
    }
}

TEST_CASE("E6: on late Windows 10 a mapping on an l2bridge network must be a local one") {
    Hns hns;
    const json bridge = network_of("L2Bridge", "bridge");
    for (const auto& version : {std::pair{11, 10}, std::pair{12, 2}}) {
        hns.be(version);
        CHECK(refused(with_port(wanted_on(bridge), 0)).hr == code(0x803B0013));
    }
    for (const auto& version : {std::pair{9, 2}, std::pair{13, 3}, std::pair{15, 0}}) {
        hns.be(version);
        const json made = post("/endpoints/", with_port(wanted_on(bridge), 0));
        CHECK(hns::v1("DELETE", path_of(made)).hr == 0);
    }
    hns.be({11, 10});
    CHECK_FALSE(post("/endpoints/", with_port(wanted_on(bridge), 1)).empty());
}

TEST_CASE("E8: HCN names a member that it does not know") {
    const Hns hns;
    const auto sentence = [](const hns::Result& result) {
        REQUIRE(result.code() == "0x803B001B");
        return json::parse(result.error).at("Error").get<std::string>();
    };
    CHECK(sentence(hns::create_namespace(hns::any, R"({"CreateWithCompartment": true})"))
          == "Invalid JSON document string. {{CreateWithCompartment,UnknownField}}");
    for (const char* settings : {R"({"Odd": 1})",
                                 R"({"Dns": {"Odd": 1}})",
                                 R"({"MacPool": {"Odd": 1}})",
                                 R"({"Ipams": [{"Odd": 1}]})",
                                 R"({"Ipams": [{"Subnets": [{"Odd": 1}]}]})",
                                 R"({"Ipams": [{"Subnets": [{"Routes": [{"Odd": 1}]}]}]})"})
        CHECK(sentence(hns::create_network(hns::any, settings))
              == "Invalid JSON document string. {{Odd,UnknownField}}");
    const auto opened = hns::open_network(network_of("L2Bridge").at("ID"));
    for (const char* settings : {R"({"Odd": 1})",
                                 R"({"Dns": {"Odd": 1}})",
                                 R"({"Routes": [{"Odd": 1}]})",
                                 R"({"IpConfigurations": [{"Odd": 1}]})"})
        CHECK(sentence(hns::create_endpoint(opened.handle, hns::any, settings))
              == "Invalid JSON document string. {{Odd,UnknownField}}");
    hns::functions().close_network(opened.handle);
    CHECK(got("/endpoints/").empty());
}

TEST_CASE("E9: the management address comes with time, and not on every type of network") {
    Hns hns(json{{"managementIP", {"", "", "169.254.3.4", "192.168.1.10"}}});
    const json bridge = network_of("L2Bridge", "bridge");
    CHECK_FALSE(bridge.contains("ManagementIP"));
    const std::string path = "/networks/" + bridge.at("ID").get<std::string>();
    CHECK_FALSE(network_by_hcn(bridge).contains("Policies"));
    CHECK(got(path).at("ManagementIP") == "169.254.3.4");
    CHECK(network_by_hcn(bridge).at("Policies")[0].at("Settings")
          == json{{"ProviderAddress", "192.168.1.10"}});
    CHECK(got(path).at("ManagementIP") == "192.168.1.10");

    hns.set("managementIP", "10.0.0.5");
    CHECK(network_of("Overlay", "overlay").at("ManagementIP") == "10.0.0.5");
    for (const char* type : {"NAT", "ICS", "Private", "Internal"}) {
        const json network = network_of(type, type);
        CHECK_FALSE(network.contains("ManagementIP"));
        CHECK_FALSE(network_by_hcn(network).contains("Policies"));
    }
}

TEST_CASE("E10: the State of an endpoint, and one that is degraded later") {
    Hns hns;
    const json network = network_of("L2Bridge");
    const json endpoint = post("/endpoints/", wanted_on(network));
    const std::string name_space = post("/namespaces/", json::object()).at("ID");
    const std::string path = "/namespaces/" + name_space;
    const json resource{{"Type", "Endpoint"}, {"Data", {{"Id", endpoint.at("ID")}}}};
    CHECK(endpoint_by_hcn(endpoint).at("State") == 1);
    post(path + "/addresource", resource);
    CHECK(endpoint_by_hcn(endpoint).at("State") == 3);
    post(path + "/removeresource", resource);

    hns.set("attachedState", {3, 3, 5});
    post(path + "/addresource", resource);
    CHECK(endpoint_by_hcn(endpoint).at("State") == 3);
    CHECK(got(path_of(endpoint)).at("State") == 3);
    for (int i = 0; i < 3; ++i)
        CHECK(endpoint_by_hcn(endpoint).at("State") == 5);
    post(path + "/removeresource", resource);
    CHECK(got(path_of(endpoint)).at("State") == 1);

    hns.set("attachedState", 2);
    post(path + "/addresource", resource);
    CHECK(got("/endpoints/")[0].at("State") == 2);
}

TEST_CASE("E11: policies that HNS adds") {
    Hns hns;
    const json bridge = network_of("L2Bridge", "bridge");
    const auto made = [&](const std::pair<int, int>& version, json wanted) {
        hns.be(version);
        return post("/endpoints/", wanted);
    };
    json remote = wanted_on(bridge, "10.99.0.4");
    remote["IsRemoteEndpoint"] = true;
    CHECK(has_policy(made({7, 2}, wanted_on(bridge)), "L2Driver"));
    CHECK_FALSE(has_policy(made({9, 2}, wanted_on(bridge)), "L2Driver"));
    CHECK(has_policy(made({9, 2}, remote), "L2Driver"));
    remote["IPAddress"] = "10.99.0.5";
    CHECK_FALSE(has_policy(made({15, 0}, remote), "L2Driver"));

    const json mapped = made({15, 0}, with_port(wanted_on(bridge, "10.244.4.77"), 1));
    CHECK(
        mapped.at("Policies")[1]
        == json{{"Type", "ROUTE"}, {"DestinationPrefix", "192.168.1.10/32"}, {"NeedEncap", true}});
    CHECK(endpoint_by_hcn(mapped).at("Policies")[1].at("Type") == "SDNRoute");

    json filtered = wanted_on(bridge);
    filtered["Policies"] = json::array({{{"Type", "ACL"}, {"Action", "Block"}}});
    CHECK(made({13, 3}, filtered).at("Policies")[0].at("Scope") == 0);
    CHECK_FALSE(made({9, 2}, filtered).at("Policies")[0].contains("Scope"));
}

TEST_CASE("E12: an endpoint of Internet Connection Sharing has no address yet") {
    const Hns hns;
    const json endpoint = post("/endpoints/", wanted_on(network_of("ICS")));
    CHECK_FALSE(endpoint.contains("IPAddress"));
    CHECK(endpoint.at("Flags") == 32);
    CHECK_FALSE(endpoint_by_hcn(endpoint).contains("IpConfigurations"));
}

TEST_CASE("E13, E14: namespaces with and without containers") {
    Hns hns;
    const auto made = hns::create_namespace(hns::any, "{}");
    const std::string id = hns::query_namespace(made.handle, "").json().at("ID");
    const std::string path = "/namespaces/" + id;
    CHECK(got(path).at("CompartmentId") == 0);
    hns.be({9, 2});
    CHECK_FALSE(got(path).contains("CompartmentId"));
    const auto change = [&](const char* type) {
        return hns::modify_namespace(made.handle,
                                     json{{"ResourceType", "Container"},
                                          {"RequestType", type},
                                          {"Settings", {{"ContainerId", "app"}}}}
                                         .dump())
            .hr;
    };
    CHECK(change("Add") == 0);
    CHECK(got(path).at("CompartmentId") == 2);
    const auto refusal = hns::delete_namespace(id);
    CHECK(refusal.code() == "0x803B0015");
    CHECK(json::parse(refusal.error).at("Error") == "The specified request is unsupported. ");
    CHECK(change("Remove") == 0);
    hns::functions().close_namespace(made.handle);
    CHECK(hns::delete_namespace(id).hr == 0);
}

TEST_CASE("E15: the case of IDs is that of API, object and version") {
    Hns hns;
    const json network = network_of("L2Bridge");
    const json endpoint = post("/endpoints/", wanted_on(network));
    for (const auto& version : all_versions) {
        CAPTURE(version.first);
        hns.be(version);
        CHECK(is_lower(got("/networks/")[0].at("ID")) == (version.first < 9));
        CHECK(is_lower(got("/endpoints/")[0].at("ID"))
              == (version.first < 9 || version.first >= 13));
        if (version.first < 9) continue;
        CHECK(is_lower(hns::enumerate_endpoints("").json()[0]));
        CHECK(is_lower(network_by_hcn(network).at("ID")));
        CHECK(is_lower(endpoint_by_hcn(endpoint).at("HostComputeNetwork")));
    }
}

TEST_CASE("E16: HNS v1 tells the type of a network as it was written") {
    Hns hns;
    for (const char* type : {"nat", "Overlay", "l2bridge", "L2BRIDGE", "Transparent"}) {
        const json network = network_of(type, type);
        CHECK(network.at("Type") == type);
        hns.be({9, 2});
        CHECK(post("/endpoints/", wanted_on(network)).at("Type") == type);
    }
    CHECK(network_by_hcn(got("/networks/")[0]).value("Type", "NAT") != "L2BRIDGE");
}

TEST_CASE("E17, D1: the shape of endpoints") {
    Hns hns;
    const json endpoint = post("/endpoints/", wanted_on(network_of("nat")));
    for (const char* member : {"Type", "Health", "ActivityId", "Policies"})
        CHECK_FALSE(endpoint.contains(member));
    CHECK(endpoint.at("Resources").at("Health").at("LastErrorCode") == 0);
    CHECK(endpoint.contains("IPSubnetId"));
    CHECK(endpoint.at("EnableInternalDNS") == true);
    CHECK(endpoint_by_hcn(endpoint).at("Health").at("Extra").at("Resources").contains("Health"));
    hns.be({9, 2});
    for (const char* member : {"Type", "Health", "ActivityId", "Policies"})
        CHECK(got(path_of(endpoint)).contains(member));
    hns.be({1, 1});
    for (const char* member : {"State", "Health", "Flags"})
        CHECK_FALSE(got("/networks/")[0].contains(member));
}

TEST_CASE("E18: prefixes that are none are taken, and the container does not start") {
    const Hns hns;
    const json network = network_of("Overlay");
    const std::vector<json> policies{
        {{"Type", "ROUTE"}, {"DestinationPrefix", "<your service cidr>"}, {"NeedEncap", true}},
        {{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.0.0.0/8", "System.Object[]"}}}};
    for (const json& policy : policies) {
        json wanted = wanted_on(network);
        wanted["Policies"] = json::array({policy});
        const json endpoint = post("/endpoints/", wanted);
        CHECK(got(path_of(endpoint)).at("State") == 1);
        const auto attached =
            hns::v1("POST", path_of(endpoint) + "/attach", R"({"ContainerId":"c1"})");
        CHECK(attached.hr == code(0x803B0017));
        CHECK(got(path_of(endpoint)).at("State") == 5);
        CHECK(got(path_of(endpoint)).at("SharedContainers").empty());
    }
    json fine = wanted_on(network);
    fine["Policies"] = json::array({{{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.1.2.3"}}}});
    const json endpoint = post("/endpoints/", fine);
    CHECK(hns::v1("POST", path_of(endpoint) + "/attach", R"({"ContainerId":"c1"})").hr == 0);
}

TEST_CASE("E18: the same of a container in a namespace") {
    const Hns hns;
    json wanted = wanted_on(network_of("Overlay"));
    wanted["Policies"] =
        json::array({{{"Type", "ROUTE"}, {"DestinationPrefix", "x"}, {"NeedEncap", true}}});
    const json endpoint = post("/endpoints/", wanted);
    const auto made = hns::create_namespace(hns::any, "{}");
    const auto add = [&](const char* type, const json& settings) {
        const json request{{"ResourceType", type}, {"RequestType", "Add"}, {"Settings", settings}};
        return hns::modify_namespace(made.handle, request.dump()).code();
    };
    CHECK(add("Endpoint", {{"EndpointId", endpoint.at("ID")}}) == "0x00000000");
    CHECK(add("Container", {{"ContainerId", "app"}}) == "0x803B002E");
    CHECK(endpoint_by_hcn(endpoint).at("State") == 5);
    hns::functions().close_namespace(made.handle);
}

TEST_CASE("E19: as many NAT networks as the host may have; a prefix has no host bits") {
    Hns hns;
    for (const char* name : {"nat1", "nat2"})
        CHECK_FALSE(network_of("nat", name).empty());
    hns.set("natNetworks", 2);
    CHECK(create_network_by_hcn({{"Name", "nat3"}, {"Type", "NAT"}}) == "0x80070057");
    CHECK(create_network_by_hcn({{"Name", "o"}, {"Type", "Overlay"}}) == "0x00000000");
    hns.set("natNetworks", 3);
    CHECK(create_network_by_hcn({{"Name", "nat3"}, {"Type", "NAT"}}) == "0x00000000");
    const json subnet{{"IpAddressPrefix", "172.22.16.0/16"}};
    CHECK(create_network_by_hcn({{"Name", "x"},
                                 {"Type", "L2Bridge"},
                                 {"Ipams", json::array({{{"Subnets", json::array({subnet})}}})}})
          == "0x803B000A");
}

TEST_CASE("E1: endpoints on NAT networks get the host's name servers where none are asked for") {
    Hns hns(json{{"hostDns", {{"Suffix", "example.org"}, {"Servers", {"10.0.0.2", "10.0.0.3"}}}}});
    const json nat = network_of("nat", "nat");
    json wanted = wanted_on(nat);
    CHECK(post("/endpoints/", wanted).at("DNSServerList") == "10.0.0.2,10.0.0.3");
    wanted["DNSServerList"] = "8.8.8.8";
    const json own = post("/endpoints/", wanted);
    CHECK(own.at("DNSServerList") == "8.8.8.8");
    CHECK_FALSE(own.contains("DNSSuffix"));
    const json bridge = network_of("L2Bridge", "bridge");
    CHECK_FALSE(post("/endpoints/", wanted_on(bridge)).contains("DNSServerList"));
    hns.set("hostDns", {{"Servers", json::array()}});
    CHECK_FALSE(post("/endpoints/", wanted_on(nat)).contains("DNSServerList"));
}

TEST_CASE("D4: HCN leaves out what is empty, and the first of an enumeration") {
    const Hns hns;
    const json network =
        network_by_hcn(post("/networks/",
                            {{"Name", "nat"},
                             {"Type", "nat"},
                             {"Subnets", json::array({{{"AddressPrefix", "10.1.0.0/16"}}})}}));
    for (const char* member : {"Type", "Policies", "Dns", "Flags"})
        CHECK_FALSE(network.contains(member));
    CHECK(network.at("Ipams")
          == json::array({{{"Subnets", json::array({{{"IpAddressPrefix", "10.1.0.0/16"}}})}}}));
    const json endpoint =
        endpoint_by_hcn(post("/endpoints/", wanted_on(network_of("L2Bridge", "bridge"))));
    for (const char* member : {"Policies", "Dns", "Flags"})
        CHECK_FALSE(endpoint.contains(member));
    const auto made = hns::create_namespace(hns::any, R"({"Type":"Host"})");
    const json name_space = hns::query_namespace(made.handle, "").json();
    hns::functions().close_namespace(made.handle);
    for (const char* member : {"Type", "Resources"})
        CHECK_FALSE(name_space.contains(member));
}

TEST_CASE("D5: WSL's, Hyper-V's and the host's own objects are beside ours when asked for") {
    Hns hns;
    CHECK(got("/networks/").empty());
    hns.set("foreignObjects", true);
    CHECK(got("/networks/").size() == 3);
    CHECK(hns::enumerate_networks("").json().size() == 3);
    for (const json& network : got("/networks/"))
        CHECK(network_by_hcn(network).at("Name") == network.at("Name"));
    CHECK_FALSE(got("/endpoints/")[0].contains("IPAddress"));
    const json space = got("/namespaces/")[0];
    CHECK(space.at("IsDefault") == true);
    CHECK(space.at("CompartmentId") == 1);
    CHECK(network_of("L2Bridge").at("CurrentEndpointCount") == 0);
    CHECK(got("/networks/").size() == 4);
}

TEST_CASE("HNS that is gone for some calls") {
    const Hns hns;
    hns.folder.write("faults.json",
                     R"([{"function":"*","calls":3,"hresult":"0x800706BA"},
                         {"function":"HNSCall","call":6,"calls":2,"hresult":"0x80070422"}])");
    std::string codes;
    for (int i = 0; i < 8; ++i)
        codes += hns::v1("GET", "/networks/").code().substr(8) + " ";
    CHECK(codes == "BA BA BA 00 00 22 22 00 ");
}

TEST_CASE("A setting that makes no sense fails every call") {
    const Hns hns;
    for (const char* config : {R"({"managementIP": []})",
                               R"({"attachedState": []})",
                               R"({"attachedState": "degraded"})",
                               R"({"natNetworks": "one"})",
                               R"({"hostDns": {"Suffix": "x"}})",
                               R"({"foreignNetworks": true})",
                               R"({"sharedAddresses": 1})"}) {
        CAPTURE(config);
        hns.folder.write("config.json", config);
        CHECK(hns::enumerate_networks("").hr < 0);
    }
}
