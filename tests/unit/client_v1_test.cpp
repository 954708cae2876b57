// SPDX-License-Identifier: Apache-2.0
// The client of HNS v1 on a whole HNS (the emulator) and, for answers that no HNS should give,
// on one that says what it is told to.
#include <algorithm>
#include <cstring>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/client_v1.hpp"
#include "hnsclient/guid.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::ApiVersion;
using hnsclient::ClientV1;
using hnsclient::Endpoint;
using hnsclient::ErrorKind;
using hnsclient::HnsError;
using hnsclient::Network;
using hnsclient::Sandbox;
using nlohmann::json;
using Texts = std::vector<std::string>;
namespace api = hnsclient::api;

namespace {

const std::string nowhere = "DEADBEEF-FA4E-4000-A000-000000000001";

const Sandbox c1 = Sandbox::of_container("c1");
const Sandbox c2 = Sandbox::of_container("c2");
const Sandbox c9 = Sandbox::of_container("c9");

Network network_of(const std::string& name, const char* prefix) {
    Network network;
    network.name = name;
    network.type = "L2Bridge";
    network.subnets = {{.prefix = libcni::Cidr::parse(prefix).value()}};
    network.subnets[0].gateway = libcni::plus(network.subnets[0].prefix.address(), 1);
    return network;
}

/// The client's calls are made again as long as a test could need.
hnsclient::CallOptions patient() {
    return {.retry_for = std::chrono::minutes(1)};
}

/// An HNS on which containers c1 and c2 run, with one network, and a client of it.
struct Hns {
    EmulatorFolder folder;
    ClientV1 client{hnsclient::api::load(), patient()};
    Network network;

    Hns() {
        folder.write("config.json", R"({"computeSystems": ["c1", "c2"]})");
        network = client.create_network(network_of("cbr0", "10.244.3.0/24"));
    }

    [[nodiscard]] Endpoint wanted(const std::string& name, const std::string& address = "") const {
        Endpoint endpoint;
        endpoint.name = name;
        endpoint.network_id = network.id;
        if (!address.empty())
            endpoint.addresses = {{libcni::parse_address(address).value(), std::nullopt}};
        return endpoint;
    }

    Endpoint create(const std::string& name, const std::string& address = "") {
        return client.create_endpoint(wanted(name, address));
    }

    Texts containers_of(const Endpoint& endpoint) {
        return client.read_endpoint(endpoint.id).value().container_ids;
    }

    /// Makes the first such call fail; with `after`, when its work is done.
    void fail(json rule, const char* hresult = "0x800706BA", bool after = false) const {
        rule.update({{"call", 1}, {"hresult", hresult}, {"after", after}});
        folder.write("faults.json", json::array({rule}).dump());
    }

    void lose_answer(const json& rule) const { fail(rule, "0x800706BA", true); }
};

json hns_call(const char* method, const std::string& path) {
    return {{"function", "HNSCall"}, {"method", method}, {"path", path}};
}

/// What the scripted HNS answers, one a call; the last one for ever.
Texts script;

api::HResult say_next(api::WideIn, api::WideIn, api::WideIn, api::WideOut response) {
    const auto text = libcni::to_utf16(script.front());
    if (script.size() > 1) script.erase(script.begin());
    *response = new char16_t[text.size() + 1];
    std::memcpy(*response, text.c_str(), (text.size() + 1) * sizeof(char16_t));
    return 0;
}

void free_said(void* text) {
    delete[] static_cast<char16_t*>(text);
}

ClientV1 client_of(Texts answers) {
    static const api::Functions functions = [] {
        api::Functions table;
        table.hns_call = say_next;
        table.free_string = free_said;
        return table;
    }();
    script = std::move(answers);
    return ClientV1(functions, {.retry_for = {}});
}

std::string success(const std::string& output) {
    return R"({"Success": true, "Output": )" + output + "}";
}

template <class Body>
HnsError failure_of(Body body) {
    try {
        (void)body();
    } catch (const HnsError& error) {
        return error;
    }
    FAIL("nothing was thrown");
    return {"", 0, ""};
}

template <class Body>
ErrorKind kind_of_failure(Body body) {
    return failure_of([&] {
               body();
               return 0;
           })
        .kind();
}

} // namespace

