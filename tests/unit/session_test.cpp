// SPDX-License-Identifier: Apache-2.0
// What all plugins ask of HNS, on one that answers as a test wants it.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/common/session.hpp"
#include "plugins/win-bridge/win_bridge.hpp"
#include "plugins/win-overlay/win_overlay.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::ApiVersion;
using hnsclient::Endpoint;
using hnsclient::HnsError;
using hnsclient::Network;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using plugins::PlanInput;
using Texts = std::vector<std::string>;

namespace {

constexpr std::uint32_t not_found = 0x803B0002U;
constexpr std::uint32_t in_use = 0x803B002CU;
constexpr std::uint32_t access_denied = 0x80070005U;

/// Knows one endpoint, and fails with the codes that it is given.
class FakeHns final : public hnsclient::Client {
public:
    ApiVersion api = ApiVersion::v2;
    std::optional<Endpoint> endpoint;
    hnsclient::Version service{9, 2};
    /// What deleting does, one code a call, then success; what taking out of a sandbox does always.
    std::vector<std::uint32_t> deletes;
    std::uint32_t detaches = 0;
    Texts calls;

    [[nodiscard]] ApiVersion api_version() const noexcept override { return api; }

    std::optional<Network> find_network(std::string_view) override { return {}; }

    std::optional<Network> find_network_with_address(std::string_view) override { return {}; }

    std::vector<Network> list_networks() override { return {}; }

    Network create_network(const Network& network) override { return network; }

    Texts endpoint_ids(std::string_view) override { return {}; }

    std::vector<Endpoint> find_endpoints(std::string_view) override { return {}; }

    std::optional<Endpoint> read_endpoint(const std::string&) override {
        calls.emplace_back("read");
        return endpoint;
    }

    std::vector<Endpoint> list_endpoints_of(const std::string&) override { return {}; }

    Endpoint create_endpoint(const Endpoint& made) override { return made; }

    void delete_endpoint(const std::string&) override {
        std::uint32_t code = 0;
        if (!deletes.empty()) {
            code = deletes.front();
            deletes.erase(deletes.begin());
        }
        record("delete", code);
    }

    Endpoint add_policies(const std::string&, const std::vector<hnsclient::Policy>&) override {
        return {};
    }

    void open_sandbox(const std::string&) override {}

    void attach(const std::string&, const std::string&) override {}

    void detach(const std::string& sandbox, const std::string&) override {
        record("detach " + sandbox, detaches);
    }

    void unshare(const std::string& container, const std::string&) override {
        record("unshare " + container, detaches);
    }

    hnsclient::Version version() override {
        calls.emplace_back("version");
        return service;
    }

private:
    void record(const std::string& call, std::uint32_t code) {
        calls.push_back(call);
        if (code != 0) throw HnsError(call, hnsclient::hresult(code), "");
    }
};

/// An endpoint in a namespace, in version 1 with two containers that share it.
Endpoint endpoint_of(ApiVersion api) {
    Endpoint endpoint;
    endpoint.id = "e1";
    endpoint.namespace_id = "n1";
    if (api == ApiVersion::v1) endpoint.container_ids = {"c1", "c2"};
    return endpoint;
}

/// The calls that removing the endpoint takes; "failed" at their end when it throws.
Texts calls_to_remove(ApiVersion api,
                      std::vector<std::uint32_t> deletes,
                      std::uint32_t detaches = 0,
                      bool is_there = true) {
    FakeHns hns;
    hns.api = api;
    hns.deletes = std::move(deletes);
    hns.detaches = detaches;
    if (is_there) hns.endpoint = endpoint_of(api);
    try {
        plugins::remove_endpoint(hns, "e1");
    } catch (const HnsError&) {
        hns.calls.emplace_back("failed");
    }
    return hns.calls;
}

const ErrorCode accepted{};

Network network_of(const char* type, const char* prefix = nullptr) {
    Network network;
    network.type = type;
    if (prefix != nullptr)
        network.subnets = {
            {.prefix = libcni::Cidr::parse(prefix).value(), .gateway = {}, .vni = {}}};
    return network;
}

Error refusal_of(const plugins::Driver& driver, const Network& wanted, ApiVersion api) {
    return error_of([&] {
        plugins::check_new_network(driver, api, wanted);
        return 0;
    });
}

std::string sandbox_with(ApiVersion api, const std::string& netns) {
    auto request = request_with(json::object());
    request.netns = netns;
    return plugins::sandbox_of(api, request);
}

} // namespace

