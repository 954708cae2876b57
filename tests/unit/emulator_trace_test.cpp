// SPDX-License-Identifier: Apache-2.0
// Replays what a model of HNS was asked and answered (tests/data/traces/hns). Wanted differences:
// - IDs that HNS chooses are random here; they are matched by where they first appear.
// - A network tells its management address as the policy ProviderAddress, as Windows does.
// - What the real HNS was seen to do (tests/data/hns-real) goes before the model: IDs in lower
// case,
//   empty members left out, health at another place, HNSCalls that fail themselves, sentences.
// - What hcsshim asks of HCS besides (callbacks, properties) is left out: we do not ask it.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/emulator/emulator.hpp"
#include "hnsclient/guid.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/emulator_hns.hpp"
#include "tests/unit/recordings.hpp"
#include "tests/unit/values.hpp"

namespace fs = std::filesystem;
using hnsclient::api::Handle;
using nlohmann::json;

namespace {

void sort_by_id(json& objects) {
    std::sort(objects.begin(), objects.end(), [](const json& a, const json& b) {
        return a.at("ID") < b.at("ID");
    });
}

bool is_guid_at(const std::string& text, std::size_t place) {
    constexpr std::size_t length = 36;
    return place + length <= text.size()
           && hnsclient::parse_guid(std::string_view(text).substr(place, length));
}

std::string with_ids_in_upper_case(std::string text) {
    constexpr std::size_t length = 36;
    for (std::size_t place = 0; place + length <= text.size(); ++place)
        if (is_guid_at(text, place))
            text.replace(place, length, hns::upper_case(text.substr(place, length)));
    return text;
}

/// What the model told otherwise than HNS does, or HNS leaves out.
bool differs(const std::string& key, const json& value) {
    static const std::set<std::string> members{"Error",
                                               "State",
                                               "Health",
                                               "Resources",
                                               "IPSubnetId",
                                               "Version",
                                               "Type",
                                               "Scope",
                                               "ActivityId"};
    return members.contains(key) || value.empty() || value == "" || (key == "Flags" && value == 0);
}

json without_what_differs(const json& value) {
    json result = value;
    if (value.is_array())
        for (json& element : result)
            element = without_what_differs(element);
    if (!value.is_object()) return result;
    for (const auto& [key, member] : value.items()) {
        result[key] = without_what_differs(member);
        if (differs(key, result[key]) && !value.contains("Settings")) result.erase(key);
    }
    if (value.value("Type", json()) == "NAT") result.erase("ManagementIP");
    return result;
}

/// One trace against one emulator.
class Replay {
public:
    explicit Replay(const json& trace) {
        for (const char* kind : {"networks", "namespaces", "endpoints"})
            for (const auto& object : trace.at("initialState").at(kind))
                folder_.write(std::string(kind) + "/" + object.at("ID").get<std::string>()
                                  + ".json",
                              object.dump());
        if (trace.at("initialState").contains("computeSystems"))
            config_["computeSystems"] = trace["initialState"]["computeSystems"];
        folder_.write("config.json", config_.dump());
    }

    void step(const json& step) {
        if (step.contains("do")) return interfere(step["do"]);
        if (step.contains("version")) {
            const std::string version = step["version"];
            const auto dot = version.find('.');
            config_["version"] = {{"Major", std::stoi(version.substr(0, dot))},
                                  {"Minor", std::stoi(version.substr(dot + 1))}};
            folder_.write("config.json", config_.dump());
        }
        for (const auto& call : step.at("hns")) {
            CAPTURE(call.dump());
            play(call);
        }
        check_state(step.at("state"));
        check_handles(step);
    }

private:
    /// What somebody else does to HNS between two runs.
    static void interfere(const json& deed) {
        if (deed.contains("deleteNamespace"))
            CHECK(hns::delete_namespace(deed["deleteNamespace"]).hr == 0);
        if (!deed.contains("deleteEndpoint")) return;
        const json ids =
            hns::enumerate_endpoints(hns::filter({{"Name", deed["deleteEndpoint"]}})).json();
        for (const auto& id : ids)
            CHECK(hns::delete_endpoint(id).hr == 0);
    }