TEST_CASE("v1: a network is found by its exact name, with the host's address on it") {
    Hns hns;
    for (const auto& found :
         {hns.client.find_network("cbr0"), hns.client.find_network_with_address("cbr0")}) {
        REQUIRE(found);
        CHECK(hnsclient::parse_guid(found->id));
        CHECK(found->type == "L2Bridge");
        REQUIRE(found->subnets.size() == 1);
        CHECK(found->subnets[0].prefix.to_string() == "10.244.3.0/24");
        CHECK(found->subnets[0].gateway == libcni::parse_address("10.244.3.1"));
        CHECK(found->management_address == libcni::parse_address("192.168.1.10"));
    }
    for (const std::string other : {"CBR0", "cbr", "cbr0 ", ""})
        CHECK_FALSE(hns.client.find_network(other));
    hns.client.create_network(network_of("other", "10.9.0.0/16"));
    CHECK(hns.client.list_networks().size() == 2);
    CHECK_FALSE(hns.client.abilities().routes);
}

TEST_CASE("v1: an endpoint gets its ID from HNS, and comes back with all that HNS chose") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    CHECK(hnsclient::parse_guid(made.id));
    CHECK(hnsclient::same_guid(made.network_id, hns.network.id));
    REQUIRE(made.addresses.size() == 1);
    CHECK(hns.network.subnets[0].prefix.contains(made.addresses[0].address));
    CHECK(made.addresses[0].prefix_length == 24U);
    REQUIRE(made.routes.size() == 1);
    CHECK(made.routes[0].next_hop == libcni::parse_address("10.244.3.1"));
    CHECK(made.mac);
    CHECK(made.container_ids.empty());
    CHECK(hns.client.read_endpoint("{" + made.id + "}").value().name == "c1_cbr0");
}

TEST_CASE("v1: endpoints are found by their exact name, and listed by network") {
    Hns hns;
    const Network other = hns.client.create_network(network_of("other", "10.9.0.0/16"));
    const Endpoint first = hns.create("c1_cbr0", "10.244.3.7");
    const Endpoint second = hns.create("c2_cbr0", "10.244.3.8");
    Endpoint elsewhere = hns.wanted("c1_cbr0", "10.9.0.7");
    elsewhere.network_id = other.id;
    const Endpoint third = hns.client.create_endpoint(elsewhere);
    CHECK(hns.client.endpoint_ids("c2_cbr0") == Texts{second.id});
    CHECK(hns.client.endpoint_ids("C2_cbr0").empty());
    CHECK(hns.client.find_endpoints("c1_cbr0").size() == 2);
    CHECK(hns.client.list_endpoints_of(hns.network.id).size() == 2);
    const auto there = hns.client.list_endpoints_of("{" + other.id + "}");
    REQUIRE(there.size() == 1);
    CHECK(there[0].id == third.id);
    hns.client.delete_endpoint(first.id);
    CHECK_FALSE(hns.client.read_endpoint(first.id));
    CHECK(hns.client.list_endpoints_of(hns.network.id).size() == 1);
}

TEST_CASE("v1: what is not there is absent when read, and not_found when it must be there") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    CHECK_FALSE(hns.client.read_endpoint(nowhere));
    CHECK(kind_of_failure([&] { hns.client.delete_endpoint(nowhere); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.add_policies(nowhere, {}); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.unshare("c1", nowhere); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.unshare("c1", made.id); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.attach(c1, nowhere); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.open_sandbox(c9); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.attach(c9, made.id); }) == ErrorKind::not_found);
    hns.fail(hns_call("GET", "/endpoints/" + made.id), "0x803B0002");
    CHECK_FALSE(hns.client.read_endpoint(made.id));
    hns.fail(hns_call("GET", "/endpoints/" + made.id), "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.read_endpoint(made.id); }) == ErrorKind::access_denied);
}

