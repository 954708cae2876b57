// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/explanation.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "hnsclient/abilities.hpp"
#include "hnsclient/network_type.hpp"
#include "ipam/host-local/allocator.hpp"
#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_holder.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/delegate.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/endpoint_plan.hpp"
#include "plugins/common/makeable.hpp"
#include "plugins/common/network.hpp"
#include "plugins/common/supported.hpp"
#include "plugins/flannel/delegate_conf.hpp"
#include "tools/wincni/conf/parts.hpp"
#include "tools/wincni/conf/readers.hpp"

namespace wincni::conf {

namespace {

using hnsclient::ApiVersion;
using hnsclient::Network;
using libcni::Address;
using libcni::Cidr;
using libcni::IpConfig;
using libcni::Request;
using libcni::Result;
using nlohmann::json;
using plugins::EndpointKind;

/// TEST-NET-1, of no machine: stands for the node's own address where that is not known.
const Address& some_address_of_the_node() {
    static const Address address = *libcni::parse_address("192.0.2.1");
    return address;
}

Request request_for(const json& conf, ApiVersion api) {
    Request request;
    request.command = libcni::Command::add;
    request.container_id = "<container>";
    request.netns = api == ApiVersion::v1 ? "none" : "00000000-0000-4000-8000-000000000000";
    request.interface_name = "eth0";
    request.args.values["K8S_POD_NAMESPACE"] = "<namespace>";
    request.conf = libcni::parse_config(conf.dump());
    return request;
}

FlannelFacts flannel_facts(const libcni::NetworkConfig& conf) {
    const auto file = flannel::read_subnet_file(conf);
    std::error_code failure;
    const bool is_there = std::filesystem::exists(file, failure);
    return {.file = libcni::utf8_of(file),
            .env = is_there ? flannel::read_subnet_env(file) : sample_environment(),
            .is_there = is_there};
}

/// The conf of the plugin that makes the endpoint.
json conf_of(const Part& part, Explanation& found) {
    if (part.plugin != "flannel") return **part.conf;
    const auto conf = libcni::parse_config((*part.conf)->dump());
    found.flannel = flannel_facts(conf);
    return flannel::make_delegate_conf(conf, found.flannel->env);
}

Executable executable_of(const std::string& type, const Site& site) {
    Executable executable{.name = type, .file = {}};
    if (site.hns == nullptr) return executable;
    try {
        executable.file = libcni::utf8_of(libcni::find_plugin(type, site.folders));
    } catch (const libcni::Error&) {
        // Said by the empty file.
    }
    return executable;
}

void add_subnet(Network& network, const Cidr& subnet) {
    const auto is_it = [&](const hnsclient::Subnet& own) { return own.prefix == subnet; };
    if (std::ranges::any_of(network.subnets, is_it)) return;
    network.subnets.push_back({.prefix = subnet, .gateway = libcni::plus(subnet.address(), 1)});
}

/// The network that the conf makes, else one of the subnets of its ranges.
Network made_up_network(const EndpointKind& kind, const std::string& name) {
    const auto& conf = kind.conf();
    Network network = conf.new_network.value_or(Network());
    network.name = name;
    network.type = plugins::type_to_make(kind, network);
    if (network.subnets.empty())
        for (const auto& set : conf.ipam.sets)
            for (const auto& range : set)
                add_subnet(network, range.subnet.network());
    const auto* const type = hnsclient::find_network_type(network.type);
    if (network.subnets.empty() && type != nullptr && type->needs_vni)
        add_subnet(network, sample_environment().subnets.front());
    network.management_address = some_address_of_the_node();
    return network;
}

void take_network(const EndpointKind& kind,
                  const std::string& name,
                  const Site& site,
                  Explanation& found) {
    for (const auto type : kind.network_types())
        found.network_types.emplace_back(type);
    if (site.hns != nullptr)
        if (auto network = plugins::find_network(*site.hns, kind, name)) {
            found.network_state = NetworkState::found;
            found.network = std::move(*network);
            return;
        }
    const bool is_made = kind.conf().new_network.has_value();
    if (site.hns == nullptr)
        found.network_state = is_made ? NetworkState::would_be_made : NetworkState::not_asked;
    else
        found.network_state = is_made ? NetworkState::to_be_made : NetworkState::missing;
    found.network = made_up_network(kind, name);
}

/// The addresses that nobody else gets: leases, and what HNS has given.
std::set<Address>
taken_addresses(const Request& request, const Site& site, const Network& network) {
    std::set<Address> taken;
    if (site.hns == nullptr) return taken;
    host_local::Disk disk;
    const host_local::LeaseStore store(
        host_local::read_data_dir(request.conf) / libcni::path_of(request.conf.name), disk);
    if (store.exists())
        for (const auto& address : store.addresses())
            taken.insert(address);
    if (network.id.empty()) return taken;
    for (const auto& endpoint : site.hns->list_endpoints_of(network.id))
        for (const auto& own : endpoint.addresses)
            taken.insert(own.address);
    return taken;
}

/// host-local, asked without leasing anything.
class Allocation {
public:
    Allocation(const Request& request,
               const EndpointKind* kind,
               const Network& network,
               std::set<Address> taken,
               bool is_live)
        : request_(request)
        , kind_(kind)
        , network_(network)
        , taken_(std::move(taken))
        , is_live_(is_live)
        , sets_(host_local::read_range_sets(request.conf)) {}

