// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-overlay/win_overlay.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "libcni/error.hpp"

namespace win_overlay {

using hnsclient::Endpoint;
using hnsclient::MacAddress;
using hnsclient::Network;
using libcni::Error;
using libcni::ErrorCode;
using libcni::IpConfig;
using libcni::Result;
using plugins::EndpointConf;

namespace {

constexpr const char* cure_of_v6 =
    "take the IPv6 ranges out of the conf's \"ipam\"; l2bridge networks are dual-stack";

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

std::string read_mac_prefix(const libcni::JsonReader& conf) {
    std::string prefix = conf.text_or_empty("endpointMacPrefix");
    if (prefix.empty()) return "0E-2A";
    const auto refuse = [&](const char* what, const char* cure) {
        throw Error(ErrorCode::invalid_network_config,
                    "conf.endpointMacPrefix \"" + prefix + "\" " + what,
                    cure);
    };
    if (!is_mac_prefix(prefix))
        refuse("is not a prefix of a MAC address",
               "write two bytes in hex, like \"0E-2A\", which is also the default");
    if (is_multicast(prefix))
        refuse("makes multicast addresses, which no endpoint can have",
               "the first byte must be even, as in \"0E-2A\"");
    return prefix;
}

/// The address makes the MAC address unique, and peers can compute it.
std::optional<MacAddress> mac_of(const std::string& prefix, const libcni::Address& address) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string mac = prefix;
    for (const unsigned byte : address.to_v4().to_bytes())
        mac += {'-', digits[byte >> 4U], digits[byte & 0xFU]};
    return MacAddress::parse(mac);
}

const IpConfig* find_v6(const Result& addresses) {
    const auto it =
        std::ranges::find_if(addresses.ips, [](const IpConfig& ip) { return !ip.address.is_v4(); });
    return it == addresses.ips.end() ? nullptr : &*it;
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
std::string own_prefix(const Network& network, const Result& addresses) {
    const auto* subnet = &network.subnets.front();
    if (!addresses.ips.empty())
        if (const auto* const own =
                hnsclient::subnet_of(network, addresses.ips.front().address.address()))
            subnet = own;
    return subnet->prefix.to_string();
}

std::string shown(const Network& network) {
    return "HNS network \"" + network.name + "\"";
}

} // namespace

OverlayEndpoint::OverlayEndpoint(const libcni::Request& request)
    : EndpointKind(request), mac_prefix_(read_mac_prefix(request.conf.reader())) {
    if (const auto key = request.conf.reader().find("ipMasq")) ip_masq_ = key->boolean();
    std::erase_if(own_conf().policies, is_empty_provider_address);
}

std::span<const std::string_view> OverlayEndpoint::network_types() const {
    static constexpr std::array<std::string_view, 1> types{"Overlay"};
    return types;
}

void OverlayEndpoint::require_own_fit(const Network& network) const {
    if (network.subnets.empty())
        throw Error(ErrorCode::try_again_later,
                    shown(network) + " has no subnet",
                    "flanneld gives it one; look at its log, or create the network with "
                    "\"createNetwork\"");
    for (const auto& set : conf().ipam.sets)
        for (const auto& range : set)
            if (!range.subnet.is_v4())
                throw Error(ErrorCode::invalid_network_config,
                            "IPAM's range " + range.subnet.to_string() + " is of IPv6, but "
                                + shown(network) + " is an overlay, which carries IPv4 only",
                            cure_of_v6);
    if (!network.management_address && !names_provider_address(conf().policies))
        throw Error(
            ErrorCode::try_again_later,
            shown(network) + " has no management address",
            "HNS has not finished creating it: the host's adapter has no address yet, or only one "
            "of 169.254.0.0/16, since DHCP has not answered, or one that others cannot reach "
            "(unspecified, loopback, link-local); look at \"ipconfig\"");
}

void OverlayEndpoint::require_own_fit(const Network& network, const Result& addresses) const {
    if (const auto* const v6 = find_v6(addresses))
        throw Error(ErrorCode::invalid_network_config,
                    "IPAM gave " + v6->address.to_string() + ", but " + shown(network)
                        + " is an overlay, which carries IPv4 only",
                    cure_of_v6);
}

Endpoint OverlayEndpoint::plan(const plugins::Pod& pod,
                               const EndpointConf& conf,
                               const Network& network,
                               const Result& addresses) const {
    EndpointConf own = conf;
    if (network.management_address && !names_provider_address(own.policies))
        own.policies.emplace_back(
            hnsclient::ProviderAddress{network.management_address->to_string()});
    if (ip_masq_ && !network.subnets.empty())
        hnsclient::add_nat_exception(own.policies, own_prefix(network, addresses));
    Endpoint endpoint = EndpointKind::plan(pod, own, network, addresses);
    if (!endpoint.mac && !endpoint.addresses.empty() && endpoint.addresses.front().address.is_v4())
        endpoint.mac = mac_of(mac_prefix_, endpoint.addresses.front().address);
    return endpoint;
}

std::optional<libcni::Address> OverlayEndpoint::gateway_by_rule(const Network& network,
                                                                const IpConfig& ip) const {
    return plugins::network_gateway(network, ip);
}

std::string_view WinOverlay::about() const {
    return "CNI plugin that attaches Windows pods to an HNS network of type Overlay (VXLAN).";
}

std::unique_ptr<const plugins::EndpointKind>
WinOverlay::kind_of(const libcni::Request& request) const {
    return std::make_unique<OverlayEndpoint>(request);
}

} // namespace win_overlay
