// SPDX-License-Identifier: Apache-2.0
// The client on a whole HNS: the emulator, linked in on Linux, in System32's DLLs under Wine.
#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/client_v2.hpp"
#include "hnsclient/guid.hpp"
#include "tests/unit/emulator_folder.hpp"

using hnsclient::ClientV2;
using hnsclient::Endpoint;
using hnsclient::ErrorKind;
using hnsclient::HnsError;
using hnsclient::Namespace;
using hnsclient::Network;
using hnsclient::Sandbox;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

const std::string nowhere = "DEADBEEF-FA4E-4000-A000-000000000001";

Network network_of(const std::string& name, const char* prefix) {
    Network network;
    network.id = hnsclient::new_id();
    network.name = name;
    network.type = "L2Bridge";
    network.subnets = {{.prefix = libcni::Cidr::parse(prefix).value()}};
    network.subnets[0].gateway = libcni::plus(network.subnets[0].prefix.address(), 1);
    return network;
}

Endpoint endpoint_of(const Network& network, const std::string& name, const std::string& address) {
    Endpoint endpoint;
    endpoint.id = hnsclient::new_id();
    endpoint.name = name;
    endpoint.network_id = network.id;
    if (!address.empty())
        endpoint.addresses = {{libcni::parse_address(address).value(), std::nullopt}};
    return endpoint;
}

/// An HNS with one network and one namespace, and a client of it.
struct Hns {
    EmulatorFolder folder;
    ClientV2 client{hnsclient::api::load(), {.retry_for = {}}};
    Network network = client.create_network(network_of("cbr0", "10.244.3.0/24"));
    Namespace space = client.create_namespace(new_namespace());

    static Namespace new_namespace() {
        Namespace made;
        made.id = hnsclient::new_id();
        made.type = "HostDefault";
        return made;
    }

    [[nodiscard]] Sandbox sandbox() const { return Sandbox::of_namespace(space.id); }

    Endpoint create(const std::string& name, const std::string& address = "") {
        return client.create_endpoint(endpoint_of(network, name, address));
    }

    void fail(const char* function, const char* hresult, bool after = false) const {
        folder.write(
            "faults.json",
            json::array(
                {{{"function", function}, {"call", 1}, {"hresult", hresult}, {"after", after}}})
                .dump());
    }
};

/// A client that tries again for long enough.
ClientV2 patient_client() {
    return ClientV2(hnsclient::api::load(), {.retry_for = std::chrono::minutes(1)});
}

template <class Body>
ErrorKind kind_of_failure(Body body) {
    try {
        body();
    } catch (const HnsError& error) {
        return error.kind();
    }
    FAIL("nothing was thrown");
    return ErrorKind::other;
}

Texts names_of(const std::vector<Endpoint>& endpoints) {
    Texts names;
    for (const auto& endpoint : endpoints)
        names.push_back(endpoint.name);
    std::ranges::sort(names);
    return names;
}

} // namespace

TEST_CASE("A network is found by its exact name and tells its subnets") {
    Hns hns;
    const auto found = hns.client.find_network("cbr0");
    REQUIRE(found);
    CHECK(hnsclient::same_guid(found->id, hns.network.id));
    CHECK(found->type == "L2Bridge");
    REQUIRE(found->subnets.size() == 1);
    CHECK(found->subnets[0].prefix.to_string() == "10.244.3.0/24");
    CHECK(found->subnets[0].gateway == libcni::parse_address("10.244.3.1"));
    CHECK(found->management_address == libcni::parse_address("192.168.1.10"));
    for (const std::string other : {"CBR0", "cbr", "cbr0 ", "", "\xE6\x97\xA5", "a\"b\\"})
        CHECK_FALSE(hns.client.find_network(other));
}

TEST_CASE("A network is found with the host's address on it, though HCN need not tell that") {
    Hns hns;
    const auto found = hns.client.find_network_with_address("cbr0");
    REQUIRE(found);
    CHECK(hnsclient::same_guid(found->id, hns.network.id));
    CHECK(found->type == "L2Bridge");
    CHECK(found->management_address == libcni::parse_address("192.168.1.10"));
    REQUIRE(found->subnets.size() == 1);
    CHECK(found->subnets[0].gateway == libcni::parse_address("10.244.3.1"));
    CHECK_FALSE(hns.client.find_network_with_address("CBR0"));
    hns.fail("HNSCall", "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.find_network_with_address("cbr0"); })
          == ErrorKind::access_denied);
}

