// SPDX-License-Identifier: Apache-2.0
// What win-overlay reads, asks HNS for and refuses; and sdnoverlay, where it is not the same.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"
#include "plugins/win-overlay/win_overlay.hpp"
#include "tests/unit/plugin_pods.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using hnsclient::Policy;
using hnsclient::ProviderAddress;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;
using plugins::GatewayFrom;
using sdnoverlay::SdnOverlayEndpoint;
using win_overlay::OverlayEndpoint;

namespace {

OverlayEndpoint kind_of(const json& conf) {
    return OverlayEndpoint(request_with(conf));
}

/// Asks for nothing special.
OverlayEndpoint bare() {
    return kind_of(json::object());
}

Error fault_of(const json& conf) {
    return error_of([&] { return kind_of(conf); });
}

json mac_prefix(const std::string& prefix) {
    return {{"endpointMacPrefix", prefix}};
}

/// Pod c1 on flannel's overlay; IPAM gave this address, which names another gateway than HNS does.
PlanInput overlay_pod(const char* address) {
    PlanInput input;
    input.pod.endpoint_name = "c1_vxlan0";
    input.network.id = "C0000001-FA4E-4000-A000-0000000C6B00";
    input.network.name = "vxlan0";
    input.network.type = "Overlay";
    input.network.subnets = {
        {.prefix = cidr("10.9.0.0/24"), .gateway = ip("10.9.0.1"), .vni = 4097},
        {.prefix = cidr("10.244.3.0/24"), .gateway = ip("10.244.3.1"), .vni = 4096}};
    input.network.management_address = ip("192.0.2.10");
    if (address != nullptr)
        input.ipam.ips = {{.address = cidr(address), .gateway = ip("10.244.3.254")}};
    return input;
}

Endpoint plan_of(const PlanInput& input) {
    return planned(bare(), input);
}

/// A conf with this policy for the endpoint.
json with_policy(const json& value) {
    return {{"policies", json::array({{{"name", "EndpointPolicy"}, {"value", value}}})}};
}

/// What keeps this pod from being attached: the network, or the addresses.
Error refusal_of(const OverlayEndpoint& kind, const PlanInput& input) {
    return error_of([&] {
        kind.require_fit(input.network);
        kind.require_fit(input.network, input.ipam);
        return 0;
    });
}

const ErrorCode accepted{};

} // namespace

TEST_CASE("win-overlay: ipMasq and endpointMacPrefix are read, flannel's prefix is preset") {
    CHECK_FALSE(bare().ip_masq());
    CHECK(bare().mac_prefix() == "0E-2A");
    const auto all = kind_of(json::parse(R"({"IPMasq": true, "endpointMacPrefix": "0a-fE",
        "loopbackDSR": true, "policies": [{"name": "EndpointPolicy",
        "value": {"Type": "OutBoundNAT", "ExceptionList": ["10.96.0.0/12"]}}]})"));
    CHECK(all.ip_masq());
    CHECK(all.mac_prefix() == "0a-fE");
    CHECK(all.conf().loopback_dsr);
    CHECK(all.conf().policies == std::vector{nat_policy({"10.96.0.0/12"})});
    CHECK(kind_of(mac_prefix("")).mac_prefix() == "0E-2A");
    CHECK(shape_fault_of([] {
              return kind_of({{"ipMasq", "true"}});
          })
          == "conf.ipMasq must be true or false, not \"true\"");
    CHECK(missing_in(shape_fault_of([] {
                         return kind_of({{"endpointMacPrefix", 14}});
                     }),
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
        const Error error = fault_of(mac_prefix(prefix));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.endpointMacPrefix \"" + prefix + "\"", "prefix"})
              == "");
    }
    for (const std::string prefix : {"0F-2A", "01-00", "ff-ff", "Fd-00"}) {
        CAPTURE(prefix);
        const Error error = fault_of(mac_prefix(prefix));
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.endpointMacPrefix", prefix, "multicast"}) == "");
    }
    for (const std::string prefix : {"0E-2A", "0e-2b", "fe-FF", "00-01"})
        CHECK(kind_of(mac_prefix(prefix)).mac_prefix() == prefix);
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
        CHECK(mac_text(plan_of(overlay_pod(one.address))) == one.mac);
    CHECK(mac_text(planned(kind_of(mac_prefix("02-11")), overlay_pod("10.244.3.7/24")))
          == "02-11-0a-f4-03-07");
    CHECK_FALSE(plan_of(overlay_pod(nullptr)).mac);
}

