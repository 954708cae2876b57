// SPDX-License-Identifier: Apache-2.0
// What win-overlay reads, asks HNS for and refuses; and sdnoverlay, where it is not the same.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"
#include "plugins/win-overlay/win_overlay.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using hnsclient::Policy;
using hnsclient::ProviderAddress;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using plugins::EndpointConf;
using plugins::GatewayFrom;
using plugins::PlanInput;

namespace {

libcni::Address ip(const char* text) {
    return libcni::parse_address(text).value();
}

libcni::Cidr cidr(const char* text) {
    return libcni::Cidr::parse(text).value();
}

EndpointConf conf_of(const std::string& text) {
    return win_overlay::read_conf(request_with(json::parse(text)));
}

Error fault_of(const std::string& text) {
    return error_of([&] { return conf_of(text); });
}

json mac_prefix(const std::string& prefix) {
    return {{"endpointMacPrefix", prefix}};
}

/// Pod c1 on flannel's overlay; IPAM gave this address, which names another gateway than HNS does.
PlanInput pod(const char* address) {
    PlanInput input;
    input.endpoint_name = "c1_vxlan0";
    input.network.id = "C0000001-FA4E-4000-A000-0000000C6B00";
    input.network.name = "vxlan0";
    input.network.type = "Overlay";
    input.network.subnets = {
        {.prefix = cidr("10.9.0.0/24"), .gateway = ip("10.9.0.1"), .vni = 4097},
        {.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.1"), .vni = 4096}};
    input.network.management_address = ip("192.0.2.10");
    if (address != nullptr)
        input.ipam.ips = {
            {.address = cidr(address), .gateway = ip("10.244.3.254"), .interface_index = {}}};
    return input;
}

Policy nat(std::vector<std::string> exceptions) {
    hnsclient::OutboundNat policy;
    policy.exceptions = std::move(exceptions);
    return policy;
}

/// What require() says of this pod.
Error refusal_of(const PlanInput& input) {
    return error_of([&] {
        win_overlay::require(input);
        return 0;
    });
}

const ErrorCode accepted{};

} // namespace

TEST_CASE("win-overlay: ipMasq and endpointMacPrefix are read, flannel's prefix is preset") {
    const EndpointConf nothing = conf_of("{}");
    CHECK_FALSE(nothing.overlay.ip_masq);
    CHECK(nothing.overlay.mac_prefix == "0E-2A");
    const EndpointConf all = conf_of(R"({"IPMasq": true, "endpointMacPrefix": "0a-fE",
        "loopbackDSR": true, "policies": [{"name": "EndpointPolicy",
        "value": {"Type": "OutBoundNAT", "ExceptionList": ["10.96.0.0/12"]}}]})");
    CHECK(all.overlay.ip_masq);
    CHECK(all.overlay.mac_prefix == "0a-fE");
    CHECK(all.loopback_dsr);
    CHECK(all.policies == std::vector{nat({"10.96.0.0/12"})});
    CHECK(conf_of(R"({"endpointMacPrefix": ""})").overlay.mac_prefix == "0E-2A");
    CHECK(shape_fault_of([] { return conf_of(R"({"ipMasq": "true"})"); })
          == "conf.ipMasq must be true or false, not \"true\"");
    CHECK(missing_in(shape_fault_of([] { return conf_of(R"({"endpointMacPrefix": 14})"); }),
                     {"conf.endpointMacPrefix must be a string"})
          == "");
}

TEST_CASE("D14: a prefix that makes no MAC address, or multicast ones, is refused by name") {
    for (const std::string prefix : {"zz-zz",
                                     "0E2A",
                                     "0E:2A",
                                     "0E-2",
                                     "0E-2A-",
                                     "0E-2A-00",
                                     " 0E-2A",
                                     "0G-2A",
                                     "0E-2G",
                                     "-0E2A",
                                     "+E-2A"}) {
        CAPTURE(prefix);
        const Error error = fault_of(mac_prefix(prefix).dump());
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.endpointMacPrefix \"" + prefix + "\"", "prefix"})
              == "");
    }
    for (const std::string prefix : {"0F-2A", "01-00", "ff-ff", "Fd-00"}) {
        CAPTURE(prefix);
        const Error error = fault_of(mac_prefix(prefix).dump());
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.endpointMacPrefix", prefix, "multicast"}) == "");
    }
    for (const std::string prefix : {"0E-2A", "0e-2b", "fe-FF", "00-01"})
        CHECK(conf_of(mac_prefix(prefix).dump()).overlay.mac_prefix == prefix);
}