TEST_CASE("Where Windows lacks HNSCall, HCN is asked for a network with the host's address") {
    Hns hns;
    hnsclient::api::Functions without = hnsclient::api::load();
    without.hns_call = nullptr;
    ClientV2 client(without);
    CHECK(client.find_network_with_address("cbr0").value().management_address
          == libcni::parse_address("192.168.1.10"));
    CHECK_FALSE(client.find_network_with_address("CBR0"));
}

TEST_CASE("Containers share nothing one by one in HCN") {
    Hns hns;
    const Endpoint endpoint = hns.create("c1_cbr0");
    hns.client.attach(hns.sandbox(), endpoint.id);
    CHECK(kind_of_failure([&] { hns.client.unshare("c1", endpoint.id); })
          == ErrorKind::unsupported);
    CHECK(hns.sandbox().holds(hns.client.read_endpoint(endpoint.id).value()));
}

TEST_CASE("Networks are listed, read by ID in any spelling, and deleted") {
    Hns hns;
    const Network second = hns.client.create_network(network_of("\xE6\x97\xA5", "10.9.0.0/16"));
    CHECK(hns.client.list_networks().size() == 2);
    CHECK(hns.client.read_network("{" + second.id + "}").value().name == "\xE6\x97\xA5");
    hns.client.delete_network(second.id);
    CHECK_FALSE(hns.client.read_network(second.id));
    CHECK(hns.client.list_networks().size() == 1);
    CHECK(kind_of_failure([&] { hns.client.delete_network(second.id); }) == ErrorKind::not_found);
}

TEST_CASE("An endpoint is made with the ID that it has, and comes back with what HNS chose") {
    Hns hns;
    Endpoint wanted = endpoint_of(hns.network, "c1_cbr0", "");
    const Endpoint made = hns.client.create_endpoint(wanted);
    CHECK(hnsclient::same_guid(made.id, wanted.id));
    CHECK(hnsclient::same_guid(made.network_id, hns.network.id));
    REQUIRE(made.addresses.size() == 1);
    CHECK(hns.network.subnets[0].prefix.contains(made.addresses[0].address));
    CHECK(made.mac);
    CHECK(made.namespace_id.empty());
    CHECK(hns.client.read_endpoint(made.id).value().name == "c1_cbr0");
}

TEST_CASE("Endpoints are found by name, and listed by network") {
    Hns hns;
    const Network other = hns.client.create_network(network_of("other", "10.9.0.0/16"));
    hns.create("c1_cbr0", "10.244.3.7");
    hns.create("c2_cbr0", "10.244.3.8");
    hns.client.create_endpoint(endpoint_of(other, "c1_other", "10.9.0.7"));
    CHECK(hns.client.endpoint_ids("c2_cbr0").size() == 1);
    CHECK(hns.client.endpoint_ids("c9_cbr0").empty());
    CHECK(names_of(hns.client.find_endpoints("c1_cbr0")) == Texts{"c1_cbr0"});
    CHECK(names_of(hns.client.list_endpoints_of(hns.network.id)) == Texts{"c1_cbr0", "c2_cbr0"});
    CHECK(names_of(hns.client.list_endpoints()) == Texts{"c1_cbr0", "c1_other", "c2_cbr0"});
}

TEST_CASE("What HNS lists is there, whatever it fails to find of it") {
    Hns hns;
    const auto endpoint = hns.create("c1_cbr0");
    for (const char* code :
         {"0x803B0001", "0x803B0004", "0x803B0006", "0x803B0007", "0x80070490"}) {
        CAPTURE(code);
        hns.fail("HcnOpenEndpoint", code);
        CHECK_THROWS_AS(hns.client.read_endpoint(endpoint.id), HnsError);
        hns.fail("HcnQueryEndpointProperties", code);
        CHECK_THROWS_AS(hns.client.list_endpoints_of(hns.network.id), HnsError);
        hns.fail("HcnOpenEndpoint", code);
        CHECK_FALSE(hns.client.read_endpoint(nowhere));
    }
    hns.fail("HcnQueryNetworkProperties", "0x80070490");
    CHECK_THROWS_AS(hns.client.find_network("cbr0"), HnsError);
}

TEST_CASE("What is not there is absent when read, and not_found when it must be there") {
    Hns hns;
    CHECK_FALSE(hns.client.read_network(nowhere));
    CHECK_FALSE(hns.client.read_endpoint(nowhere));
    CHECK_FALSE(hns.client.read_namespace(nowhere));
    CHECK(kind_of_failure([&] { hns.client.open_sandbox(Sandbox::of_namespace(nowhere)); })
          == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.delete_endpoint(nowhere); }) == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.attach(hns.sandbox(), nowhere); })
          == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { hns.client.read_endpoint("c1"); }) == ErrorKind::invalid);
}

