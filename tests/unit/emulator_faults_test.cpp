// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/emulator/emulator.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/emulator_hns.hpp"
#include "tests/unit/recordings.hpp"

namespace fs = std::filesystem;
using hnsclient::api::Handle;
using nlohmann::json;

namespace {

const std::string network_id = "C0000001-FA4E-4000-A000-0000000C6B00";

Handle make_network(const std::string& prefix) {
    const json settings{
        {"Name", "cbr0"},
        {"Type", "L2Bridge"},
        {"Ipams", json::array({{{"Subnets", json::array({{{"IpAddressPrefix", prefix}}})}}})}};
    const auto made = hns::create_network(network_id, settings.dump());
    REQUIRE(made.hr == 0);
    return made.handle;
}

} // namespace

TEST_CASE("A fault rule fails the calls of one function, before they do anything") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    folder.write("faults.json", R"([{"function":"HcnCreateEndpoint","hresult":"0x803B000D"}])");
    const auto result = hns::create_endpoint(network, hns::any, R"({"Name":"c1"})");
    CHECK(result.code() == "0x803B000D");
    CHECK(result.handle == nullptr);
    CHECK(json::parse(result.error).at("ErrorCode") == 0x803B000DU);
    CHECK(hns::enumerate_endpoints("").json() == json::array());
    hns::functions().close_network(network);
}

TEST_CASE("A fault rule with a count fails the n-th matching call only") {
    const EmulatorFolder folder;
    folder.write("faults.json",
                 R"([{"function":"*","call":3,"hresult":"0x80004005"},
                     {"function":"HcnEnumerateNetworks","call":2,"hresult":2147942405}])");
    CHECK(hns::enumerate_networks("").hr == 0);
    CHECK(hns::enumerate_networks("").code() == "0x80070005");
    CHECK(hns::enumerate_endpoints("").code() == "0x80004005");
    CHECK(hns::enumerate_endpoints("").hr == 0);

    folder.write("faults.json", R"([{"function":"*","call":1,"hresult":"0x803B0020"}])");
    CHECK(hns::enumerate_endpoints("").code() == "0x803B0020");
    CHECK(hns::enumerate_endpoints("").hr == 0);
}

TEST_CASE("A fault after the work leaves the work done and hands out nothing") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    folder.write("faults.json",
                 R"([{"function":"HcnCreateEndpoint","hresult":"0x800705B4","after":true}])");
    const auto result = hns::create_endpoint(network, hns::any, R"({"Name":"c1"})");
    CHECK(result.code() == "0x800705B4");
    CHECK(result.handle == nullptr);
    CHECK(hns::enumerate_endpoints("").json().size() == 1);
    CHECK(hnsclient::emulator::open_handles().endpoints == 0);
    hns::functions().close_network(network);
}

TEST_CASE("HNS v1 reports HNS's own codes in its answer and others as its result") {
    const EmulatorFolder folder;
    folder.write("faults.json",
                 R"([{"function":"HNSCall","method":"GET","path":"/endpoints","hresult":"803B0020"},
                     {"function":"HNSCall","method":"GET","path":"/net","hresult":"0x800706BA"}])");
    CHECK(hns::v1("GET", "/endpoints/").json().at("ErrorCode") == 0x803B0020U);
    CHECK(hns::v1("GET", "/networks/").code() == "0x800706BA");
    CHECK(hns::v1("GET", "/networks/").response.empty());
    CHECK(hns::v1("GET", "/namespaces/").json().at("Success") == true);
}

TEST_CASE("A delayed call takes its time") {
    const EmulatorFolder folder;
    folder.write("faults.json", R"([{"function":"HcnEnumerateNetworks","delayMs":300}])");
    const auto start = std::chrono::steady_clock::now();
    hns::enumerate_networks("");
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(300));
}

TEST_CASE("A close that is made to fail still closes") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    folder.write("faults.json", R"([{"function":"HcnCloseNetwork","hresult":"0x80004005"}])");
    CHECK(hns::functions().close_network(network) < 0);
    CHECK(hnsclient::emulator::open_handles().networks == 0);
}

