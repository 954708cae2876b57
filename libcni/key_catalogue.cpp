// SPDX-License-Identifier: Apache-2.0
#include "libcni/key_catalogue.hpp"

#include <algorithm>
#include <array>

namespace libcni {

namespace {

constexpr std::array catalogue{
    KeyFacts{"cniVersion", of_all, "string", "0.1.0", "", "the version of the spec in which results and errors are written"},
    KeyFacts{"cniVersions", of_all, "list", "", "", ""},
    KeyFacts{"name", of_all, "string", "", "", "the network"},
    KeyFacts{"type", of_all, "string", "", "", "the executable, for the runtime"},
    KeyFacts{"disableCheck", of_all, "bool", "", "", ""},
    KeyFacts{"disableGC", of_all, "bool", "", "", ""},
    KeyFacts{"loadOnlyInlinedPlugins", of_all, "bool", "", "", ""},
    KeyFacts{"args", of_all, "object", "", "", "arguments of the conf's own; args.cni.ips asks for addresses"},
    KeyFacts{"args.cni.ips", of_host_local, "list of addresses", "", "", "addresses that are asked for"},
    KeyFacts{"plugins", of_all, "list", "", "", ""},
    KeyFacts{"timeoutSeconds", of_all, "1-3600", "120", "", "how long one HNS call, one delegate or one lock may take"},
    KeyFacts{"logFile", of_all, "path", "stderr", "", "where the log goes"},
    KeyFacts{"logLevel", of_all, "string", "warning", "", "what is logged", "log_level"},
    KeyFacts{"prevResult", of_all, "object", "", "", "what ADD answered, for CHECK"},
    KeyFacts{"cni.dev/valid-attachments", of_all, "list", "", "", "what a GC keeps"},
    KeyFacts{"capabilities", of_all, "object", "", "", "what the runtime may send in runtimeConfig", "capabilites capability"},
    KeyFacts{"capabilities.dns", of_windows | of_flannel, "bool", "false", "", "runtimeConfig.dns is wanted", "dnsCapabilities"},
    KeyFacts{"capabilities.portMappings", of_windows | of_flannel, "bool", "false", "", "runtimeConfig.portMappings are wanted"},
    KeyFacts{"capabilities.ips", of_all, "bool", "false", "", "runtimeConfig.ips are wanted"},
    KeyFacts{"capabilities.ipRanges", of_all, "bool", "false", "", "runtimeConfig.ipRanges are wanted"},
    KeyFacts{"runtimeConfig", of_all, "object", "", "", "what the runtime sends for capabilities"},
    KeyFacts{"runtimeConfig.dns", of_windows, "object", "", "", "name servers and searches of the runtime"},
    KeyFacts{"runtimeConfig.dns.servers", of_windows, "list of addresses", "", "", "replace dns.nameservers"},
    KeyFacts{"runtimeConfig.dns.searches", of_windows, "list of names", "", "", "replace dns.search"},
    KeyFacts{"runtimeConfig.dns.options", of_windows, "list", "", "2", "replace dns.options"},
    KeyFacts{"runtimeConfig.portMappings", of_windows, "list", "", "", "ports of the host that lead to the pod"},
    KeyFacts{"runtimeConfig.portMappings[].hostPort", of_windows, "0-65535", "0", "", "the port of the host; 0 maps nothing"},
    KeyFacts{"runtimeConfig.portMappings[].containerPort", of_windows, "1-65535", "", "", "the port of the pod"},
    KeyFacts{"runtimeConfig.portMappings[].protocol", of_windows, "tcp or udp", "tcp", "", "the protocol"},
    KeyFacts{"runtimeConfig.portMappings[].hostIP", of_windows, "address", "all", "", "the address of the host"},
    KeyFacts{"runtimeConfig.ips", of_all, "list of addresses", "", "", "addresses that are asked for"},
    KeyFacts{"runtimeConfig.ipRanges", of_all, "list of lists", "", "", "further range sets"},
    KeyFacts{"apiVersion", of_windows, "1 or 2", "by CNI_NETNS", "", "1 is HNS v1, 2 is HCN"},
    KeyFacts{"gatewayFrom", of_windows, "ipam or network", "the plugin's rule", "", "where the gateway of a pod comes from"},
    KeyFacts{"createNetwork", of_windows, "object", "", "", "the HNS network to make when there is none"},
    KeyFacts{"ipMasq", of_overlays, "bool", "false", "", "the pod's subnet is exempt from NAT"},
    KeyFacts{"ipMasq", of_win_bridge | of_nat | of_sdnbridge, "bool", "", "", ""},
    KeyFacts{"ipMasqNetwork", of_windows, "prefix", "", "", "is exempt from outbound NAT"},
    KeyFacts{"ipMasqNetworks", of_windows, "list of prefixes", "", "", "are exempt from outbound NAT"},
    KeyFacts{"loopbackDSR", of_windows, "bool", "false", "", "the pod reaches itself by its service"},
    KeyFacts{"dns", of_windows | of_flannel, "object", "", "", "written to the endpoint and the result"},
    KeyFacts{"dns.nameservers", of_windows, "list of addresses", "", "", "name servers"},
    KeyFacts{"dns.domain", of_windows, "string", "", "", "the domain"},
    KeyFacts{"dns.search", of_windows, "list of names", "", "", "suffixes that are searched"},
    KeyFacts{"dns.options", of_windows, "list", "", "2", "options of the resolver"},
    KeyFacts{"appendNamespaceToSearch", of_windows, "bool", "false", "", "puts the pod's namespace before one svc suffix"},
    KeyFacts{"policies", of_windows, "list", "", "", "endpoint policies: name EndpointPolicy, and value"},
    KeyFacts{"AdditionalArgs", of_windows, "list", "", "", "the same as policies"},
    KeyFacts{"HcnPolicyArgs", of_windows, "list", "", "", "policies without name and value around them"},
    KeyFacts{"endpointMacPrefix", of_overlays, "two bytes in hex", "0E-2A", "", "what pods' MAC addresses begin with"},
    KeyFacts{"endpointMacPrefix", of_win_bridge | of_nat | of_sdnbridge, "string", "", "", ""},
    KeyFacts{"master", of_nat | of_sdnbridge, "string", "HNS chooses", "", "the adapter of a network that is made"},
    KeyFacts{"master", of_win_bridge | of_overlays, "string", "", "", ""},
    KeyFacts{"optionalFlags", of_sdnbridge | of_sdnoverlay, "object", "", "", "flags of Microsoft's plugins"},
    KeyFacts{"optionalFlags", of_nat, "object", "", "", ""},
    KeyFacts{"optionalFlags.localRoutedPortMapping", of_sdnbridge | of_sdnoverlay, "bool", "false", "", "port mappings are local-routed"},
    KeyFacts{"optionalFlags.allowAclPortMapping", of_sdnbridge | of_sdnoverlay, "bool", "false", "", "an ACL lets in each mapped port"},
    KeyFacts{"optionalFlags.loopbackDSR", of_sdnbridge | of_sdnoverlay, "bool", "false", "", "as loopbackDSR"},
    KeyFacts{"optionalFlags.enableDualStack", of_sdnbridge | of_sdnoverlay, "bool", "", "", "always on"},
    KeyFacts{"optionalFlags.forceBridgeGateway", of_sdnbridge, "bool", "false", "", "the bridge's address is the gateway"},
    KeyFacts{"optionalFlags.gatewayFromAdditionalRoutes", of_sdnbridge, "bool", "false", "", "additionalRoutes name the gateway"},
    KeyFacts{"additionalRoutes", of_sdnbridge, "list", "", "", "gateways of default routes, with a flag"},
    KeyFacts{"additionalRoutes", of_nat | of_sdnoverlay, "list", "", "", ""},
    KeyFacts{"additionalRoutes[].GW", of_sdnbridge, "address", "", "", "the gateway"},
    KeyFacts{"additionalRoutes[].gateway", of_sdnbridge, "address", "", "", "the gateway"},
    KeyFacts{"additionalRoutes[].Dst", of_sdnbridge, "prefix", "default", "", "the destination"},
    KeyFacts{"hairpinMode", of_windows, "bool", "", "", ""},
    KeyFacts{"isDefaultGateway", of_windows, "bool", "", "", ""},
    KeyFacts{"isGateway", of_windows, "bool", "", "", ""},
    KeyFacts{"mtu", of_windows, "number", "", "", ""},
    KeyFacts{"ipam", of_all, "object", "", "", "what the IPAM plugin needs"},
    KeyFacts{"ipam.type", of_all, "string", "HNS gives addresses", "", "the IPAM plugin"},
    KeyFacts{"ipam.environment", of_all, "string", "", "", ""},
    KeyFacts{"ipam.ranges", of_host_local, "list of lists", "", "", "range sets; one address is given from each"},
    KeyFacts{"ipam.subnet", of_host_local | of_nat | of_sdnbridge, "prefix", "", "", "one range; the subnet of a network that is made"},
    KeyFacts{"ipam.rangeStart", of_host_local, "address", "the first", "", "the first address that is given"},
    KeyFacts{"ipam.rangeEnd", of_host_local, "address", "the last", "", "the last address that is given"},
    KeyFacts{"ipam.gateway", of_host_local | of_windows, "address", "the first", "", "the gateway of the range"},
    KeyFacts{"ipam.routes", of_host_local | of_windows, "list", "", "", "routes of the result"},
    KeyFacts{"ipam.routes[].dst", of_host_local | of_windows, "prefix", "", "", "the destination"},
    KeyFacts{"ipam.routes[].gw", of_host_local | of_windows, "address", "", "", "the gateway"},
    KeyFacts{"ipam.routes[].gateway", of_windows, "address", "", "", "the same"},
    KeyFacts{"ipam.routes[].mtu", of_host_local, "number", "", "", ""},
    KeyFacts{"ipam.routes[].advmss", of_host_local, "number", "", "", ""},
    KeyFacts{"ipam.routes[].priority", of_host_local, "number", "", "", ""},
    KeyFacts{"ipam.routes[].table", of_host_local, "number", "", "", ""},
    KeyFacts{"ipam.routes[].scope", of_host_local, "number", "", "", ""},
    KeyFacts{"ipam.resolvConf", of_host_local, "path", "", "", "read for dns of the result"},
    KeyFacts{"ipam.dataDir", of_host_local, "path", "/var/lib/cni/networks", "", "where leases are"},
    KeyFacts{"subnetFile", of_flannel, "path", "/run/flannel/subnet.env", "", "what flanneld has written"},
    KeyFacts{"dataDir", of_flannel, "path", "/var/lib/cni/flannel", "", "where the delegates' confs are stored"},
    KeyFacts{"delegate", of_flannel, "object", "win-bridge", "", "the delegate's conf"},
    KeyFacts{"createNetwork.type", of_windows, "string", "the first of the plugin's", "", "the type of the network"},
    KeyFacts{"createNetwork.adapter", of_windows, "string", "HNS chooses", "", "the physical adapter"},
    KeyFacts{"createNetwork.subnet", of_windows, "prefix", "", "", "the first subnet"},
    KeyFacts{"createNetwork.gateway", of_windows, "address", "the subnet's first", "", "the gateway of the first subnet"},
    KeyFacts{"createNetwork.subnets", of_windows, "list", "", "", "further subnets"},
    KeyFacts{"createNetwork.subnets[].subnet", of_windows, "prefix", "", "", "a subnet"},
    KeyFacts{"createNetwork.subnets[].gateway", of_windows, "address", "the subnet's first", "", "its gateway"},
    KeyFacts{"createNetwork.subnets[].vni", of_windows, "1-16777215", "", "", "its VNI"},
    KeyFacts{"createNetwork.vni", of_windows, "1-16777215", "", "", "the VNI of the first subnet"},
    KeyFacts{"createNetwork.vxlanPort", of_windows, "1-65535", "HNS's own", "2", "the UDP port of an overlay"},
    KeyFacts{"ipam.ranges[][].subnet", of_host_local, "prefix", "", "", "the subnet of a range"},
    KeyFacts{"ipam.ranges[][].rangeStart", of_host_local, "address", "the first", "", "the first address that is given"},
    KeyFacts{"ipam.ranges[][].rangeEnd", of_host_local, "address", "the last", "", "the last address that is given"},
    KeyFacts{"ipam.ranges[][].gateway", of_host_local, "address", "the first", "", "the gateway of a range"}};

struct PluginName {
    std::string_view name;
    PluginSet set;
};

constexpr std::array plugin_names{PluginName{"host-local", of_host_local},
                                  PluginName{"win-bridge", of_win_bridge},
                                  PluginName{"win-overlay", of_win_overlay},
                                  PluginName{"nat", of_nat},
                                  PluginName{"sdnbridge", of_sdnbridge},
                                  PluginName{"sdnoverlay", of_sdnoverlay},
                                  PluginName{"flannel", of_flannel}};

} // namespace

std::span<const KeyFacts> key_catalogue() noexcept {
    return catalogue;
}

PluginSet plugin_set_of(std::string_view plugin) noexcept {
    const auto* const found = std::ranges::find(plugin_names, plugin, &PluginName::name);
    return found == plugin_names.end() ? 0 : found->set;
}

std::string_view parent_of(std::string_view path) noexcept {
    // The one name with a dot in it.
    if (path.starts_with("cni.dev/")) return {};
    const auto dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view name_of(const KeyFacts& key) noexcept {
    const auto parent = parent_of(key.path);
    return parent.empty() ? key.path : key.path.substr(parent.size() + 1);
}

} // namespace libcni
