// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/conf.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/bandwidth.hpp"
#include "plugins/common/dns.hpp"
#include "plugins/common/endpoint_policy.hpp"
#include "plugins/common/new_network.hpp"
#include "plugins/common/pod_mac.hpp"
#include "plugins/common/values.hpp"

namespace plugins {

using hnsclient::ApiVersion;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

/// `policies` and Microsoft's `AdditionalArgs` mean the same.
void read_policies(const JsonReader& conf,
                   const char* key,
                   std::vector<hnsclient::Policy>& policies) {
    const auto list = conf.find(key);
    if (!list) return;
    for (const auto& entry : list->elements()) {
        const std::string name = entry.text_or_empty("name");
        if (libcni::same_ignoring_case(name, "EndpointPolicy"))
            add_new(policies, read_endpoint_policy(entry.require("value")));
        else
            libcni::log::warning(entry.path()
                                 + (name.empty() ? " has no name" : " is named \"" + name + '"')
                                 + ": only policies named EndpointPolicy are put on endpoints");
    }
}

/// The key of cni.dev's page and of Microsoft's SDN scripts for policies of HCN: bare ones, "Type"
/// and "Settings", or in the same wrapping as `policies`.
void read_hcn_policies(const JsonReader& conf, EndpointConf& found) {
    const auto list = conf.find("HcnPolicyArgs");
    if (!list) return;
    if (found.api_version == ApiVersion::v1) {
        libcni::log::warning(list->path()
                             + " is left out: it is for HCN (v2), and apiVersion is 1");
        return;
    }
    for (const auto& entry : list->elements()) {
        const auto value = entry.find("value");
        add_new(found.policies, read_endpoint_policy(value ? *value : entry));
    }
}

GatewayFrom read_gateway_from(const JsonReader& conf) {
    const auto key = conf.find("gatewayFrom");
    if (!key) return GatewayFrom::plugin;
    if (libcni::same_ignoring_case(key->text(), "ipam")) return GatewayFrom::ipam;
    if (libcni::same_ignoring_case(key->text(), "network")) return GatewayFrom::network;
    throw Error(ErrorCode::invalid_network_config,
                "conf.gatewayFrom is \"" + key->text() + "\"",
                "\"ipam\" takes the gateway that IPAM names, \"network\" that of the HNS network; "
                "without the key the plugin's own rule applies");
}

/// flannel writes both keys; the list holds the network of the other one, too.
std::vector<libcni::Cidr> read_ip_masq_networks(const JsonReader& conf) {
    std::vector<libcni::Cidr> networks;
    for (const char* key : {"ipMasqNetwork", "ipMasqNetworks"}) {
        const auto list = conf.find(key);
        if (!list) continue;
        for (const auto& element : texts_in(*list)) {
            const auto cidr = read_prefix(element);
            if (std::ranges::find(networks, cidr) == networks.end()) networks.push_back(cidr);
        }
    }
    return networks;
}

/// People also write "false".
bool read_is_default_gateway(const JsonReader& conf) {
    const auto key = conf.find("isDefaultGateway");
    if (!key) return true;
    for (const bool value : {true, false})
        if (key->is_string() && libcni::same_ignoring_case(key->text(), value ? "true" : "false"))
            return value;
    return key->boolean();
}

/// What an author wrote of default routes beside `isDefaultGateway: false`.
void warn_of_default_routes(const IpamConf& ipam) {
    for (const auto& route : ipam.default_routes)
        libcni::log::warning(route
                             + " is a default route, which the pod does not get: "
                               "conf.isDefaultGateway is false");
}

/// The keys by which a runtime asks for something of this one interface.
void read_wishes(const libcni::Request& request, EndpointConf& found) {
    found.mac = read_mac(request);
    found.egress_limit = read_egress_limit(request.conf.reader());
    if (found.egress_limit) limit_egress(found.policies, *found.egress_limit);
}

} // namespace

std::optional<ApiVersion> read_api_version(const JsonReader& conf) {
    const auto key = conf.find("apiVersion");
    if (!key) return std::nullopt;
    // PowerShell and people also write "2".
    const bool in_quotes = key->is_string() && (key->text() == "1" || key->text() == "2");
    const unsigned version =
        in_quotes ? static_cast<unsigned>(key->text()[0] - '0') : key->number<unsigned>();
    if (version == 1) return ApiVersion::v1;
    if (version == 2) return ApiVersion::v2;
    throw Error(ErrorCode::invalid_network_config,
                "conf.apiVersion is " + std::to_string(version),
                "1 means HNS v1, 2 means HCN (v2); leave it out to let the plugin choose");
}

std::optional<ApiVersion> find_api_version(const JsonReader& conf) {
    try {
        return read_api_version(conf);
    } catch (const std::exception& error) {
        libcni::log::warning(error.what());
        return std::nullopt;
    }
}

EndpointConf read_endpoint_conf(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    EndpointConf found;
    found.api_version = read_api_version(conf);
    read_policies(conf, "policies", found.policies);
    read_policies(conf, "AdditionalArgs", found.policies);
    read_hcn_policies(conf, found);
    found.port_mappings = read_port_mappings(conf);
    found.dns = effective_dns(request);
    if (const auto key = conf.find("loopbackDSR")) found.loopback_dsr = key->boolean();
    found.gateway_from = read_gateway_from(conf);
    found.ip_masq_networks = read_ip_masq_networks(conf);
    found.new_network = read_new_network(request);
    found.names_new_network = found.new_network.has_value();
    found.ipam = read_ipam_conf(request);
    found.network_gateways = gateways_of_new_network(request);
    found.is_default_gateway = read_is_default_gateway(conf);
    if (!found.is_default_gateway) warn_of_default_routes(found.ipam);
    read_wishes(request, found);
    return found;
}

} // namespace plugins
