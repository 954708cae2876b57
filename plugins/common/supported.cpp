// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/supported.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "hnsclient/features.hpp"
#include "libcni/log.hpp"

namespace plugins {

using hnsclient::Abilities;
using hnsclient::Feature;
using libcni::IpConfig;
using libcni::Result;

namespace {

void drop_dns_options(const char* whose, libcni::Dns& dns) {
    if (dns.options.empty()) return;
    libcni::log::warning(std::string(whose)
                         + " DNS options are left out: endpoints of HNS v1 have none; HCN "
                           "(apiVersion 2) has them");
    dns.options.clear();
}

void drop_loopback_dsr(EndpointConf& conf) {
    libcni::log::warning("loopbackDSR is left out: this HNS does not have "
                         + std::string(hnsclient::name_of(Feature::loopback_dsr)) + " (versions "
                         + std::string(hnsclient::versions_of(Feature::loopback_dsr))
                         + " have them)");
    conf.loopback_dsr = false;
}

void drop_routes(std::vector<libcni::Route>& routes) {
    const auto is_other = [](const libcni::Route& route) {
        return route.destination.prefix_length() != 0;
    };
    if (std::erase_if(routes, is_other) != 0)
        libcni::log::warning("IPAM's routes are left out: endpoints of HNS v1 have none but their "
                             "gateway; HCN (apiVersion 2) has them");
}

/// The addresses behind the first of their family.
void drop_surplus(std::vector<IpConfig>& ips) {
    std::vector<IpConfig> kept;
    for (const auto& ip : ips) {
        const bool is_first = std::ranges::none_of(
            kept, [&](const auto& other) { return other.address.is_v4() == ip.address.is_v4(); });
        if (is_first)
            kept.push_back(ip);
        else
            libcni::log::warning("IPAM's address " + ip.address.to_string()
                                 + " is left out: endpoints of HNS v1 have one of each family");
    }
    ips = std::move(kept);
}

} // namespace

EndpointConf supported_conf(const Abilities& abilities, EndpointConf conf) {
    if (!abilities.dns_options) drop_dns_options("the conf's", conf.dns);
    return conf;
}

EndpointConf supported_here(hnsclient::Client& hns, EndpointConf conf) {
    if (conf.loopback_dsr && !hnsclient::supports(hns.version(), Feature::loopback_dsr))
        drop_loopback_dsr(conf);
    return conf;
}

Result supported_addresses(const Abilities& abilities, Result addresses) {
    if (!abilities.routes) drop_routes(addresses.routes);
    if (!abilities.dns_options) drop_dns_options("IPAM's", addresses.dns);
    if (!abilities.several_addresses) drop_surplus(addresses.ips);
    return addresses;
}

} // namespace plugins