TEST_CASE(
    "Removing an endpoint takes one call; that it is gone is success, other failures are not") {
    for (const auto api : {ApiVersion::v1, ApiVersion::v2}) {
        CHECK(calls_to_remove(api, {}) == Texts{"delete"});
        CHECK(calls_to_remove(api, {not_found}) == Texts{"delete"});
        CHECK(calls_to_remove(api, {access_denied}) == Texts{"delete", "failed"});
    }
}

TEST_CASE("An endpoint that HNS holds on to is taken out of whatever it is in, then removed") {
    CHECK(calls_to_remove(ApiVersion::v2, {in_use})
          == Texts{"delete", "read", "detach n1", "delete"});
    CHECK(calls_to_remove(ApiVersion::v1, {in_use})
          == Texts{"delete", "read", "unshare c1", "unshare c2", "delete"});
    CHECK(calls_to_remove(ApiVersion::v2, {in_use, in_use})
          == Texts{"delete", "read", "detach n1", "delete", "failed"});
    CHECK(calls_to_remove(ApiVersion::v2, {in_use}, access_denied)
          == Texts{"delete", "read", "detach n1", "failed"});
}

TEST_CASE("What goes while an endpoint is being removed is as good as removed") {
    CHECK(calls_to_remove(ApiVersion::v2, {in_use}, 0, false) == Texts{"delete", "read"});
    CHECK(calls_to_remove(ApiVersion::v2, {in_use, not_found})
          == Texts{"delete", "read", "detach n1", "delete"});
    CHECK(calls_to_remove(ApiVersion::v2, {in_use}, not_found)
          == Texts{"delete", "read", "detach n1", "delete"});
    CHECK(calls_to_remove(ApiVersion::v1, {in_use}, not_found)
          == Texts{"delete", "read", "unshare c1", "unshare c2", "delete"});
}

TEST_CASE("createNetwork: what this plugin or this API cannot make is refused before anything") {
    using Driver = plugins::Driver;
    const Driver& bridge = win_bridge::driver;
    const Driver& overlay = win_overlay::driver;
    Network vxlan = network_of("overlay", "10.244.3.0/24");
    vxlan.subnets[0].vni = 4096;
    Network with_port = vxlan;
    with_port.vxlan_port = 8472;
    Network bridge_with_port = network_of("", "10.244.3.0/24");
    bridge_with_port.vxlan_port = 4789;
    Network bridge_with_vni = network_of("", "10.244.3.0/24");
    bridge_with_vni.subnets[0].vni = 4096;
    Network half = vxlan;
    half.subnets.push_back(network_of("", "10.9.0.0/16").subnets[0]);

    struct Case {
        const Driver& driver;
        Network wanted;
        ApiVersion api;
        std::string fault;
    };

    const Case cases[] = {
        {bridge, network_of("", "10.244.3.0/24"), ApiVersion::v1, ""},
        {bridge, network_of("l2tunnel", "10.244.3.0/24"), ApiVersion::v2, ""},
        {bridge,
         network_of("NAT", "10.244.3.0/24"),
         ApiVersion::v2,
         "createNetwork.type is \"NAT\""},
        {bridge, network_of(""), ApiVersion::v2, "createNetwork has no subnet"},
        {bridge, bridge_with_port, ApiVersion::v2, "createNetwork.vxlanPort"},
        {bridge, bridge_with_vni, ApiVersion::v2, "createNetwork.vni"},
        {overlay, vxlan, ApiVersion::v1, ""},
        {overlay, network_of("", "10.244.3.0/24"), ApiVersion::v2, "createNetwork has no vni"},
        {overlay, half, ApiVersion::v2, "createNetwork has no vni"},
        {overlay, with_port, ApiVersion::v2, ""},
        {overlay, with_port, ApiVersion::v1, "createNetwork.vxlanPort"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.fault);
        const Error error = refusal_of(one.driver, one.wanted, one.api);
        CHECK(error.code() == (one.fault.empty() ? accepted : ErrorCode::invalid_network_config));
        CHECK(missing_in(error.msg(), {one.fault}) == "");
    }
    CHECK_NOTHROW(plugins::check_new_network(bridge, ApiVersion::v2, std::nullopt));
}