TEST_CASE("win-overlay: the gateway is that of the network's subnet, not IPAM's or the bridge's") {
    const Endpoint plan = plan_of(overlay_pod("10.244.3.7/24"));
    CHECK(plan.name == "c1_vxlan0");
    CHECK(plan.network_id == "C0000001-FA4E-4000-A000-0000000C6B00");
    CHECK(plan.addresses == std::vector<hnsclient::EndpointAddress>{{ip("10.244.3.7")}});
    CHECK(plan.routes
          == std::vector<hnsclient::EndpointRoute>{{cidr("0.0.0.0/0"), ip("10.244.3.1")}});
    CHECK(plan_of(overlay_pod(nullptr)).routes.empty());
}

TEST_CASE("win-overlay: the host's address on the network is the ProviderAddress") {
    PlanInput input = overlay_pod("10.244.3.7/24");
    CHECK(plan_of(input).policies == std::vector<Policy>{ProviderAddress{"192.0.2.10"}});
    input.conf.policies = {ProviderAddress{"198.51.100.1"}};
    CHECK(plan_of(input).policies == std::vector<Policy>{ProviderAddress{"198.51.100.1"}});
    const auto unset = kind_of(with_policy({{"Type", "PA"}, {"PA", ""}}));
    CHECK(planned_by(unset, input).policies == std::vector<Policy>{ProviderAddress{"192.0.2.10"}});
}