TEST_CASE("Fault rules and configurations that do not parse fail every call") {
    const EmulatorFolder folder;
    for (const char* rules : {"nonsense",
                              "{}",
                              "[7]",
                              R"([{"hresult":"0x1"}])",
                              R"([{"function":"*"}])",
                              R"([{"function":"*","hresult":"many"}])",
                              R"([{"function":"*","hresult":"0x"}])",
                              R"([{"function":"*","hresult":"0x1","call":0}])",
                              R"([{"function":"*","hresult":"0x1","call":-1}])",
                              R"([{"function":"*","hresult":"0x1","when":"later"}])"}) {
        CAPTURE(rules);
        folder.write("faults.json", rules);
        const auto result = hns::enumerate_networks("");
        CHECK(result.code() == "0x8007000D");
        CHECK(result.error.find("faults.json") != std::string::npos);
    }
    fs::remove(folder.path() / "faults.json");
    for (const char* config : {"nonsense",
                               "[]7",
                               R"({"verison":{}})",
                               R"({"version":{"Major":9}})",
                               R"({"computeSystems":"c1"})"}) {
        CAPTURE(config);
        folder.write("config.json", config);
        CHECK(hns::enumerate_networks("").code() == "0x8007000D");
    }
    folder.write("config.json", "{}");
    CHECK(hns::enumerate_networks("").hr == 0);
}

TEST_CASE("Calls are logged in the shape of the recordings, when asked for") {
    const EmulatorFolder folder;
    hns::enumerate_networks("");
    CHECK(folder.read("calls.jsonl").empty());
    folder.write("config.json", R"({"logCalls":true})");
    const Handle network = make_network("10.244.4.0/24");
    hns::enumerate_networks(hns::filter({{"Name", "cbr0"}}));
    hns::enumerate_networks("nonsense");
    hns::v1("GET", "/globals/version");
    const auto made = hns::create_endpoint(network, hns::any, R"({"Name":"c1"})");
    hns::functions().close_endpoint(made.handle);
    hns::functions().close_network(network);

    const auto log = json_lines(folder.read("calls.jsonl"));
    REQUIRE(log.size() == 7);
    CHECK(log[0].at("api") == "HcnCreateNetwork");
    CHECK(log[0].at("created") == network_id);
    CHECK(log[1].at("request").at("Filter") == R"({"Name":"cbr0"})");
    CHECK(log[1].at("response") == json::array({hns::lower_case(network_id)}));
    CHECK(log[1].at("hr") == "0x00000000");
    CHECK(log[1].at("pid").is_number());
    CHECK(log[2].at("requestRaw") == "nonsense");
    CHECK(log[2].at("hr") == "0x803B001B");
    CHECK(log[3].at("method") == "GET");
    CHECK(log[3].at("path") == "/globals/version");
    CHECK(log[3].at("response").at("Output").at("Major") == 15);
    CHECK(log[4].at("network") == network_id);
    CHECK(log[4].at("id") == hns::any);
    CHECK(log[5].at("id") == log[4].at("created"));
}

TEST_CASE("Eight threads create two hundred endpoints, and no address or MAC is given twice") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([network, t] {
                for (int i = 0; i < 25; ++i) {
                    const std::string name = "c" + std::to_string(t) + "-" + std::to_string(i);
                    const auto made =
                        hns::create_endpoint(network, hns::any, json{{"Name", name}}.dump());
                    if (made.handle != nullptr) hns::functions().close_endpoint(made.handle);
                }
            });
    }
    std::set<std::string> addresses;
    std::set<std::string> macs;
    const json all = hns::v1("GET", "/endpoints/").json().at("Output");
    for (const auto& endpoint : all) {
        addresses.insert(endpoint.at("IPAddress"));
        macs.insert(endpoint.at("MacAddress"));
    }
    CHECK(all.size() == 200);
    CHECK(addresses.size() == 200);
    CHECK(macs.size() == 200);
    CHECK(hnsclient::emulator::open_handles().endpoints == 0);
    hns::functions().close_network(network);
}