    [[nodiscard]] std::vector<Pool> pools() const {
        std::vector<Pool> pools;
        for (const auto& set : sets_)
            pools.push_back(pool_of(set));
        return pools;
    }

    [[nodiscard]] Result result() const {
        Result result{.routes = host_local::read_routes(request_.conf), .dns = dns()};
        const host_local::Book book{
            .held = {},
            .is_taken = [this](const Address& a) { return taken_.contains(a) || is_reserved(a); },
            .holder = [](const Address&) { return std::string("somebody else"); },
            .last_given = [](std::size_t) { return std::optional<Address>(); }};
        for (const auto& one : choose(sets_, host_local::read_requested(request_), book))
            result.ips.push_back({.address = one.address, .gateway = one.gateway});
        return result;
    }

private:
    /// The file of another machine need not be here.
    [[nodiscard]] libcni::Dns dns() const {
        try {
            return host_local::read_resolv_conf(request_.conf);
        } catch (const libcni::Error& error) {
            if (is_live_ || error.code() != libcni::ErrorCode::io_failure) throw;
            libcni::log::warning("DNS of conf.ipam.resolvConf is not known here: " + error.msg());
            return {};
        }
    }

    /// The host's own, as the plugin says.
    [[nodiscard]] bool is_reserved(const Address& address) const {
        if (kind_ == nullptr) return false;
        for (const auto& set : sets_)
            if (const auto* const range = set.find(address))
                return kind_->is_reserved(network_, config_of(*range, address));
        return false;
    }

    static IpConfig config_of(const host_local::Range& range, const Address& address) {
        return {.address = Cidr(address, range.subnet().prefix_length()),
                .gateway = range.gateway()};
    }

    [[nodiscard]] Pool pool_of(const host_local::RangeSet& set) const {
        Pool pool{.set = set, .reserved = {}, .capacity = set.capacity(), .free = {}};
        for (const auto& range : set.ranges()) {
            if (range.contains(range.gateway()))
                pool.reserved.push_back(range.gateway().to_string() + ", the gateway's");
            const auto bridge = bridge_of(range);
            if (!bridge || pool.capacity == 0) continue;
            pool.reserved.push_back(bridge->to_string() + ", the host's");
            --pool.capacity;
        }
        if (is_live_) pool.free = pool.capacity - std::min(pool.capacity, used_of(set));
        return pool;
    }

    /// The host's address in a range, where pods could get it.
    [[nodiscard]] std::optional<Address> bridge_of(const host_local::Range& range) const {
        if (kind_ == nullptr) return std::nullopt;
        const auto gateway =
            kind_->gateway_of(kind_->conf(), network_, config_of(range, range.start()));
        const bool counts = gateway && range.contains(*gateway)
                            && range.why_reserved(*gateway) == nullptr && is_reserved(*gateway);
        return counts ? gateway : std::nullopt;
    }

    [[nodiscard]] std::uint64_t used_of(const host_local::RangeSet& set) const {
        return static_cast<std::uint64_t>(
            std::ranges::count_if(taken_, [&](const Address& address) {
                const auto* const range = set.find(address);
                return range != nullptr && range->why_reserved(address) == nullptr
                       && !is_reserved(address);
            }));
    }