    /// The trace's IDs to ours.
    [[nodiscard]] std::string ours(std::string text) const {
        for (const auto& [theirs, our] : ids_)
            text = replaced(text, theirs, our);
        return text;
    }

    [[nodiscard]] json theirs(const std::string& text) const {
        std::string result = with_ids_in_upper_case(text);
        for (const auto& [their, our] : ids_)
            result = replaced(result, our, their);
        return json::parse(result);
    }

    static bool was_injected(const json& call) {
        const bool refused_port = call.value("response", json()).is_object()
                                  && call["response"].value("ErrorCode", json()) == 0x803B0013U;
        const bool stopping = call.value("response", json()).is_object()
                              && call["response"].value("ErrorCode", json()) == 0x803B0020U;
        return call.contains("injected") || refused_port || stopping;
    }

    void play(const json& call) {
        const std::string api = call.at("api");
        if (is_left_out(api)) return;
        if (was_injected(call)) {
            json hr = call.at("hr");
            if (call.contains("response")) hr = call["response"].at("ErrorCode");
            folder_.write("faults.json",
                          json::array({{{"function", api}, {"hresult", hr}}}).dump());
        }
        const hns::Result result = api == "HNSCall"         ? play_v1(call)
                                   : api.starts_with("Hcs") ? play_hcs(api, call)
                                                            : play_v2(api, call);
        fs::remove(folder_.path() / "faults.json");
        CHECK(result.code() == expected_code(call));
        CHECK(result.response.empty() == !call.contains("response"));
        if (!result.response.empty() && call.contains("response"))
            CHECK(comparable(theirs(result.response)) == comparable(call["response"]));
    }

    /// The model's HNSCalls all succeeded; HNS's fail, unless an endpoint is not there.
    static std::string expected_code(const json& call) {
        constexpr std::uint32_t endpoint_not_found = 0x803B0002;
        const json response = call.value("response", json());
        if (call.at("api") != "HNSCall" || !response.is_object() || !response.contains("ErrorCode")
            || response["ErrorCode"] == endpoint_not_found)
            return call.at("hr");
        return hns::Result{
            .hr = response["ErrorCode"].get<hnsclient::api::HResult>(), .response = {}, .error = {}}
            .code();
    }

    static bool is_left_out(const std::string& api) {
        return api == "HcsRegisterComputeSystemCallback"
               || api == "HcsUnregisterComputeSystemCallback"
               || api == "HcsGetComputeSystemProperties";
    }

    hns::Result play_hcs(const std::string& api, const json& call) {
        if (api == "HcsOpenComputeSystem")
            return opened("ComputeSystem", hns::open_compute_system(call.at("id")));
        if (api == "HcsModifyComputeSystem")
            return hns::modify_compute_system(handles_.at("ComputeSystem").back(),
                                              ours(call.at("request").dump()));
        return close(api);
    }

    hns::Result play_v1(const json& call) {
        const json request = call.at("request");
        const auto result =
            hns::v1(call.at("method"),
                    ours(call.at("path")),
                    request.is_string() ? request.get<std::string>() : ours(request.dump()));
        const json response = json::parse(result.response, nullptr, false);
        if (call.at("method") == "POST" && response.is_object() && response.contains("Output"))
            ids_[call.at("response").at("Output").at("ID")] =
                hns::upper_case(response["Output"].at("ID"));
        return result;
    }

    hns::Result play_v2(const std::string& api, const json& call) {
        const std::string request = call.contains("request") ? ours(call["request"].dump()) : "";
        const std::string id = call.contains("id") ? ours(call["id"]) : "";
        if (api == "HcnEnumerateNetworks") return hns::enumerate_networks(request);
        if (api == "HcnEnumerateEndpoints") return hns::enumerate_endpoints(request);
        if (api == "HcnEnumerateNamespaces") return hns::enumerate_namespaces(request);
        if (api == "HcnDeleteEndpoint") return hns::delete_endpoint(id);
        if (api == "HcnOpenNetwork") return opened("Network", hns::open_network(id));
        if (api == "HcnOpenEndpoint") return opened("Endpoint", hns::open_endpoint(id));
        if (api == "HcnOpenNamespace") return opened("Namespace", hns::open_namespace(id));
        if (api == "HcnCreateEndpoint") return create_endpoint(id, request, call);
        if (api == "HcnQueryNetworkProperties")
            return hns::query_network(handles_.at("Network").back(), request);
        if (api == "HcnQueryEndpointProperties")
            return hns::query_endpoint(handles_.at("Endpoint").back(), request);
        if (api == "HcnQueryNamespaceProperties")
            return hns::query_namespace(handles_.at("Namespace").back(), request);
        if (api == "HcnModifyNamespace")
            return hns::modify_namespace(handles_.at("Namespace").back(), request);
        return close(api);
    }