TEST_CASE("child: creates twenty endpoints" * doctest::skip()) {
    const auto network = hns::open_network(network_id);
    REQUIRE(network.hr == 0);
    for (int i = 0; i < 20; ++i) {
        const auto made = hns::create_endpoint(network.handle, hns::any, "{}");
        REQUIRE(made.hr == 0);
        hns::functions().close_endpoint(made.handle);
    }
    hns::functions().close_network(network.handle);
}

TEST_CASE("Four processes create eighty endpoints, and no address is given twice") {
    const EmulatorFolder folder;
    hns::functions().close_network(make_network("10.244.4.0/24"));
    {
        std::vector<std::jthread> runs;
        for (int i = 0; i < 4; ++i)
            runs.emplace_back([] { CHECK(passes_in_child("child: creates twenty endpoints")); });
    }
    std::set<std::string> addresses;
    const json all = hns::v1("GET", "/endpoints/").json().at("Output");
    for (const auto& endpoint : all)
        addresses.insert(endpoint.at("IPAddress"));
    CHECK(all.size() == 80);
    CHECK(addresses.size() == 80);
}

TEST_CASE("A process that a fault kills leaves the work undone or done, and the lock free") {
    const EmulatorFolder folder;
    hns::functions().close_network(make_network("10.244.4.0/24"));
    folder.write("faults.json",
                 R"([{"function":"HcnCreateEndpoint","call":3,"kill":true},
                     {"function":"HcnCreateEndpoint","call":6,"kill":true,"after":true}])");
    CHECK_FALSE(passes_in_child("child: creates twenty endpoints"));
    CHECK(hns::enumerate_endpoints("").json().size() == 2);
    CHECK_FALSE(passes_in_child("child: creates twenty endpoints"));
    CHECK(hns::enumerate_endpoints("").json().size() == 5);
    CHECK(passes_in_child("child: creates twenty endpoints"));
    CHECK(hns::enumerate_endpoints("").json().size() == 25);
}

TEST_CASE("Files that others put into the folder or take away are noticed") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    const auto made = hns::create_endpoint(network, hns::any, R"({"Name":"c1"})");
    const std::string id = hns::upper_case(hns::query_endpoint(made.handle, "").json().at("ID"));
    hns::functions().close_endpoint(made.handle);
    const std::string seeded = "E0000000-FA4E-4000-A000-0000000000E0";
    json object = json::parse(folder.read("endpoints/" + id + ".json"));
    object["ID"] = seeded;
    object["Name"] = "seeded";
    folder.write("endpoints/" + seeded + ".json", object.dump());
    CHECK(hns::enumerate_endpoints(hns::filter({{"Name", "seeded"}})).json()
          == json::array({hns::lower_case(seeded)}));
    fs::remove(folder.path() / "endpoints" / (id + ".json"));
    CHECK(hns::enumerate_endpoints(hns::filter({{"Name", "c1"}})).json() == json::array());
    hns::functions().close_network(network);
}

TEST_CASE("An index cut short by the death of its writer is made again from the files") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    for (const char* name : {"c1", "c2", "c3"}) {
        const auto made = hns::create_endpoint(network, hns::any, json{{"Name", name}}.dump());
        hns::functions().close_endpoint(made.handle);
    }
    const std::string index = folder.read("endpoints.index");
    for (const std::string& broken : {index.substr(0, index.size() - 20),
                                      index + "[\"E0000000",
                                      index + "nonsense\n",
                                      index.substr(0, 5),
                                      std::string()}) {
        folder.write("endpoints.index", broken);
        CHECK(hns::enumerate_endpoints(hns::filter({{"Name", "c3"}})).json().size() == 1);
        CHECK(hns::enumerate_endpoints("").json().size() == 3);
    }
    hns::functions().close_network(network);
}

TEST_CASE("An object that is not JSON is named in the error, and nothing crashes") {
    const EmulatorFolder folder;
    const Handle network = make_network("10.244.4.0/24");
    folder.write("networks/" + network_id + ".json", "{");
    const auto result = hns::query_network(network, "");
    CHECK(result.code() == "0x8007000D");
    CHECK(result.error.find(network_id) != std::string::npos);
    hns::functions().close_network(network);
}
