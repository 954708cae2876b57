// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/source_vip.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <nlohmann/json.hpp>

#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/host_local.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/files.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni {

using hnsclient::ClientV2;
using hnsclient::Network;
using host_local::Lease;
using host_local::LeaseStore;
using host_local::Owner;
using nlohmann::json;

namespace {

/// As RKE2 leases it.
const Owner& kube_proxy() {
    static const Owner owner{.container_id = "kube-proxy", .interface_name = "source-vip"};
    return owner;
}

/// Those who lease it: RKE2 and this command, then the scripts of microsoft/SDN and sig-windows.
bool is_source_vip(const std::optional<Owner>& owner) {
    static const Owner of_scripts{.container_id = "dummy", .interface_name = "dummy"};
    return owner && (*owner == kube_proxy() || *owner == of_scripts);
}

/// What a conf says of the pods' network: its name, and the plugin's object, which may be the first
/// of a list.
struct PodConf {
    std::string name;
    json plugin = json::object();
};

PodConf read_conf(const std::string& file) {
    const auto text = libcni::read_file(libcni::path_of(file));
    if (!text) throw Refusal("there is no file " + file, "name the conf of the pods' network");
    const json conf = json::parse(*text, nullptr, false);
    const auto name = conf.is_object() ? conf.find("name") : conf.end();
    if (!conf.is_object() || name == conf.end() || !name->is_string())
        throw Refusal(file + " is no CNI conf: it is not JSON, or has no \"name\"",
                      "name the conf of the pods' network");
    const auto plugins = conf.find("plugins");
    const bool is_list = plugins != conf.end() && plugins->is_array() && !plugins->empty();
    return {.name = name->get<std::string>(), .plugin = is_list ? plugins->front() : conf};
}

Network only_overlay(ClientV2& client) {
    auto networks = client.list_networks();
    std::erase_if(networks, [](const Network& one) { return one.type != "Overlay"; });
    if (networks.size() == 1) return std::move(networks.front());
    throw Refusal(networks.empty() ? "HNS has no overlay network"
                                   : "HNS has several overlay networks",
                  "name the pods' network: wincni source-vip --network NAME");
}

Network network_of(ClientV2& client, const SourceVipOptions& options, const PodConf& conf) {
    if (!options.network.empty()) return require_network(client, options.network);
    return conf.name.empty() ? only_overlay(client) : require_network(client, conf.name);
}

/// The network's IPv4 subnet; kube-proxy's is an IPv4 address.
const hnsclient::Subnet& subnet_of(const Network& network) {
    const auto found = std::ranges::find_if(
        network.subnets, [](const auto& subnet) { return subnet.prefix.address().is_v4(); });
    if (found == network.subnets.end())
        throw Refusal("HNS network \"" + printable(network.name) + "\" has no IPv4 subnet",
                      "flanneld makes it once it knows the node's; or name another network");
    return *found;
}

/// The conf that host-local gets: the range is all of the network's subnet.
libcni::NetworkConfig
ipam_conf(const Network& network, const SourceVipOptions& options, const PodConf& pods) {
    const auto& subnet = subnet_of(network);
    json range{{"subnet", subnet.prefix.network().to_string()}};
    if (subnet.gateway && subnet.prefix.contains(*subnet.gateway))
        range["gateway"] = subnet.gateway->to_string();
    json ipam{{"type", "host-local"}, {"ranges", json::array({json::array({range})})}};
    const auto of_pods = pods.plugin.find("ipam");
    if (!options.data_dir.empty())
        ipam["dataDir"] = options.data_dir;
    else if (of_pods != pods.plugin.end() && of_pods->is_object() && of_pods->contains("dataDir"))
        ipam["dataDir"] = (*of_pods)["dataDir"];
    const json conf{{"cniVersion", "1.0.0"}, {"name", network.name}, {"ipam", std::move(ipam)}};
    return libcni::parse_config(conf.dump());
}

std::string place_of(const LeaseStore& store, const Lease& lease) {
    return libcni::utf8_of(store.folder() / lease.name);
}

/// The leases that are kube-proxy's. Those outside of the subnet, or all, are given back.
struct Kept {
    std::optional<Lease> lease;
    std::string said;
};

Kept keep_or_release(LeaseStore& store, const std::optional<libcni::Cidr>& subnet) {
    constexpr std::chrono::seconds patience{10};
    Kept kept;
    if (!store.exists()) return kept;
    const auto lock = store.lock(patience);
    for (const Lease& lease : store.leases()) {
        if (!is_source_vip(lease.owner)) continue;
        if (subnet && subnet->contains(lease.address) && !kept.lease) {
            kept.lease = lease;
            continue;
        }
        store.remove(lease.name);
        kept.said += "released " + lease.address.to_string() + " of "
                     + host_local::to_string(*lease.owner)
                     + (subnet && !subnet->contains(lease.address)
                            ? ", which is outside of " + subnet->to_string()
                            : "")
                     + "\n";
    }
    return kept;
}

libcni::Address lease_now(const libcni::NetworkConfig& conf) {
    libcni::Request request;
    request.command = libcni::Command::add;
    request.container_id = kube_proxy().container_id;
    request.netns = kube_proxy().container_id;
    request.interface_name = kube_proxy().interface_name;
    request.conf = conf;
    return host_local::HostLocal().add(request).ips.at(0).address.address();
}

/// Empty, or that HNS has given the address to somebody already: its lease was lost.
std::string warning_of(ClientV2& client, const Network& network, const libcni::Address& address) {
    for (const auto& endpoint : client.list_endpoints_of(network.id))
        for (const auto& own : endpoint.addresses)
            if (own.address == address)
                return "endpoint " + printable(endpoint.name) + " (" + endpoint.id
                       + ") has the address already: if it is a pod's, its lease was lost; wincni "
                         "source-vip --release, and again once the pod is gone\n";
    return "";
}

std::string as_json(const libcni::Address& address, const libcni::Cidr& subnet) {
    const libcni::Cidr with_length(address, subnet.prefix_length());
    return document({{"ip4", {{"ip", with_length.to_string()}}}});
}

} // namespace

Answer source_vip(ClientV2& client, const SourceVipOptions& options) {
    const PodConf pods = options.conf.empty() ? PodConf{} : read_conf(options.conf);
    const Network network = network_of(client, options, pods);
    const auto conf = ipam_conf(network, options, pods);
    host_local::Disk disk;
    LeaseStore store(host_local::read_data_dir(conf) / libcni::path_of(conf.name), disk);
    const std::string name = printable(network.name) + ": ";
    if (options.release) {
        const Kept kept = keep_or_release(store, std::nullopt);
        return {.out = {},
                .error = name + (kept.said.empty() ? "nothing was leased\n" : kept.said)};
    }
    const auto subnet = subnet_of(network).prefix.network();
    const Kept kept = keep_or_release(store, subnet);
    const auto address = kept.lease ? kept.lease->address : lease_now(conf);
    Answer answer;
    if (!kept.said.empty()) answer.error = name + kept.said;
    answer.error += name;
    answer.error += kept.lease
                        ? "leased before by " + host_local::to_string(*kept.lease->owner) + " ("
                              + place_of(store, *kept.lease) + "); nothing changed\n"
                        : "leased for kube-proxy now\n" + warning_of(client, network, address);
    if (!options.file.empty())
        libcni::write_file_durably(libcni::path_of(options.file),
                                   libcni::path_of(options.file + ".new"),
                                   as_json(address, subnet));
    answer.out =
        options.format == Format::json ? as_json(address, subnet) : address.to_string() + "\n";
    return answer;
}

} // namespace wincni