TEST_CASE("The sandbox is the namespace, or in version 1 the container") {
    CHECK(sandbox_with(ApiVersion::v2, "{e0000000-fa4e-4000-a000-000000000001}")
          == "E0000000-FA4E-4000-A000-000000000001");
    CHECK(sandbox_with(ApiVersion::v1, "none") == "c1");
    CHECK(sandbox_with(ApiVersion::v1, "container:5a4d") == "c1");
    for (const std::string netns : {"none", "container:5a4d", "", "/var/run/netns/x"})
        CHECK(error_of([&] { return sandbox_with(ApiVersion::v2, netns); }).code()
              == ErrorCode::invalid_environment);
    for (const std::string netns : {"E0000000-FA4E-4000-A000-000000000001", ""})
        CHECK(error_of([&] { return sandbox_with(ApiVersion::v1, netns); }).code()
              == ErrorCode::invalid_environment);
}

TEST_CASE("Version 1 has one address of a family, no routes but the gateway, no DNS options") {
    PlanInput input;
    input.ipam.routes = {{.destination = libcni::Cidr::parse("10.96.0.0/12").value(),
                          .gateway = {},
                          .mtu = {},
                          .advmss = {},
                          .priority = {},
                          .table = {},
                          .scope = {}}};
    input.ipam.routes.push_back(input.ipam.routes[0]);
    input.ipam.routes[1].destination = libcni::Cidr::parse("0.0.0.0/0").value();
    input.conf.dns.options = {"ndots:5"};
    input.conf.dns.search = {"a"};
    input.ipam.dns.options = {"ndots:1"};
    for (const char* address : {"10.244.3.7/24", "fd00::7/64", "10.244.4.7/24"})
        input.ipam.ips.push_back({.address = libcni::Cidr::parse(address).value(),
                                  .gateway = {},
                                  .interface_index = {}});
    FakeHns hns;
    plugins::drop_what_api_lacks(hns, input);
    CHECK(input.ipam.routes.size() == 2);
    CHECK(input.ipam.ips.size() == 3);
    CHECK(input.conf.dns.options == Texts{"ndots:5"});
    hns.api = ApiVersion::v1;
    plugins::drop_what_api_lacks(hns, input);
    REQUIRE(input.ipam.ips.size() == 2);
    CHECK(input.ipam.ips[0].address.to_string() == "10.244.3.7/24");
    CHECK(input.ipam.ips[1].address.to_string() == "fd00::7/64");
    REQUIRE(input.ipam.routes.size() == 1);
    CHECK(input.ipam.routes[0].destination.to_string() == "0.0.0.0/0");
    CHECK(input.conf.dns.options.empty());
    CHECK(input.ipam.dns.options.empty());
    CHECK(input.conf.dns.search == Texts{"a"});
}

TEST_CASE("Loopback DSR is left out where HNS lacks it, and HNS is asked only when it is wanted") {
    struct Case {
        hnsclient::Version version;
        bool kept;
    };

    const Case cases[] = {{{9, 2}, false}, {{9, 3}, true}, {{10, 1}, false}, {{10, 2}, true}};
    for (const Case& one : cases) {
        FakeHns hns;
        hns.service = one.version;
        plugins::EndpointConf conf;
        plugins::drop_loopback_dsr_if_unsupported(hns, conf);
        CHECK(hns.calls.empty());
        conf.loopback_dsr = true;
        plugins::drop_loopback_dsr_if_unsupported(hns, conf);
        CHECK(conf.loopback_dsr == one.kept);
    }
}