TEST_CASE("win-overlay: the MAC address is the prefix and the four bytes of the address") {
    struct Case {
        const char* address;
        const char* mac;
    };

    const Case cases[] = {{"10.244.3.7/24", "0E-2A-0a-f4-03-07"},
                          {"10.244.3.255/16", "0E-2A-0a-f4-03-ff"},
                          {"192.168.16.171/24", "0E-2A-c0-a8-10-ab"},
                          {"0.0.0.1/8", "0E-2A-00-00-00-01"}};
    for (const Case& one : cases)
        CHECK(win_overlay::plan(pod(one.address)).mac == one.mac);
    PlanInput input = pod("10.244.3.7/24");
    input.conf.overlay.mac_prefix = "02-11";
    CHECK(win_overlay::plan(input).mac == "02-11-0a-f4-03-07");
    CHECK(win_overlay::plan(pod(nullptr)).mac.empty());
}

TEST_CASE("win-overlay: the gateway is that of the network's subnet, not IPAM's or the bridge's") {
    const Endpoint plan = win_overlay::plan(pod("10.244.3.7/24"));
    CHECK(plan.name == "c1_vxlan0");
    CHECK(plan.network_id == "C0000001-FA4E-4000-A000-0000000C6B00");
    CHECK(plan.addresses
          == std::vector<hnsclient::EndpointAddress>{{ip("10.244.3.7"), std::nullopt}});
    CHECK(plan.routes
          == std::vector<hnsclient::EndpointRoute>{{cidr("0.0.0.0/0"), ip("10.244.3.1")}});
    CHECK(win_overlay::plan(pod(nullptr)).routes.empty());
}

TEST_CASE("win-overlay: the host's address on the network is the ProviderAddress") {
    PlanInput input = pod("10.244.3.7/24");
    CHECK(win_overlay::plan(input).policies == std::vector<Policy>{ProviderAddress{"192.0.2.10"}});
    input.conf.policies = {ProviderAddress{"198.51.100.1"}};
    CHECK(win_overlay::plan(input).policies
          == std::vector<Policy>{ProviderAddress{"198.51.100.1"}});
    input.conf = conf_of(R"({"policies": [{"name": "EndpointPolicy",
        "value": {"Type": "PA", "PA": ""}}]})");
    CHECK(win_overlay::plan(input).policies == std::vector<Policy>{ProviderAddress{"192.0.2.10"}});
}