TEST_CASE("v1: a list that cannot be had is a failure, not an empty list") {
    Hns hns;
    hns.fail(hns_call("GET", "/endpoints/"), "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.endpoint_ids("c1_cbr0"); }) == ErrorKind::access_denied);
    hns.fail(hns_call("GET", "/networks/"), "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.find_network("cbr0"); }) == ErrorKind::access_denied);
}

TEST_CASE("v1: what was made though its answer was lost is not made twice") {
    Hns hns;
    for (const std::string address : {"", "10.244.3.7"}) {
        CAPTURE(address);
        hns.lose_answer(hns_call("POST", "/endpoints/"));
        const Endpoint made = hns.client.create_endpoint(hns.wanted("c1_cbr0", address));
        CHECK(hns.client.endpoint_ids("c1_cbr0") == Texts{made.id});
        CHECK(made.addresses.size() == 1);
        hns.client.delete_endpoint(made.id);
    }
    hns.lose_answer(hns_call("POST", "/networks/"));
    const Network made = hns.client.create_network(network_of("other", "10.9.0.0/16"));
    CHECK(made.name == "other");
    CHECK(hnsclient::parse_guid(made.id));
    CHECK(hns.client.list_networks().size() == 2);
}

TEST_CASE("v1: what was not made is made by the next attempt, whatever else has its name") {
    Hns hns;
    const Network other = hns.client.create_network(network_of("other", "10.9.0.0/16"));
    Endpoint namesake = hns.wanted("c1_cbr0");
    namesake.network_id = other.id;
    hns.client.create_endpoint(namesake);
    hns.fail(hns_call("POST", "/endpoints/"));
    const Endpoint made = hns.create("c1_cbr0");
    CHECK(hnsclient::same_guid(made.network_id, hns.network.id));
    CHECK(hns.client.list_endpoints_of(hns.network.id).size() == 1);
}

TEST_CASE("v1: refused endpoints are of the same kinds as in HCN") {
    Hns hns;
    hns.create("c1_cbr0", "10.244.3.7");
    CHECK(kind_of_failure([&] { hns.create("c2_cbr0", "10.244.3.7"); }) == ErrorKind::in_use);
    CHECK(kind_of_failure([&] { hns.create("c2_cbr0", "10.9.0.7"); }) == ErrorKind::invalid);
    CHECK(hns.client.endpoint_ids("c2_cbr0").empty());
}

TEST_CASE("v1: attaching shares an endpoint with a container; a second time changes nothing") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    hns.client.open_sandbox(c1);
    hns.client.attach(c1, made.id);
    CHECK_NOTHROW(hns.client.attach(c1, made.id));
    CHECK(hns.containers_of(made) == Texts{"c1"});
    hns.client.attach(c2, made.id);
    CHECK(hns.containers_of(made) == Texts{"c1", "c2"});
    hns.client.detach(c1, made.id);
    CHECK(hns.containers_of(made) == Texts{"c2"});
    hns.client.unshare("c2", made.id);
    CHECK(hns.containers_of(made).empty());
    hns.client.attach(c1, made.id);
    CHECK(hns.containers_of(made) == Texts{"c1"});
}

TEST_CASE("v1: a container that is not running any more can be taken off an endpoint") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    hns.client.attach(c1, made.id);
    hns.folder.write("config.json", R"({"computeSystems": []})");
    CHECK(kind_of_failure([&] { hns.client.detach(c1, made.id); }) == ErrorKind::not_found);
    hns.client.unshare("c1", made.id);
    CHECK(hns.containers_of(made).empty());
}

TEST_CASE("v1: an attach that was done though its answer was lost is not an error") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    hns.lose_answer({{"function", "HcsModifyComputeSystem"}});
    hns.client.attach(c1, made.id);
    CHECK(hns.containers_of(made) == Texts{"c1"});
}

TEST_CASE("v1: an endpoint that HNS calls attached, but not to this container, is a failure") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    hns.fail({{"function", "HcsModifyComputeSystem"}}, "0x803B0014");
    CHECK(kind_of_failure([&] { hns.client.attach(c1, made.id); }) == ErrorKind::already_attached);
}

TEST_CASE("v1: policies join those that the endpoint has, once even when an answer is lost") {
    Hns hns;
    Endpoint wanted = hns.wanted("c1_cbr0");
    wanted.policies = {hnsclient::SharedPolicy{
        .type = "QOS", .settings = json{{"MaximumOutgoingBandwidthInBytes", 1000}}}};
    const Endpoint made = hns.client.create_endpoint(wanted);
    std::vector<hnsclient::Policy> more;
    hnsclient::add_nat_destination(more, "10.244.3.7");
    hns.lose_answer(hns_call("POST", "/endpoints/" + made.id));
    const Endpoint changed = hns.client.add_policies(made.id, more);
    REQUIRE(changed.policies.size() == 2);
    CHECK(std::ranges::count(changed.policies, wanted.policies[0]) == 1);
    CHECK(std::ranges::count(changed.policies, more[0]) == 1);
    CHECK(changed.addresses == made.addresses);
}

TEST_CASE("v1: the version of HNS is asked for once") {
    Hns hns;
    hns.folder.write("config.json", R"({"version": {"Major": 7, "Minor": 2}})");
    CHECK(hns.client.version() == hnsclient::Version{7, 2});
    hns.folder.write("config.json", R"({"version": {"Major": 9, "Minor": 2}})");
    CHECK(hns.client.version() == hnsclient::Version{7, 2});
}