TEST_CASE(
    "win-overlay: ipMasq exempts the prefix of the pod's own subnet, in the author's policy") {
    const auto masq = kind_of({{"ipMasq", true}});
    PlanInput input = overlay_pod("10.244.3.7/24");
    CHECK(planned(masq, input).policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"}, nat_policy({"10.244.3.0/24"})});
    input.conf.policies = {nat_policy({"10.96.0.0/12"})};
    CHECK(planned(masq, input).policies
          == std::vector<Policy>{nat_policy({"10.96.0.0/12", "10.244.3.0/24"}),
                                 ProviderAddress{"192.0.2.10"}});
    CHECK(plan_of(input).policies
          == std::vector<Policy>{nat_policy({"10.96.0.0/12"}), ProviderAddress{"192.0.2.10"}});
    input = overlay_pod(nullptr);
    CHECK(planned(masq, input).policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"}, nat_policy({"10.9.0.0/24"})});
    input.network.subnets.clear();
    CHECK(planned(masq, input).policies == std::vector<Policy>{ProviderAddress{"192.0.2.10"}});
}

TEST_CASE("win-overlay: host ports are mapped here as on bridges") {
    PlanInput input = overlay_pod("10.244.3.7/24");
    input.conf.port_mappings = {
        {.protocol = hnsclient::Protocol::udp, .host_port = 5353, .container_port = 53}};
    CHECK(plan_of(input).policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"},
                                 hnsclient::PortMapping{.protocol = hnsclient::Protocol::udp,
                                                        .internal_port = 53,
                                                        .external_port = 5353}});
}

TEST_CASE("B82: a network that HNS has not finished is worth another try, and is named") {
    const auto own_address = kind_of(with_policy({{"Type", "PA"}, {"PA", "198.51.100.1"}}));
    PlanInput input = overlay_pod("10.244.3.7/24");
    CHECK(refusal_of(bare(), input).code() == accepted);
    input.network.management_address = {};
    CHECK(refusal_of(bare(), input).code() == ErrorCode::try_again_later);
    CHECK(missing_in(refusal_of(bare(), input).msg(), {"\"vxlan0\"", "management address"}) == "");
    CHECK(refusal_of(own_address, input).code() == accepted);
    input.network.subnets.clear();
    CHECK(refusal_of(own_address, input).code() == ErrorCode::try_again_later);
    CHECK(missing_in(refusal_of(own_address, input).msg(), {"\"vxlan0\"", "subnet"}) == "");
}

TEST_CASE("win-overlay: an IPv6 address of IPAM's is refused by name, whatever its place") {
    PlanInput input = overlay_pod("fd00::7/64");
    CHECK(refusal_of(bare(), input).code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(refusal_of(bare(), input).msg(), {"fd00::7/64", "\"vxlan0\"", "IPv4 only"})
          == "");
    input = overlay_pod("10.244.3.7/24");
    input.ipam.ips.push_back({.address = cidr("fd00::7/64")});
    CHECK(refusal_of(bare(), input).code() == ErrorCode::invalid_network_config);
    CHECK(refusal_of(bare(), overlay_pod(nullptr)).code() == accepted);
}

TEST_CASE("win-overlay: CHECK of a result with IPv6 in it is answered with a plan, not a crash") {
    PlanInput input = overlay_pod("fd00::7/64");
    CHECK_FALSE(plan_of(input).mac);
    input.ipam.ips.push_back({.address = cidr("10.244.3.7/24")});
    CHECK(plan_of(input).addresses
          == std::vector<hnsclient::EndpointAddress>{{ip("fd00::7")}, {ip("10.244.3.7")}});
    CHECK_NOTHROW((void)planned(kind_of({{"ipMasq", true}}), input));
}

TEST_CASE("sdnoverlay is win-overlay with Microsoft's flags; the gateway stays the network's") {
    const SdnOverlayEndpoint kind(request_with(json::parse(R"({
        "ipMasq": true, "endpointMacPrefix": "02-11",
        "ipam": {"type": "host-local", "gateway": "10.244.3.254",
                 "routes": [{"dst": "0.0.0.0/0", "gw": "10.244.3.253"}]},
        "additionalRoutes": [{"dst": "0.0.0.0/0", "GW": "10.244.3.252"}],
        "runtimeConfig": {"portMappings": [{"hostPort": 8080, "containerPort": 80}]},
        "optionalFlags": {"localRoutedPortMapping": true, "allowAclPortMapping": true,
                          "loopbackDSR": true, "gatewayFromAdditionalRoutes": true}})")));
    CHECK(kind.ip_masq());
    CHECK(kind.mac_prefix() == "02-11");
    CHECK(kind.conf().loopback_dsr);
    CHECK(kind.conf().gateway_from == GatewayFrom::plugin);
    const Endpoint plan = planned_by(kind, overlay_pod("10.244.3.7/24"));
    CHECK(plan.policies
          == std::vector<Policy>{ProviderAddress{"192.0.2.10"},
                                 nat_policy({"10.244.3.0/24"}),
                                 hnsclient::PortMapping{.protocol = hnsclient::Protocol::tcp,
                                                        .internal_port = 80,
                                                        .external_port = 8080,
                                                        .flags = 1},
                                 allow_in("6", "80"),
                                 nat_policy({}, {"10.244.3.7"})});
    CHECK(plan.routes
          == std::vector<hnsclient::EndpointRoute>{{cidr("0.0.0.0/0"), ip("10.244.3.1")}});
    // None of the author's gateways counts.
    CHECK(planned_by(kind, overlay_pod(nullptr)).routes.empty());
    CHECK(error_of([] { return SdnOverlayEndpoint(request_with(mac_prefix("0F-2A"))); }).code()
          == ErrorCode::invalid_network_config);
    CHECK(kind.needs_management_address());
    CHECK(refusal_of(kind, overlay_pod("fd00::7/64")).code() == ErrorCode::invalid_network_config);
}