    const Request& request_;
    const EndpointKind* kind_;
    const Network& network_;
    std::set<Address> taken_;
    bool is_live_;
    std::vector<host_local::RangeSet> sets_;
};

/// The addresses of the next pod; none where others choose them.
Result addresses_for(const Request& request,
                     const EndpointKind* kind,
                     const Site& site,
                     Explanation& found) {
    found.ipam = libcni::ipam_type_of(request.conf);
    if (!host_local::keeps_leases(request.conf)) return {};
    const Allocation allocation(request,
                                kind,
                                found.network,
                                taken_addresses(request, site, found.network),
                                site.hns != nullptr);
    found.pools = allocation.pools();
    return allocation.result();
}

std::string key_of_author(const plugins::EndpointConf& conf, const Address& gateway) {
    for (const auto* const list : {&conf.ipam.gateways, &conf.network_gateways})
        for (const auto& own : *list)
            if (own.address == gateway) return own.key;
    return {};
}

/// Who says that this is the gateway; the value itself is the plugin's.
std::string rule_of(const EndpointKind& kind,
                    const plugins::EndpointConf& conf,
                    const Network& network,
                    const IpConfig& ip,
                    const Address& gateway) {
    constexpr std::uint64_t bridge = 2;
    const auto plugin = std::string(kind.plugin());
    const bool is_plugins = conf.gateway_from == plugins::GatewayFrom::plugin;
    const auto* const type = hnsclient::find_network_type(network.type);
    if (auto key = key_of_author(conf, gateway); !key.empty() && !is_plugins) return key;
    if (is_plugins && type != nullptr && type->has_bridge_address
        && libcni::plus(ip.address.network().address(), bridge) == gateway)
        return "rule of " + plugin + ": subnet base + 2, the bridge's own address";
    if (plugins::network_gateway(network, ip) == gateway)
        return conf.gateway_from == plugins::GatewayFrom::network
                   ? "the HNS network's, as gatewayFrom says"
                   : "the HNS network's";
    if (auto key = key_of_author(conf, gateway); !key.empty()) return key;
    return "IPAM's";
}

std::vector<Gateway> gateways_of(const EndpointKind& kind,
                                 const plugins::EndpointConf& conf,
                                 const Network& network,
                                 const Result& addresses,
                                 const hnsclient::Endpoint& endpoint) {
    std::vector<Gateway> gateways;
    for (const auto& route : endpoint.routes) {
        if (route.destination.prefix_length() != 0 || !route.next_hop
            || hnsclient::leads_nowhere(route))
            continue;
        const auto ip = std::ranges::find_if(addresses.ips, [&](const IpConfig& one) {
            return one.address.is_v4() == route.next_hop->is_v4();
        });
        const std::string key = key_of_author(conf, *route.next_hop);
        gateways.push_back({.address = *route.next_hop,
                            .rule = ip != addresses.ips.end()
                                        ? rule_of(kind, conf, network, *ip, *route.next_hop)
                                        : key});
    }
    return gateways;
}

std::vector<std::string> warnings_in(const libcni::log::Captured& captured) {
    std::vector<std::string> warnings;
    for (const auto& text : captured.texts(libcni::log::Level::warning))
        if (std::ranges::find(warnings, text) == warnings.end()) warnings.push_back(text);
    return warnings;
}

/// The conf as the other API would have to get it.
json for_api(json conf, ApiVersion api) {
    if (libcni::JsonReader(conf, "conf").find("apiVersion"))
        flannel::set_key(conf, "apiVersion", static_cast<int>(api));
    return conf;
}

/// What is known of the node or the pod only when there is one, in the words for it.
void put_in_words(hnsclient::Endpoint& endpoint,
                  const plugins::EndpointConf& conf,
                  const Explanation& found) {
    for (auto& policy : endpoint.policies)
        if (auto* const provider = std::get_if<hnsclient::ProviderAddress>(&policy))
            if (found.has_made_up_network()
                && provider->address == some_address_of_the_node().to_string())
                provider->address = of_the_node;
    // ADD does so once HNS has picked the address.
    if (conf.loopback_dsr && endpoint.addresses.empty())
        hnsclient::add_nat_destination(endpoint.policies, "<address>");
}

Variant variant_of(const json& conf, ApiVersion api, const Site& site, Explanation& found) {
    const libcni::log::Captured captured;
    const Request request = request_for(conf, api);
    const auto kind = windows_plugin(found.plugin)->kind_of(request);
    const plugins::Pod pod = plugins::pod_of(request, kind->conf().api_version);
    const auto& abilities = hnsclient::abilities_of(pod.api);
    plugins::require_makeable(*kind, abilities);
    found.network_types.clear();
    take_network(*kind, request.conf.name, site, found);
    kind->require_fit(found.network);
    auto wanted = plugins::supported_conf(abilities, kind->conf());
    if (site.hns != nullptr) wanted = plugins::supported_here(*site.hns, std::move(wanted));
    const Result addresses =
        plugins::supported_addresses(abilities, addresses_for(request, kind.get(), site, found));
    kind->require_fit(found.network, addresses);
    Variant variant{.api = pod.api,
                    .endpoint = kind->plan(pod, wanted, found.network, addresses),
                    .gateways = {},
                    .warnings = {},
                    .refusal = {}};
    variant.gateways = gateways_of(*kind, wanted, found.network, addresses, variant.endpoint);
    put_in_words(variant.endpoint, wanted, found);
    if (found.has_made_up_network()) found.network.management_address.reset();
    variant.warnings = warnings_in(captured);
    return variant;
}

/// What the conf says, else what containerd needs.
ApiVersion own_api(const json& conf) {
    return plugins::read_api_version(libcni::JsonReader(conf, "conf")).value_or(ApiVersion::v2);
}

/// The same by another API than the one that is asked for first: that one's facts stay.
Variant other_variant_of(const json& conf, ApiVersion api, const Site& site, Explanation found) {
    try {
        return variant_of(conf, api, site, found);
    } catch (const libcni::Error& error) {
        return {
            .api = api, .endpoint = {}, .gateways = {}, .warnings = {}, .refusal = one_line(error)};
    }
}

void add_variants(const json& conf,
                  const std::vector<ApiVersion>& apis,
                  const Site& site,
                  Explanation& found) {
    const ApiVersion own = own_api(conf);
    for (const ApiVersion api : apis.empty() ? std::vector{own} : apis) {
        const json its_conf = api == own ? conf : for_api(conf, api);
        found.variants.push_back(found.variants.empty()
                                     ? variant_of(its_conf, api, site, found)
                                     : other_variant_of(its_conf, api, site, found));
    }
}

void explain_host_local(const json& conf, const Site& site, Explanation& found) {
    const Request request = request_for(conf, ApiVersion::v2);
    found.network.name = request.conf.name;
    const Result addresses = addresses_for(request, nullptr, site, found);
    Variant variant;
    for (const auto& ip : addresses.ips)
        variant.endpoint.addresses.push_back({.address = ip.address.address()});
    found.variants.push_back(std::move(variant));
}

bool wants_port_mappings(const Part& part) {
    const auto capabilities = libcni::JsonReader(**part.conf, "conf").find("capabilities");
    const auto wanted = capabilities && capabilities->is_object()
                            ? capabilities->find("portMappings")
                            : std::nullopt;
    return wanted && wanted->json().is_boolean() && wanted->boolean();
}

void name_executables(const std::string& type, const Site& site, Explanation& found) {
    if (found.flannel) found.executables.push_back(executable_of(found.type, site));
    found.executables.push_back(executable_of(type, site));
    if (!found.ipam.empty()) found.executables.push_back(executable_of(found.ipam, site));
}

} // namespace

const char* to_string(NetworkState state) noexcept {
    switch (state) {
    case NetworkState::not_asked:
        return "notAsked";
    case NetworkState::would_be_made:
        return "wouldBeMade";
    case NetworkState::found:
        return "found";
    case NetworkState::to_be_made:
        return "toBeMade";
    case NetworkState::missing:
        break;
    }
    return "missing";
}

Explanation
explanation_of(const Part& part, const std::vector<ApiVersion>& apis, const Site& site) {
    Explanation found{.type = part.object->text_of("type")};
    if (part.plugin.empty()) return found;
    if (part.plugin == "host-local") {
        explain_host_local(**part.conf, site, found);
        return found;
    }
    const json conf = conf_of(part, found);
    const std::string type = libcni::JsonReader(conf, "conf").text_or_empty("type");
    found.plugin = plugin_named(type);
    found.wants_port_mappings = wants_port_mappings(part);
    if (windows_plugin(found.plugin) != nullptr) {
        add_variants(conf, apis, site, found);
    } else {
        found.ipam = libcni::ipam_type_of(libcni::parse_config(conf.dump()));
        found.plugin.clear();
    }
    name_executables(type.empty() ? found.type : type, site, found);
    return found;
}

} // namespace wincni::conf
