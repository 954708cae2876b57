// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/doctor/facts.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hnsclient/guid.hpp"
#include "ipam/host-local/conf.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/log.hpp"
#include "plugins/flannel/delegate_conf.hpp"
#include "plugins/flannel/stored_confs.hpp"
#include "tools/wincni/conf/parts.hpp"

namespace wincni::doctor {

using hnsclient::Endpoint;
using hnsclient::Namespace;
using hnsclient::Network;
using libcni::utf8_of;
using nlohmann::json;

namespace {

flannel::SubnetEnv environment_of(const std::optional<std::string>& text) {
    try {
        if (text) return flannel::parse_subnet_env(*text);
    } catch (const std::exception&) {
        return {};
    }
    return {};
}

void add_type(ConfFacts& facts, const std::string& type) {
    const auto known = std::ranges::find(facts.types, type);
    if (!type.empty() && known == facts.types.end()) facts.types.push_back(type);
}

/// What flannel gives its delegate on this node; the conf itself where it gives nothing.
libcni::NetworkConfig as_called(const libcni::NetworkConfig& conf,
                                const std::optional<std::string>& subnet_env) {
    return libcni::parse_config(
        flannel::make_delegate_conf(conf, environment_of(subnet_env)).dump());
}

void read_addresses(ConfFacts& facts, const libcni::NetworkConfig& conf) {
    const std::string ipam = libcni::ipam_type_of(conf);
    add_type(facts, ipam);
    if (conf::plugin_named(ipam) != "host-local") return;
    facts.lease_folder = utf8_of(host_local::read_data_dir(conf) / libcni::path_of(conf.name));
    try {
        facts.ranges = host_local::read_range_sets(conf);
    } catch (const std::exception&) {
        // Without flanneld's word there are none; else lint tells.
        facts.ranges.clear();
    }
}

/// One plugin of the conf. Throws for what it does not take.
void read_plugin(ConfFacts& facts, const json& plugin, const std::optional<std::string>& env) {
    auto conf = libcni::parse_config(plugin.dump());
    add_type(facts, conf.type);
    if (conf::plugin_named(conf.type) == "flannel") {
        facts.is_flannel = true;
        facts.subnet_file = utf8_of(flannel::read_subnet_file(conf));
        facts.stored_folder = utf8_of(flannel::read_data_dir(conf));
        conf = as_called(conf, env);
        add_type(facts, conf.type);
    }
    const std::string ours = conf::plugin_named(conf.type);
    if (ours.empty() || ours == "host-local") return;
    facts.plugin = ours;
    const auto reader = conf.reader();
    const auto wanted = reader.find("createNetwork");
    facts.makes_network = wanted || reader.find("master");
    read_addresses(facts, conf);
}

const libcni::runtime::CacheEntry* as_entry(const std::optional<libcni::runtime::CacheEntry>& one) {
    return one ? &*one : nullptr;
}

std::optional<libcni::Address> leased_by(const std::string& name) {
    if (auto address = host_local::address_of_name(name, host_local::NameStyle::colons))
        return address;
    return host_local::address_of_name(name, host_local::NameStyle::underscores);
}

template <class Elements, class Matches>
auto find_in(const Elements& elements, Matches matches) -> decltype(elements.data()) {
    const auto found = std::ranges::find_if(elements, matches);
    return found == elements.end() ? nullptr : &*found;
}

} // namespace

ConfFacts read_conf_facts(const conf::Document& document,
                          const std::optional<std::string>& subnet_env) {
    const libcni::log::Captured silent;
    ConfFacts facts;
    if (document.root == nullptr) return facts;
    const libcni::JsonReader reader(*document.json, "conf");
    const auto text = [&](const char* key) {
        const auto found = reader.find(key);
        return found && found->is_string() ? found->text() : std::string();
    };
    facts.network = text("name");
    facts.version = text("cniVersion");
    for (const auto& part : document.parts) {
        if (part.outer != nullptr || !part.conf) continue;
        try {
            read_plugin(facts, **part.conf, subnet_env);
        } catch (const std::exception&) {
            // Lint tells what is wrong with it.
            add_type(facts, part.object->text_of("type"));
        }
    }
    return facts;
}

Facts::Facts(const Node& read) : node(read) {
    read_confs();
    for (const Conf& conf : confs) {
        read_leases(conf);
        read_stored(conf);
    }
    read_cache();
    read_endpoints();
}

void Facts::read_confs() {
    for (const ConfFile& file : node.confs) {
        auto document = conf::read_document(name_of(file.file), file.file.text.value_or(""));
        auto facts = read_conf_facts(*document, file.subnet_env.text);
        confs.push_back({&file, std::move(document), std::move(facts)});
    }
}

void Facts::read_leases(const Conf& conf) {
    for (const File& file : conf.file->leases.files) {
        const auto address = leased_by(name_of(file));
        if (!address || find_lease(conf.facts.network, *address) != nullptr) continue;
        leases.push_back({.file = &file,
                          .network = conf.facts.network,
                          .address = *address,
                          .owner = host_local::parse_owner(file.text.value_or(""))});
    }
}

void Facts::read_stored(const Conf& conf) {
    for (const File& file : conf.file->stored.files) {
        const auto is_it = [&](const Stored& other) { return other.file->path == file.path; };
        if (std::ranges::any_of(stored, is_it)) continue;
        // The further interfaces of a container have theirs behind it: "c1@eth1".
        const std::string name = name_of(file);
        Stored one{.file = &file, .sandbox = name.substr(0, name.find('@'))};
        try {
            one.network = flannel::parse_stored(file.text.value_or("")).name;
        } catch (const std::exception&) {
            one.network.clear();
        }
        stored.push_back(std::move(one));
    }
}

void Facts::read_cache() {
    for (const File& file : node.cache.files) {
        const auto entry = libcni::runtime::decode_cache_entry(file.text.value_or(""));
        if (const auto* found = as_entry(entry)) cached.push_back({&file, *found});
    }
}

void Facts::read_endpoints() {
    for (const Endpoint& endpoint : node.hns.endpoints) {
        EndpointFacts facts{.endpoint = &endpoint};
        facts.network = find_in(node.hns.networks, [&](const Network& one) {
            return hnsclient::same_guid(one.id, endpoint.network_id);
        });
        if (facts.network != nullptr && !endpoint.is_remote)
            facts.owner = plugins::read_endpoint_name(endpoint.name, facts.network->name);
        endpoints.push_back(std::move(facts));
    }
}

const Conf* Facts::used() const noexcept {
    return confs.empty() ? nullptr : &confs.front();
}

const Network* Facts::find_network(std::string_view name) const noexcept {
    return find_in(node.hns.networks, [&](const Network& one) { return one.name == name; });
}

const Namespace* Facts::find_namespace(std::string_view id) const noexcept {
    return find_in(node.hns.namespaces,
                   [&](const Namespace& one) { return hnsclient::same_guid(one.id, id); });
}

bool Facts::is_stale(const Endpoint& endpoint) const noexcept {
    return !endpoint.is_remote && !endpoint.namespace_id.empty() && endpoint.container_ids.empty()
           && find_namespace(endpoint.namespace_id) == nullptr;
}

const Cached* Facts::find_cached(std::string_view network,
                                 std::string_view container) const noexcept {
    return find_in(cached, [&](const Cached& one) {
        return one.entry.network == network && one.entry.attached.container_id == container;
    });
}

const Lease* Facts::find_lease(std::string_view network,
                               const libcni::Address& address) const noexcept {
    return find_in(
        leases, [&](const Lease& one) { return one.address == address && one.network == network; });
}

const EndpointFacts* Facts::find_endpoint(std::string_view network,
                                          const libcni::Address& address) const noexcept {
    return find_in(endpoints, [&](const EndpointFacts& one) {
        return !one.endpoint->is_remote && has_address(*one.endpoint, address)
               && one.network != nullptr && one.network->name == network;
    });
}

bool Facts::has_endpoint(std::string_view network, std::string_view container) const noexcept {
    return std::ranges::any_of(endpoints, [&](const EndpointFacts& one) {
        return one.owner && one.owner->container_id == container && one.network->name == network;
    });
}

bool is_unattached(const Endpoint& endpoint) noexcept {
    constexpr std::uint32_t attached = 2;
    constexpr std::uint32_t shared = 3;
    return !endpoint.is_remote && endpoint.namespace_id.empty() && endpoint.container_ids.empty()
           && endpoint.state != attached && endpoint.state != shared;
}

bool has_address(const Endpoint& endpoint, const libcni::Address& address) noexcept {
    return std::ranges::any_of(endpoint.addresses,
                               [&](const auto& own) { return own.address == address; });
}

bool is_source_vip(const host_local::Owner& owner) noexcept {
    return (owner.container_id == "kube-proxy" && owner.interface_name == "source-vip")
           || (owner.container_id == "dummy" && owner.interface_name == "dummy");
}

} // namespace wincni::doctor