TEST_CASE("v1: HNS without any objects may leave the list out") {
    for (const std::string nothing :
         {R"({"Success": true})", R"({"Success": true, "Output": null})", R"({"Success": true,
            "Output": []})"}) {
        CAPTURE(nothing);
        CHECK(client_of({nothing}).list_networks().empty());
        CHECK(client_of({nothing}).endpoint_ids("c1_cbr0").empty());
        CHECK_FALSE(client_of({nothing}).find_network("cbr0"));
    }
}

TEST_CASE("v1: a failure has the kind of its code, and HNS's words without a code") {
    ClientV1 coded = client_of({R"({"Success": false, "Error": "The endpoint was not found. ",
        "ErrorCode": 2151350274})"});
    CHECK_FALSE(coded.read_endpoint(nowhere));
    CHECK(kind_of_failure([&] { coded.delete_endpoint(nowhere); }) == ErrorKind::not_found);
    ClientV1 old = client_of({R"({"Success": false, "Error": "The endpoint was not found. "})"});
    CHECK_FALSE(old.read_endpoint(nowhere));
    ClientV1 plain = client_of({R"({"Success": false, "Error": "Unspecified error"})"});
    const HnsError error = failure_of([&] { return plain.read_endpoint(nowhere); });
    CHECK(error.kind() == ErrorKind::other);
    CHECK(std::string(error.what())
          == "HNSCall GET /endpoints/" + nowhere
                 + " failed with E_UNEXPECTED (0x8000FFFF): Unspecified error");
}

TEST_CASE("v1: an endpoint that HNS lists is there, whatever it fails to find of it") {
    const std::string lost = R"({"Success": false, "Error": "Element not found. "})";
    const std::string list = success(R"([{"ID": ")" + nowhere + R"(", "Name": "c1"}])");
    ClientV1 there = client_of({lost, list});
    CHECK(failure_of([&] { return there.read_endpoint(nowhere); }).code()
          == hnsclient::element_not_found);
    ClientV1 gone = client_of({lost, success("[]")});
    CHECK_FALSE(gone.read_endpoint(nowhere));
}

TEST_CASE("v1: an answer that cannot be read is HNS's failure, and names the call") {
    struct Case {
        std::string answer;
        std::string said;
    };

    const Case cases[] = {
        {success("{}"), "answer.ID is missing"},
        {success("7"), "answer must be an object"},
        {success("null"), "answer must be an object"},
        {R"({"Success": true})", "answer must be an object"},
        {success(R"({"ID": "x", "Policies": 7})"), "answer.Policies must be an array"},
        {"<html>", "the answer is not JSON"},
        {"", "the answer is not JSON"},
        {"[]", "the answer is not an object"},
        {"null", "the answer is not an object"},
        {R"({"Success": "yes", "Output": {"ID": "x"}})", R"("Success":"yes")"},
        {R"({"Output": {"ID": "x"}})", R"("Output")"},
        {"{}", "{}"},
    };
    const std::string call = "HNSCall GET /endpoints/" + nowhere + " failed with E_UNEXPECTED";
    for (const Case& one : cases) {
        CAPTURE(one.answer);
        ClientV1 client = client_of({one.answer});
        const HnsError error = failure_of([&] { return client.read_endpoint(nowhere); });
        CHECK(missing_in(error.what(), {call, one.said}) == "");
    }
}

TEST_CASE("v1: lists and other answers of a wrong shape are HNS's failure, too") {
    const auto said = [](Texts answers, auto call) {
        ClientV1 client = client_of(std::move(answers));
        const HnsError error = failure_of([&] { return call(client); });
        CHECK(error.kind() == ErrorKind::other);
        return std::string(error.what());
    };
    const auto networks = [](ClientV1& client) { return client.list_networks(); };
    const auto add_policies = [](ClientV1& client) {
        return client.add_policies(nowhere, {hnsclient::ProviderAddress{"192.0.2.10"}});
    };
    CHECK(missing_in(said({success("{}")}, networks), {"answer must be an array"}) == "");
    CHECK(missing_in(said({success("7")}, [](ClientV1& client) { return client.version(); }),
                     {"HNSCall GET /globals/version", "answer must be an object"})
          == "");
    CHECK(missing_in(said({success("[]")}, add_policies), {"answer must be an object"}) == "");
    CHECK(missing_in(said({success("null")}, add_policies), {"answer must be an object"}) == "");
    CHECK(missing_in(said({success(R"({"ID": "x", "Policies": "none"})")}, add_policies),
                     {"answer.Policies must be an array"})
          == "");
}

