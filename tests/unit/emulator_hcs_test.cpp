// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/emulator/emulator.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/emulator_hns.hpp"
#include "tests/unit/recordings.hpp"

using hnsclient::api::Handle;
using nlohmann::json;

namespace {

const std::string nowhere = "E0000000-FA4E-4000-A000-0000000000E0";

std::string make_endpoint() {
    const json network{
        {"Name", "cbr0"},
        {"Type", "L2Bridge"},
        {"Subnets",
         json::array({{{"AddressPrefix", "10.244.4.0/24"}, {"GatewayAddress", "10.244.4.1"}}})}};
    const json made = hns::v1("POST", "/networks/", network.dump()).json();
    const json endpoint{{"Name", "c1_cbr0"}, {"VirtualNetwork", made.at("Output").at("ID")}};
    return hns::v1("POST", "/endpoints/", endpoint.dump()).json().at("Output").at("ID");
}

json endpoint_now(const std::string& id) {
    return hns::v1("GET", "/endpoints/" + id).json().at("Output");
}

std::string change(const std::string& request_type, const std::string& endpoint) {
    return json{{"ResourceType", "Network"}, {"RequestType", request_type}, {"Settings", endpoint}}
        .dump();
}

/// A container that runs.
class System {
public:
    explicit System(const std::string& id) : handle_(hns::open_compute_system(id).handle) {
        REQUIRE(handle_ != nullptr);
    }

    ~System() { hns::functions().close_compute_system(handle_); }

    System(const System&) = delete;
    System& operator=(const System&) = delete;
    System(System&&) = delete;
    System& operator=(System&&) = delete;

    [[nodiscard]] hns::Result modify(const std::string& configuration) const {
        return hns::modify_compute_system(handle_, configuration);
    }

    [[nodiscard]] Handle handle() const { return handle_; }

private:
    Handle handle_;
};

std::vector<json> calls_of(const EmulatorFolder& folder, const std::string& start) {
    std::vector<json> calls = json_lines(folder.read("calls.jsonl"));
    std::erase_if(calls, [&](const json& call) {
        return !call.at("api").get<std::string>().starts_with(start);
    });
    return calls;
}

} // namespace

TEST_CASE("Running containers get an endpoint through HCS, each once, and leave it") {
    const EmulatorFolder folder;
    const std::string endpoint = make_endpoint();
    const System pause("pause");
    const System app("app");
    CHECK(pause.modify(change("Add", endpoint)).hr == 0);
    CHECK(endpoint_now(endpoint).at("State") == 3);
    CHECK(pause.modify(change("Add", endpoint)).code() == "0x803B0014");
    CHECK(app.modify(change("Add", "{" + endpoint + "}")).hr == 0);
    CHECK(endpoint_now(endpoint).at("SharedContainers") == json::array({"pause", "app"}));
    CHECK(pause.modify(change("Remove", endpoint)).hr == 0);
    CHECK(pause.modify(change("Remove", endpoint)).code() == "0x80070490");
    CHECK(endpoint_now(endpoint).at("SharedContainers") == json::array({"app"}));
    CHECK(app.modify(change("Remove", endpoint)).hr == 0);
    CHECK(endpoint_now(endpoint).at("State") == 1);
}

TEST_CASE("What HCS attached, HNS v1 detaches and deletes") {
    const EmulatorFolder folder;
    const std::string endpoint = make_endpoint();
    const std::string path = "/endpoints/" + endpoint;
    const System pause("pause");
    const System app("app");
    CHECK(pause.modify(change("Add", endpoint)).hr == 0);
    CHECK(app.modify(change("Add", endpoint)).hr == 0);
    const std::string detach = R"({"ContainerId":"app","SystemType":"Container"})";
    CHECK(hns::v1("POST", path + "/detach", detach).json() == json{{"Success", true}});
    CHECK(endpoint_now(endpoint).at("SharedContainers") == json::array({"pause"}));
    CHECK(hns::v1("DELETE", path).json() == json{{"Success", true}});
    CHECK(pause.modify(change("Remove", endpoint)).code() == "0x803B0002");
}

TEST_CASE("Compute systems are those of the configuration, and all when it names none") {
    const EmulatorFolder folder;
    CHECK(System("anything").modify(change("Add", nowhere)).code() == "0x803B0002");
    folder.write("config.json", R"({"computeSystems":["c1"]})");
    const System c1("c1");
    const auto refused = hns::open_compute_system("c2");
    CHECK(refused.code() == "0xC037010E");
    CHECK(refused.hr < 0);
    CHECK(refused.handle == nullptr);
    const json result = json::parse(refused.error);
    CHECK(result.at("Error") == refused.hr);
    CHECK_FALSE(result.at("ErrorMessage").get<std::string>().empty());
    folder.write("config.json", R"({"computeSystems":[]})");
    CHECK(hns::open_compute_system("c1").code() == "0xC037010E");
    CHECK(c1.modify(change("Add", nowhere)).code() == "0xC037010E");
}

