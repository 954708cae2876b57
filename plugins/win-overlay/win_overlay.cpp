// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-overlay/win_overlay.hpp"

#include <algorithm>
#include <cctype>

#include "libcni/error.hpp"

namespace win_overlay {

using libcni::Error;
using libcni::ErrorCode;
using plugins::EndpointConf;
using plugins::PlanInput;

namespace {

/// "0E-2A": two bytes in hex.
bool is_mac_prefix(const std::string& text) {
    const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    return text.size() == 5 && text[2] == '-' && is_hex(text[0]) && is_hex(text[1])
           && is_hex(text[3]) && is_hex(text[4]);
}

/// The lowest bit of the first byte.
bool is_multicast(const std::string& prefix) {
    return (std::stoi(prefix.substr(0, 2), nullptr, 16) & 1) != 0;
}

std::string read_mac_prefix(const libcni::JsonReader& conf, const std::string& otherwise) {
    std::string prefix = conf.text_or_empty("endpointMacPrefix");
    if (prefix.empty()) return otherwise;
    const auto refuse = [&](const char* what, const char* cure) {
        throw Error(ErrorCode::invalid_network_config,
                    "conf.endpointMacPrefix \"" + prefix + "\" " + what,
                    cure);
    };
    if (!is_mac_prefix(prefix))
        refuse("is no prefix of a MAC address",
               "it is two bytes in hex, like \"0E-2A\"; leave it out for that one");
    if (is_multicast(prefix))
        refuse("makes multicast addresses, which no endpoint can have",
               "the first byte must be even, like in \"0E-2A\"");
    return prefix;
}

/// The address makes the MAC address unique, and peers can compute it.
std::string mac_of(const std::string& prefix, const libcni::Address& address) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string mac = prefix;
    for (const unsigned byte : address.to_v4().to_bytes())
        mac += {'-', digits[byte >> 4U], digits[byte & 0xFU]};
    return mac;
}

const libcni::IpConfig* find_v6(const libcni::Result& ipam) {
    const auto it = std::ranges::find_if(
        ipam.ips, [](const libcni::IpConfig& ip) { return !ip.address.is_v4(); });
    return it == ipam.ips.end() ? nullptr : &*it;
}

/// What a script leaves when its variable was not set says nothing, as in the Go plugin.
bool is_empty_provider_address(const hnsclient::Policy& policy) {
    const auto* const provider = std::get_if<hnsclient::ProviderAddress>(&policy);
    return provider != nullptr && provider->address.empty();
}

/// The author's word goes before the network's.
bool names_provider_address(const std::vector<hnsclient::Policy>& policies) {
    return std::ranges::any_of(policies, [](const hnsclient::Policy& policy) {
        return std::holds_alternative<hnsclient::ProviderAddress>(policy);
    });
}

/// The prefix that `ipMasq` exempts: that of the pod's subnet.
std::string own_prefix(const PlanInput& input) {
    const auto* subnet = &input.network.subnets.front();
    if (!input.ipam.ips.empty())
        if (const auto* const own =
                hnsclient::subnet_of(input.network, input.ipam.ips.front().address.address()))
            subnet = own;
    return subnet->prefix.to_string();
}

} // namespace

const plugins::Driver driver{.name = "win-overlay",
                             .network_types = network_types,
                             .read_conf = read_conf,
                             .plan = plan,
                             .require = require,
                             .needs_management_address = true};

EndpointConf read_conf(const libcni::Request& request) {
    EndpointConf conf = plugins::read_endpoint_conf(request);
    const auto reader = request.conf.reader();
    if (const auto key = reader.find("ipMasq")) conf.overlay.ip_masq = key->boolean();
    std::erase_if(conf.policies, is_empty_provider_address);
    conf.overlay.mac_prefix = read_mac_prefix(reader, conf.overlay.mac_prefix);
    return conf;
}

hnsclient::Endpoint plan(const PlanInput& input) {
    PlanInput own = input;
    auto& policies = own.conf.policies;
    if (input.network.management_address && !names_provider_address(policies))
        policies.emplace_back(
            hnsclient::ProviderAddress{input.network.management_address->to_string()});
    if (input.conf.overlay.ip_masq && !input.network.subnets.empty())
        hnsclient::add_nat_exception(policies, own_prefix(input));
    hnsclient::Endpoint endpoint = plugins::plan_endpoint(own, plugins::network_gateway);
    if (!endpoint.addresses.empty())
        endpoint.mac = mac_of(input.conf.overlay.mac_prefix, endpoint.addresses.front().address);
    return endpoint;
}

void require(const PlanInput& input) {
    const std::string network = "HNS network \"" + input.network.name + "\"";
    if (input.network.subnets.empty())
        throw Error(ErrorCode::try_again_later,
                    network + " has no subnet",
                    "flanneld gives it one; look at its log, or make the network with "
                    "\"createNetwork\"");
    if (!input.network.management_address && !names_provider_address(input.conf.policies))
        throw Error(ErrorCode::try_again_later,
                    network + " has no management address",
                    "HNS has not finished it: the host's adapter has no address yet");
    if (const auto* const v6 = find_v6(input.ipam))
        throw Error(ErrorCode::invalid_network_config,
                    "IPAM gave " + v6->address.to_string() + ", but " + network
                        + " is an overlay, which carries IPv4 only",
                    "take the IPv6 ranges out of the conf's \"ipam\"; l2bridge networks are "
                    "dual-stack");
}

} // namespace win_overlay