TEST_CASE("Attaching puts an endpoint into a namespace; a second time changes nothing") {
    Hns hns;
    const Endpoint endpoint = hns.create("c1_cbr0");
    hns.client.attach(hns.sandbox(), endpoint.id);
    CHECK_NOTHROW(hns.client.attach(hns.sandbox(), endpoint.id));
    CHECK(hnsclient::same_guid(hns.client.read_endpoint(endpoint.id).value().namespace_id,
                               hns.space.id));
    const Namespace space = hns.client.read_namespace(hns.space.id).value();
    REQUIRE(space.endpoint_ids.size() == 1);
    CHECK(hnsclient::same_guid(space.endpoint_ids[0], endpoint.id));
    CHECK(hns.client.list_namespaces().size() == 1);
    hns.client.detach(hns.sandbox(), endpoint.id);
    CHECK(hns.client.read_endpoint(endpoint.id).value().namespace_id.empty());
}

TEST_CASE("Attaching an endpoint that is in another namespace fails") {
    Hns hns;
    const Namespace other = hns.client.create_namespace(Hns::new_namespace());
    const Endpoint endpoint = hns.create("c1_cbr0");
    hns.client.attach(Sandbox::of_namespace(other.id), endpoint.id);
    CHECK(kind_of_failure([&] { hns.client.attach(hns.sandbox(), endpoint.id); })
          == ErrorKind::already_attached);
}

TEST_CASE("An endpoint is deleted, and its address can be given to another") {
    Hns hns;
    const Endpoint first = hns.create("c1_cbr0", "10.244.3.7");
    CHECK(kind_of_failure([&] { hns.create("c2_cbr0", "10.244.3.7"); }) == ErrorKind::in_use);
    hns.client.delete_endpoint(first.id);
    CHECK(hns.client.list_endpoints().empty());
    CHECK_NOTHROW(hns.create("c2_cbr0", "10.244.3.7"));
    CHECK(kind_of_failure([&] { hns.create("c3_cbr0", "10.9.0.7"); }) == ErrorKind::invalid);
}

TEST_CASE("Policies are added to an endpoint that is there") {
    Hns hns;
    const Endpoint endpoint = hns.create("c1_cbr0");
    std::vector<hnsclient::Policy> policies;
    hnsclient::add_nat_destination(policies, "10.244.3.7");
    const Endpoint changed = hns.client.add_policies(endpoint.id, policies);
    CHECK(std::ranges::find(changed.policies, policies[0]) != changed.policies.end());
}

TEST_CASE("What vanishes between the list and the look is left out of the list") {
    Hns hns;
    hns.create("c1_cbr0", "10.244.3.7");
    hns.create("c2_cbr0", "10.244.3.8");
    hns.client.create_namespace(Hns::new_namespace());
    hns.fail("HcnOpenEndpoint", "0x803B0002");
    CHECK(hns.client.list_endpoints().size() == 1);
    hns.fail("HcnQueryEndpointProperties", "0x803B0002");
    CHECK(hns.client.list_endpoints_of(hns.network.id).size() == 1);
    hns.fail("HcnOpenEndpoint", "0x803B0002");
    CHECK(hns.client.find_endpoints("c1_cbr0").empty());
    hns.fail("HcnOpenNamespace", "0x80070490");
    CHECK(hns.client.list_namespaces().size() == 1);
    ClientV2 fresh(hnsclient::api::load());
    hns.fail("HcnOpenNetwork", "0x803B0001");
    CHECK(fresh.list_networks().empty());
}