TEST_CASE("Compute systems are there in a Windows without HCN") {
    const EmulatorFolder folder;
    const std::string endpoint = make_endpoint();
    folder.write("config.json", R"({"version":{"Major":7,"Minor":2}})");
    CHECK(hns::enumerate_networks("").code() == "0x80004001");
    CHECK(System("c1").modify(change("Add", endpoint)).hr == 0);
}

TEST_CASE("HCS refuses what it cannot use") {
    const EmulatorFolder folder;
    const System c1("c1");
    for (const char* configuration : {"",
                                      "nonsense",
                                      "[]",
                                      R"({"ResourceType":7})",
                                      R"({"ResourceType":"Network","Settings":"no GUID"})",
                                      R"({"ResourceType":"Network","Settings":{}})"}) {
        CAPTURE(configuration);
        const auto result = c1.modify(configuration);
        CHECK(result.code() == "0xC037010D");
        CHECK(json::parse(result.error).at("Error") == result.hr);
    }
    CHECK(c1.modify(change("Update", nowhere)).code() == "0x80070032");
    CHECK(c1.modify(R"({"ResourceType":"Memory","RequestType":"Add"})").code() == "0x80070032");
    CHECK(c1.modify(change("Add", "")).code() == "0x803B0002");
    CHECK(hns::open_compute_system("").code() == "0x80070057");
    CHECK(hns::functions().open_compute_system(u"c1", nullptr, nullptr) < 0);
    CHECK(hns::functions().modify_compute_system(c1.handle(), nullptr, nullptr) < 0);
}

TEST_CASE("A compute system's handle is not another's, and is closed once") {
    const EmulatorFolder folder;
    const std::string endpoint = make_endpoint();
    const auto opened = hns::open_compute_system("c1");
    REQUIRE(opened.hr == 0);
    CHECK(hnsclient::emulator::open_handles().compute_systems == 1);
    CHECK(hns::functions().close_endpoint(opened.handle) < 0);
    const auto other = hns::open_endpoint(endpoint);
    CHECK(hns::modify_compute_system(other.handle, change("Add", endpoint)).code() == "0x80070006");
    CHECK(hns::modify_compute_system(nullptr, change("Add", endpoint)).code() == "0x80070006");
    hns::functions().close_endpoint(other.handle);
    CHECK(hns::functions().close_compute_system(opened.handle) == 0);
    CHECK(hns::functions().close_compute_system(opened.handle) < 0);
    CHECK(hns::modify_compute_system(opened.handle, change("Add", endpoint)).code()
          == "0x80070006");
    CHECK(hnsclient::emulator::open_handles().compute_systems == 0);
}

TEST_CASE("Calls of HCS are logged as the recordings have them") {
    const EmulatorFolder folder;
    const std::string endpoint = make_endpoint();
    folder.write("config.json", R"({"logCalls":true,"computeSystems":["c1"]})");
    CHECK(System("c1").modify(change("Add", endpoint)).hr == 0);
    CHECK(hns::open_compute_system("c2").hr < 0);
    const auto calls = calls_of(folder, "Hcs");
    REQUIRE(calls.size() == 4);
    const json expected =
        json::array({{{"api", "HcsOpenComputeSystem"}, {"id", "c1"}, {"hr", "0x00000000"}},
                     {{"api", "HcsModifyComputeSystem"},
                      {"id", "c1"},
                      {"request", json::parse(change("Add", endpoint))},
                      {"hr", "0x00000000"}},
                     {{"api", "HcsCloseComputeSystem"}, {"id", "c1"}, {"hr", "0x00000000"}},
                     {{"api", "HcsOpenComputeSystem"}, {"id", "c2"}, {"hr", "0xC037010E"}}});
    for (std::size_t i = 0; i < calls.size(); ++i) {
        json call = calls[i];
        call.erase("pid");
        CHECK(call == expected[i]);
    }
}

TEST_CASE("Fault rules hold for HCS, before the work and after it") {
    const EmulatorFolder folder;
    const std::string endpoint = make_endpoint();
    const System c1("c1");
    folder.write("faults.json",
                 R"([{"function":"HcsModifyComputeSystem","call":1,"hresult":"0x80370109"},
                     {"function":"HcsModifyComputeSystem","call":2,"hresult":"0xC0370103",
                      "after":true},
                     {"function":"HcsOpenComputeSystem","hresult":"0xC0370110"}])");
    const auto refused = c1.modify(change("Add", endpoint));
    CHECK(refused.code() == "0x80370109");
    CHECK(json::parse(refused.error).at("Error") == refused.hr);
    CHECK(endpoint_now(endpoint).at("SharedContainers") == json::array());
    CHECK(c1.modify(change("Add", endpoint)).code() == "0xC0370103");
    CHECK(endpoint_now(endpoint).at("SharedContainers") == json::array({"c1"}));
    CHECK(hns::open_compute_system("c2").code() == "0xC0370110");
}