TEST_CASE("v1: objects of others, in shapes that we cannot read, are in nobody's way") {
    const std::string odd = R"({"ID": "x", "Name": "odd", "VirtualNetwork": "n0",
        "Subnets": 7, "Policies": 7, "IPAddress": 7, "SharedContainers": {}}, )";
    ClientV1 networks = client_of({success("[" + odd + R"({"ID": "n1", "Name": "cbr0"}])")});
    CHECK(networks.find_network("cbr0").value().id == "n1");
    ClientV1 all = client_of(
        {success("[" + odd + R"({}, 7, null, {"ID": 7}, {"ID": "n1", "Name": "cbr0"}])")});
    const auto listed = all.list_networks();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].name == "odd");
    CHECK(listed[1].id == "n1");
    ClientV1 endpoints = client_of({success(
        "[" + odd + R"({"ID": "e1", "Name": "c1_cbr0", "VirtualNetwork": ")" + nowhere + "\"}]")});
    CHECK(endpoints.endpoint_ids("c1_cbr0") == Texts{"e1"});
    CHECK(endpoints.list_endpoints_of(nowhere).size() == 1);
    // One of ours must not be taken for gone.
    CHECK_THROWS_AS(endpoints.endpoint_ids("odd"), HnsError);
}

TEST_CASE("v1: an endpoint is taken off all containers; what is gone is success, else it fails") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    hns.client.attach(c1, made.id);
    hns.client.attach(c2, made.id);
    const Endpoint shared = hns.client.read_endpoint(made.id).value();
    hns.fail(hns_call("POST", "/endpoints/" + made.id + "/detach"), "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.detach_all(shared); }) == ErrorKind::access_denied);
    CHECK(hns.containers_of(made) == Texts{"c1", "c2"});
    hns.client.detach_all(shared);
    CHECK(hns.containers_of(made).empty());
    CHECK_NOTHROW(hns.client.detach_all(shared));
    // HNS v1 tells of namespaces, too, and cannot detach from them.
    Endpoint in_namespace = made;
    in_namespace.namespace_id = nowhere;
    CHECK_NOTHROW(hns.client.detach_all(in_namespace));
}

TEST_CASE("v1: what a failed create may have left is removed by its name, which was free") {
    Hns hns;
    const Endpoint other = hns.create("c2_cbr0");
    const Endpoint wanted = hns.wanted("c1_cbr0");
    CHECK_NOTHROW(hns.client.remove_made(wanted));
    hns.fail(hns_call("POST", "/endpoints/"), "0x80070005", true);
    CHECK(kind_of_failure([&] { hns.client.create_endpoint(wanted); }) == ErrorKind::access_denied);
    CHECK(hns.client.endpoint_ids("c1_cbr0").size() == 1);
    hns.client.remove_made(wanted);
    CHECK(hns.client.endpoint_ids("c1_cbr0").empty());
    CHECK(hns.client.read_endpoint(other.id));
    hns.fail(hns_call("DELETE", "/endpoints/" + other.id), "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.remove_made(other); }) == ErrorKind::access_denied);
}

TEST_CASE("v1: HNS v1 puts endpoints into containers only") {
    Hns hns;
    const Endpoint made = hns.create("c1_cbr0");
    const Sandbox space = Sandbox::of_namespace(nowhere);
    CHECK(kind_of_failure([&] { hns.client.open_sandbox(space); }) == ErrorKind::invalid);
    CHECK(kind_of_failure([&] { hns.client.attach(space, made.id); }) == ErrorKind::invalid);
    CHECK(kind_of_failure([&] { hns.client.detach(space, made.id); }) == ErrorKind::invalid);
}

TEST_CASE("The client is one of the API that was asked for") {
    const auto functions = api::Functions();
    for (const auto version : {ApiVersion::v1, ApiVersion::v2})
        CHECK(&hnsclient::make_client(version, functions)->abilities()
              == &hnsclient::abilities_of(version));
    CHECK(hnsclient::abilities_of(ApiVersion::v1).sharing);
    CHECK_FALSE(hnsclient::abilities_of(ApiVersion::v2).sharing);
    CHECK_FALSE(hnsclient::abilities_of(ApiVersion::v1).several_addresses);
    CHECK(hnsclient::abilities_of(ApiVersion::v2).several_addresses);
    CHECK(hnsclient::name_of(ApiVersion::v1) == "HNS v1");
    CHECK(hnsclient::name_of(ApiVersion::v2) == "HCN (v2)");
}