TEST_CASE(
    "win-overlay: ipMasq exempts the prefix of the pod's own subnet, in the author's policy") {
    PlanInput input = pod("10.244.3.7/24");
    input.conf.overlay.ip_masq = true;
    CHECK(win_overlay::plan(input).policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"}, nat({"10.244.3.0/24"})});
    input.conf.policies = {nat({"10.96.0.0/12"})};
    CHECK(win_overlay::plan(input).policies
          == std::vector<Policy>{nat({"10.96.0.0/12", "10.244.3.0/24"}),
                                 ProviderAddress{"192.0.2.10"}});
    input.conf.overlay.ip_masq = false;
    CHECK(win_overlay::plan(input).policies
          == std::vector<Policy>{nat({"10.96.0.0/12"}), ProviderAddress{"192.0.2.10"}});
    input = pod(nullptr);
    input.conf.overlay.ip_masq = true;
    CHECK(win_overlay::plan(input).policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"}, nat({"10.9.0.0/24"})});
    input.network.subnets.clear();
    CHECK(win_overlay::plan(input).policies == std::vector<Policy>{ProviderAddress{"192.0.2.10"}});
}

TEST_CASE("win-overlay: host ports are mapped here as on bridges") {
    PlanInput input = pod("10.244.3.7/24");
    input.conf.port_mappings = {
        {.protocol = 17, .host_port = 5353, .container_port = 53, .host_address = {}}};
    CHECK(win_overlay::plan(input).policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"},
                                 hnsclient::PortMapping{.protocol = 17,
                                                        .internal_port = 53,
                                                        .external_port = 5353,
                                                        .virtual_ip = {},
                                                        .flags = 0}});
}

TEST_CASE("B82: a network that HNS has not finished is worth another try, and is named") {
    PlanInput input = pod("10.244.3.7/24");
    CHECK(refusal_of(input).code() == accepted);
    input.network.management_address = {};
    CHECK(refusal_of(input).code() == ErrorCode::try_again_later);
    CHECK(missing_in(refusal_of(input).msg(), {"\"vxlan0\"", "management address"}) == "");
    input.conf.policies = {ProviderAddress{"198.51.100.1"}};
    CHECK(refusal_of(input).code() == accepted);
    input.network.subnets.clear();
    CHECK(refusal_of(input).code() == ErrorCode::try_again_later);
    CHECK(missing_in(refusal_of(input).msg(), {"\"vxlan0\"", "subnet"}) == "");
}

TEST_CASE("win-overlay: an IPv6 address of IPAM's is refused by name, whatever its place") {
    PlanInput input = pod("fd00::7/64");
    CHECK(refusal_of(input).code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(refusal_of(input).msg(), {"fd00::7/64", "\"vxlan0\"", "IPv4 only"}) == "");
    input = pod("10.244.3.7/24");
    input.ipam.ips.push_back({.address = cidr("fd00::7/64"), .gateway = {}, .interface_index = {}});
    CHECK(refusal_of(input).code() == ErrorCode::invalid_network_config);
    CHECK(refusal_of(pod(nullptr)).code() == accepted);
}

TEST_CASE("sdnoverlay is win-overlay with Microsoft's flags; the gateway stays the network's") {
    const EndpointConf conf = sdnoverlay::read_conf(request_with(json::parse(R"({
        "ipMasq": true, "endpointMacPrefix": "02-11",
        "ipam": {"type": "host-local", "gateway": "10.244.3.254",
                 "routes": [{"dst": "0.0.0.0/0", "gw": "10.244.3.253"}]},
        "additionalRoutes": [{"dst": "0.0.0.0/0", "GW": "10.244.3.252"}],
        "optionalFlags": {"localRoutedPortMapping": true, "allowAclPortMapping": true,
                          "loopbackDSR": true, "gatewayFromAdditionalRoutes": true}})")));
    CHECK(conf.overlay.ip_masq);
    CHECK(conf.overlay.mac_prefix == "02-11");
    CHECK(conf.port_mapping_flags == 1);
    CHECK(conf.allow_mapped_ports);
    CHECK(conf.loopback_dsr);
    CHECK(conf.gateway_from == GatewayFrom::plugin);
    CHECK(conf.gateways.empty());
    PlanInput input = pod("10.244.3.7/24");
    input.conf = conf;
    CHECK(sdnoverlay::driver.plan(input).routes
          == std::vector<hnsclient::EndpointRoute>{{cidr("0.0.0.0/0"), ip("10.244.3.1")}});
    CHECK(error_of([] { return sdnoverlay::read_conf(request_with(mac_prefix("0F-2A"))); }).code()
          == ErrorCode::invalid_network_config);
    CHECK(sdnoverlay::driver.needs_management_address);
    CHECK(error_of([] {
              PlanInput v6 = pod("fd00::7/64");
              sdnoverlay::driver.require(v6);
              return 0;
          }).code()
          == ErrorCode::invalid_network_config);
}
