// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/conf.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "plugins/common/dns.hpp"
#include "plugins/common/new_network.hpp"
#include "plugins/common/port_mappings.hpp"

namespace plugins {

using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

hnsclient::Policy read_policy_value(const JsonReader& value) {
    try {
        return hnsclient::decode_policy(value);
    } catch (const libcni::BadShape& error) {
        throw Error(
            ErrorCode::invalid_network_config,
            std::string("a policy cannot be understood: ") + error.what(),
            "a policy is {\"Type\": \"...\", \"Settings\": {...}}; see docs/configuration.md");
    }
}

/// `policies` and Microsoft's `AdditionalArgs` mean the same.
void read_policies(const JsonReader& conf,
                   const char* key,
                   std::vector<hnsclient::Policy>& policies) {
    const auto list = conf.find(key);
    if (!list) return;
    for (const auto& entry : list->elements()) {
        const std::string name = entry.text_or_empty("name");
        if (libcni::same_ignoring_case(name, "EndpointPolicy"))
            policies.push_back(read_policy_value(entry.require("value")));
        else
            libcni::log::warning(entry.path() + " is a \"" + name
                                 + "\": only policies named EndpointPolicy are put on endpoints");
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
                "without the key "
                "the plugin's own rule holds");
}

/// flannel writes both keys; the list holds the network of the other one, too.
std::vector<libcni::Cidr> read_ip_masq_networks(const JsonReader& conf) {
    std::vector<libcni::Cidr> networks;
    for (const char* key : {"ipMasqNetwork", "ipMasqNetworks"}) {
        for (const std::string& text : conf.texts_or_none(key)) {
            const auto cidr = libcni::Cidr::parse(text);
            if (!cidr)
                throw Error(ErrorCode::invalid_network_config,
                            "conf." + std::string(key) + " \"" + text + "\" is no network",
                            "write it like 10.244.0.0/16");
            if (std::ranges::find(networks, *cidr) == networks.end()) networks.push_back(*cidr);
        }
    }
    return networks;
}

} // namespace

std::optional<unsigned> read_api_version(const JsonReader& conf) {
    const auto key = conf.find("apiVersion");
    if (!key) return std::nullopt;
    // PowerShell and people also write "2".
    const bool in_quotes = key->is_string() && (key->text() == "1" || key->text() == "2");
    const unsigned version =
        in_quotes ? static_cast<unsigned>(key->text()[0] - '0') : key->number<unsigned>();
    if (version != 1 && version != 2)
        throw Error(ErrorCode::invalid_network_config,
                    "conf.apiVersion is " + std::to_string(version),
                    "1 means HNS, 2 means HCN; leave it out to have the plugin choose");
    return version;
}

hnsclient::ApiVersion api_version_for(const libcni::Request& request,
                                      const std::optional<unsigned>& wanted) {
    using hnsclient::ApiVersion;
    if (wanted) return *wanted == 1 ? ApiVersion::v1 : ApiVersion::v2;
    const bool is_container = request.netns == "none" || shares_sandbox(request);
    return is_container ? ApiVersion::v1 : ApiVersion::v2;
}

EndpointConf read_endpoint_conf(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    EndpointConf found;
    found.api_version = read_api_version(conf);
    read_policies(conf, "policies", found.policies);
    read_policies(conf, "AdditionalArgs", found.policies);
    found.port_mappings = read_port_mappings(conf);
    found.dns = effective_dns(request);
    if (const auto key = conf.find("loopbackDSR")) found.loopback_dsr = key->boolean();
    found.gateway_from = read_gateway_from(conf);
    found.ip_masq_networks = read_ip_masq_networks(conf);
    found.new_network = read_new_network(request);
    return found;
}

bool shares_sandbox(const libcni::Request& request) {
    return libcni::shared_sandbox(request).has_value();
}

std::string endpoint_name(const libcni::Request& request) {
    return libcni::shared_sandbox(request).value_or(request.container_id) + "_" + request.conf.name;
}

std::optional<std::string> container_of(const std::string& endpoint_name,
                                        const std::string& network_name) {
    const std::string suffix = "_" + network_name;
    if (!endpoint_name.ends_with(suffix)) return std::nullopt;
    std::string container = endpoint_name.substr(0, endpoint_name.size() - suffix.size());
    if (!libcni::is_identifier(container)) return std::nullopt;
    return container;
}

} // namespace plugins