    hns::Result opened(const std::string& kind, const hns::Result& result) {
        if (result.handle != nullptr) handles_[kind].push_back(result.handle);
        return result;
    }

    hns::Result
    create_endpoint(const std::string& id, const std::string& request, const json& call) {
        const Handle network = handles_.at("Network").back();
        const auto result = opened("Endpoint", hns::create_endpoint(network, id, request));
        if (result.handle != nullptr)
            ids_[call.at("created")] =
                hns::upper_case(hns::query_endpoint(result.handle, "").json().at("ID"));
        return result;
    }

    hns::Result close(const std::string& api) {
        const std::map<std::string, hnsclient::api::HResult (*)(Handle)> closers{
            {"Network", hns::functions().close_network},
            {"Endpoint", hns::functions().close_endpoint},
            {"Namespace", hns::functions().close_namespace},
            {"ComputeSystem", hns::functions().close_compute_system}};
        const std::string kind = api.substr(std::string("HcnClose").size());
        auto& open = handles_.at(kind);
        const Handle handle = open.back();
        open.pop_back();
        return {.hr = closers.at(kind)(handle), .response = {}, .error = {}};
    }

    static json comparable(json value) {
        if (value.is_array() && std::ranges::all_of(value, &json::is_string))
            std::sort(value.begin(), value.end());
        if (value.is_object() && value.contains("MacPool") && value.contains("Policies"))
            std::erase_if(value["Policies"].get_ref<json::array_t&>(), [](const json& policy) {
                return policy.at("Type") == "ProviderAddress";
            });
        if (value.is_object() && value.contains("Output") && value["Output"].is_array())
            sort_by_id(value["Output"]);
        return without_what_differs(value);
    }

    void check_state(const json& state) {
        for (const char* kind : {"networks", "namespaces", "endpoints"}) {
            json expected = state.at(kind);
            sort_by_id(expected);
            json found = json::array();
            fs::create_directories(folder_.path() / kind);
            for (const auto& entry : fs::directory_iterator(folder_.path() / kind))
                found.push_back(theirs(
                    folder_.read(std::string(kind) + "/" + entry.path().filename().string())));
            sort_by_id(found);
            CHECK(found == expected);
        }
    }

    void check_handles(const json& step) {
        const json left = step.value("handlesLeftOpen", json::object());
        const auto open = hnsclient::emulator::open_handles();
        CHECK(open.networks == left.value("HcnNetwork", 0U));
        CHECK(open.endpoints == left.value("HcnEndpoint", 0U));
        CHECK(open.namespaces == left.value("HcnNamespace", 0U));
        CHECK(open.compute_systems == 0);
        for (auto& [kind, handles] : handles_)
            while (!handles.empty())
                close("HcnClose" + kind);
    }

    EmulatorFolder folder_;
    json config_ = json::object();
    std::map<std::string, std::string> ids_;
    std::map<std::string, std::vector<Handle>> handles_{
        {"Network", {}}, {"Endpoint", {}}, {"Namespace", {}}, {"ComputeSystem", {}}};
};

} // namespace

TEST_CASE("The emulator answers as the recorded model of HNS did, and holds the same objects") {
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(traces() / "hns"))
        if (entry.path().extension() == ".json") files.insert(entry.path());
    CHECK(files.size() > 50);
    for (const auto& file : files) {
        CAPTURE(file.filename().string());
        const json trace = read_json(file);
        Replay replay(trace);
        for (const auto& step : trace.at("steps"))
            replay.step(step);
    }
}