TEST_CASE("A list that cannot be had is a failure, not an empty list") {
    Hns hns;
    hns.create("c1_cbr0");
    hns.fail("HcnEnumerateEndpoints", "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.list_endpoints(); }) == ErrorKind::access_denied);
    hns.fail("HcnOpenEndpoint", "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.list_endpoints(); }) == ErrorKind::access_denied);
}

TEST_CASE("An endpoint that was made though its answer was lost is found by its ID") {
    Hns hns;
    ClientV2 client = patient_client();
    for (const std::string address : {"", "10.244.3.7"}) {
        CAPTURE(address);
        const Endpoint wanted = endpoint_of(hns.network, "c1_cbr0", address);
        hns.fail("HcnCreateEndpoint", "0x800706BA", true);
        const Endpoint made = client.create_endpoint(wanted);
        CHECK(hnsclient::same_guid(made.id, wanted.id));
        CHECK(client.list_endpoints().size() == 1);
        client.delete_endpoint(made.id);
    }
}

TEST_CASE("An attach that was done though its answer was lost is not an error") {
    Hns hns;
    const Endpoint endpoint = hns.create("c1_cbr0");
    hns.fail("HcnModifyNamespace", "0x800706BA", true);
    ClientV2 client = patient_client();
    CHECK_NOTHROW(client.attach(hns.sandbox(), endpoint.id));
    CHECK(
        hnsclient::same_guid(client.read_endpoint(endpoint.id).value().namespace_id, hns.space.id));
}

TEST_CASE("Taking an endpoint out of all that it is in: what is gone is success, else it fails") {
    Hns hns;
    const Endpoint free = hns.create("c1_cbr0");
    CHECK_NOTHROW(hns.client.detach_all(free));
    hns.client.attach(hns.sandbox(), free.id);
    const Endpoint attached = hns.client.read_endpoint(free.id).value();
    hns.fail("HcnModifyNamespace", "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.detach_all(attached); }) == ErrorKind::access_denied);
    CHECK(hns.sandbox().holds(hns.client.read_endpoint(free.id).value()));
    hns.client.detach_all(attached);
    CHECK(hns.client.read_endpoint(free.id).value().namespace_id.empty());
    hns.fail("HcnModifyNamespace", "0x803B0002");
    CHECK_NOTHROW(hns.client.detach_all(attached));
}

TEST_CASE("What a failed create may have left is removed by its ID, and others of its name stay") {
    Hns hns;
    const Endpoint namesake = hns.create("c1_cbr0");
    const Endpoint wanted = endpoint_of(hns.network, "c1_cbr0", "");
    CHECK_NOTHROW(hns.client.remove_made(wanted));
    hns.fail("HcnCreateEndpoint", "0x80070005", true);
    CHECK(kind_of_failure([&] { hns.client.create_endpoint(wanted); }) == ErrorKind::access_denied);
    CHECK(hns.client.read_endpoint(wanted.id));
    hns.client.remove_made(wanted);
    CHECK_FALSE(hns.client.read_endpoint(wanted.id));
    CHECK(hns.client.read_endpoint(namesake.id));
    hns.fail("HcnDeleteEndpoint", "0x80070005");
    CHECK(kind_of_failure([&] { hns.client.remove_made(namesake); }) == ErrorKind::access_denied);
}

TEST_CASE("HCN puts endpoints into namespaces only") {
    Hns hns;
    const Endpoint endpoint = hns.create("c1_cbr0");
    const Sandbox container = Sandbox::of_container("c1");
    CHECK(kind_of_failure([&] { hns.client.open_sandbox(container); }) == ErrorKind::invalid);
    CHECK(kind_of_failure([&] { hns.client.attach(container, endpoint.id); })
          == ErrorKind::invalid);
    CHECK(kind_of_failure([&] { hns.client.detach(container, endpoint.id); })
          == ErrorKind::invalid);
}

TEST_CASE("A port that another endpoint has is a failure, not a lost answer") {
    Hns hns;
    Endpoint first = endpoint_of(hns.network, "c1_cbr0", "10.244.3.7");
    first.policies = {hnsclient::PortMapping{.protocol = hnsclient::Protocol::tcp,
                                             .internal_port = 80,
                                             .external_port = 8080,
                                             .flags = 1}};
    hns.client.create_endpoint(first);
    Endpoint second = endpoint_of(hns.network, "c2_cbr0", "10.244.3.8");
    second.policies = first.policies;
    CHECK(kind_of_failure([&] { hns.client.create_endpoint(second); }) == ErrorKind::in_use);
    hns.folder.write("config.json", R"({"version": {"Major": 11, "Minor": 10}})");
    CHECK(kind_of_failure([&] { hns.client.create_endpoint(second); })
          == ErrorKind::already_exists);
    CHECK(names_of(hns.client.list_endpoints()) == Texts{"c1_cbr0"});
}

TEST_CASE("The version of HNS is asked for once") {
    Hns hns;
    hns.folder.write("config.json", R"({"version": {"Major": 11, "Minor": 10}})");
    CHECK(hns.client.version() == hnsclient::Version{11, 10});
    hns.folder.write("config.json", R"({"version": {"Major": 9, "Minor": 2}})");
    CHECK(hns.client.version() == hnsclient::Version{11, 10});
}

TEST_CASE("New IDs are random GUIDs, each another") {
    const std::string first = hnsclient::new_id();
    CHECK(hnsclient::parse_guid(first));
    CHECK(first[14] == '4');
    CHECK(std::string("89AB").find(first[19]) != std::string::npos);
    CHECK(first != hnsclient::new_id());
}
