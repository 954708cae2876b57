// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/new_conf.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/ip.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "tools/wincni/conf/input.hpp"
#include "tools/wincni/conf/print.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/run_parts.hpp"
#include "tools/wincni/table.hpp"

namespace wincni::conf {

namespace {

using libcni::Cidr;
using nlohmann::ordered_json;
using run::Misuse;

/// What a mode needs and makes.
struct Mode {
    std::string_view name;
    std::string_view plugin;
    std::string_view network;
    std::string_view type;
    bool is_flannel = false;
    bool is_overlay = false;

    [[nodiscard]] bool is_nat() const noexcept { return plugin == "nat"; }

    [[nodiscard]] bool is_bridge() const noexcept { return plugin == "win-bridge"; }
};

constexpr std::array modes{Mode{"l2bridge", "win-bridge", "cbr0", "L2Bridge"},
                           Mode{.name = "overlay",
                                .plugin = "win-overlay",
                                .network = "vxlan0",
                                .type = "Overlay",
                                .is_overlay = true},
                           Mode{"nat", "nat", "nat", "NAT"},
                           Mode{.name = "flannel-host-gw",
                                .plugin = "win-bridge",
                                .network = "cbr0",
                                .type = "L2Bridge",
                                .is_flannel = true},
                           Mode{.name = "flannel-vxlan",
                                .plugin = "win-overlay",
                                .network = "vxlan0",
                                .type = "Overlay",
                                .is_flannel = true,
                                .is_overlay = true}};

/// The options, read.
struct Wishes {
    Mode mode;
    std::vector<Cidr> clusters;
    std::vector<Cidr> services;
    std::vector<Cidr> nodes;
    std::vector<Cidr> pods;
    std::vector<libcni::Address> name_servers;
    std::string name;
    bool is_docker = false;
    bool create_network = false;
    /// Said on stderr.
    std::string remarks = {};
};

const Mode& mode_of(const std::string& name) {
    const auto* const found = std::ranges::find(modes, name, &Mode::name);
    if (found == modes.end())
        throw Misuse("--mode \"" + name + "\" is none",
                     "it is one of " + libcni::joined(modes, ", ", &Mode::name));
    return *found;
}

std::vector<libcni::Address> addresses_in(const std::vector<std::string>& texts) {
    std::vector<libcni::Address> addresses;
    for (const auto& text : texts)
        for (const auto part : libcni::split(text, ',')) {
            const auto address = libcni::parse_address(part);
            if (!address)
                throw Misuse("--dns \"" + printable(part) + "\" is no address",
                             "write it like 10.96.0.10");
            addresses.push_back(*address);
        }
    return addresses;
}

/// As networks_in(), for arguments.
std::vector<Cidr> prefixes_in(const std::vector<std::string>& texts, const char* option) {
    try {
        return networks_in(texts, option);
    } catch (const Refusal& refusal) {
        throw Misuse(refusal.what(), refusal.advice());
    }
}

/// The options that the mode cannot do without and that were not given.
std::vector<std::string> missing_of(const NewOptions& options) {
    std::vector<std::string> missing;
    if (options.mode.empty()) return {"--mode"};
    const Mode& mode = mode_of(options.mode);
    const auto need = [&](bool is_needed, const std::vector<std::string>& given, const char* name) {
        if (is_needed && given.empty()) missing.emplace_back(name);
    };
    need(!mode.is_nat(), options.clusters, "--cluster-cidr");
    need(!mode.is_nat(), options.services, "--service-cidr");
    need(mode.is_bridge(), options.nodes, "--node-cidr");
    need(!mode.is_flannel, options.pods, "--pod-cidr");
    return missing;
}

void require_all(const NewOptions& options) {
    const auto missing = missing_of(options);
    if (missing.empty()) return;
    const std::string modes_there = libcni::joined(modes, ", ", &Mode::name);
    throw Misuse(libcni::joined(missing, ", ") + (missing.size() == 1 ? " is" : " are")
                     + " missing",
                 options.mode.empty() ? "--mode is one of " + modes_there
                                      : "what they mean: wincni conf new --help");
}

void require_ipv4(const std::vector<Cidr>& networks, const char* option, const Mode& mode) {
    for (const Cidr& one : networks)
        if (!one.is_v4())
            throw Misuse(std::string(option) + " " + one.to_string() + " is IPv6",
                         mode.is_nat() ? "pods on NAT networks have IPv4"
                                       : "overlay networks carry IPv4 only; l2bridge networks are "
                                         "dual-stack");
}

/// What options of this mode cannot say.
void require_fit(const Wishes& wishes) {
    const Mode& mode = wishes.mode;
    if (mode.is_flannel && !wishes.pods.empty())
        throw Misuse("--pod-cidr is flanneld's to say",
                     "leave it out: flannel takes it from subnet.env");
    if (mode.is_flannel && wishes.create_network)
        throw Misuse("--createnetwork does not go with " + std::string(mode.name),
                     "flanneld makes the network");
    if (mode.is_overlay || mode.is_nat())
        for (const auto& [networks, option] : {std::pair(&wishes.pods, "--pod-cidr"),
                                               std::pair(&wishes.clusters, "--cluster-cidr"),
                                               std::pair(&wishes.services, "--service-cidr"),
                                               std::pair(&wishes.nodes, "--node-cidr")})
            require_ipv4(*networks, option, mode);
    if (mode.is_nat() && wishes.pods.size() > 1)
        throw Misuse("--pod-cidr is given twice", "a NAT network has one subnet");
}

void require_name(const std::string& name) {
    if (!libcni::is_identifier(name))
        throw Misuse("--name \"" + printable(name) + "\" is no name of a network",
                     "letters and digits, and _ . - behind the first");
}

/// Clusters put their DNS service there: kubeadm, RKE2, AKS.
std::vector<libcni::Address> usual_name_servers(const std::vector<Cidr>& services) {
    constexpr std::uint64_t place = 10;
    std::vector<libcni::Address> servers;
    for (const Cidr& one : services)
        if (const auto address = libcni::plus(one.address(), place);
            address && one.contains(*address))
            servers.push_back(*address);
    return servers;
}

std::string texts_of(const std::vector<libcni::Address>& addresses) {
    return libcni::joined(addresses, ", ", [](const auto& one) { return one.to_string(); });
}

Wishes wishes_of(const NewOptions& options) {
    require_all(options);
    Wishes wishes{.mode = mode_of(options.mode),
                  .clusters = prefixes_in(options.clusters, "--cluster-cidr"),
                  .services = prefixes_in(options.services, "--service-cidr"),
                  .nodes = prefixes_in(options.nodes, "--node-cidr"),
                  .pods = prefixes_in(options.pods, "--pod-cidr"),
                  .name_servers = addresses_in(options.name_servers),
                  .name = options.name,
                  .is_docker = options.runtime == "docker",
                  .create_network = options.create_network};
    if (wishes.name.empty()) wishes.name = wishes.mode.network;
    require_name(wishes.name);
    require_fit(wishes);
    if (wishes.name_servers.empty() && !wishes.services.empty()) {
        wishes.name_servers = usual_name_servers(wishes.services);
        wishes.remarks += "wincni: name server " + texts_of(wishes.name_servers)
                          + ", the tenth address of the service network, where clusters have it; "
                            "--dns says another\n";
    }
    return wishes;
}

ordered_json policy(ordered_json value) {
    return {{"name", "EndpointPolicy"}, {"value", std::move(value)}};
}

/// What pods reach with their own address, of one family.
ordered_json exceptions_of(const Wishes& wishes, bool v4) {
    ordered_json exceptions = ordered_json::array();
    for (const auto* const networks : {&wishes.clusters, &wishes.services, &wishes.nodes})
        for (const Cidr& one : *networks) {
            const ordered_json text = one.to_string();
            if (one.is_v4() == v4 && std::ranges::find(exceptions, text) == exceptions.end())
                exceptions.push_back(text);
        }
    return exceptions;
}

ordered_json nat_policy(const Wishes& wishes, ordered_json exceptions) {
    if (wishes.is_docker)
        return policy({{"Type", "OutBoundNAT"}, {"ExceptionList", std::move(exceptions)}});
    return policy({{"Type", "OutBoundNAT"}, {"Settings", {{"Exceptions", std::move(exceptions)}}}});
}

/// Services are answered by the virtual switch of the node that has the pod, so what goes to them
/// must not leave the tunnel, or the bridge.
ordered_json route_policy(const Wishes& wishes, const Cidr& service) {
    ordered_json settings{{"DestinationPrefix", service.to_string()}, {"NeedEncap", true}};
    if (!wishes.is_docker) return policy({{"Type", "SDNRoute"}, {"Settings", std::move(settings)}});
    ordered_json value{{"Type", "ROUTE"}};
    value.update(settings);
    return policy(std::move(value));
}

ordered_json policies_of(const Wishes& wishes) {
    ordered_json policies = ordered_json::array();
    for (const bool v4 : {true, false})
        if (auto exceptions = exceptions_of(wishes, v4); !exceptions.empty())
            policies.push_back(nat_policy(wishes, std::move(exceptions)));
    for (const Cidr& one : wishes.services)
        policies.push_back(route_policy(wishes, one));
    return policies;
}

/// On a bridge base + 2 is the host's.
std::string first_of_pods(const Cidr& subnet) {
    constexpr std::uint64_t first = 3;
    return libcni::plus(subnet.address(), first).value_or(subnet.address()).to_string();
}

ordered_json range_of(const Wishes& wishes, const Cidr& subnet) {
    ordered_json range{{"subnet", subnet.to_string()}};
    if (wishes.mode.is_bridge()) range["rangeStart"] = first_of_pods(subnet);
    return range;
}

ordered_json ipam_of(const Wishes& wishes) {
    ordered_json ranges = ordered_json::array();
    for (const Cidr& one : wishes.pods)
        ranges.push_back(ordered_json::array({range_of(wishes, one)}));
    return {{"type", "host-local"}, {"ranges", std::move(ranges)}};
}

ordered_json subnet_of(const Wishes& wishes, const Cidr& subnet) {
    ordered_json object{{"subnet", subnet.to_string()}};
    if (const auto gateway = libcni::plus(subnet.address(), 1))
        object["gateway"] = gateway->to_string();
    // The least that flanneld allows on Windows.
    constexpr int vni = 4096;
    if (wishes.mode.is_overlay) object["vni"] = vni;
    return object;
}

ordered_json network_of(const Wishes& wishes) {
    ordered_json network{{"type", wishes.mode.type}};
    network.update(subnet_of(wishes, wishes.pods.front()));
    for (std::size_t i = 1; i < wishes.pods.size(); ++i)
        network["subnets"].push_back(subnet_of(wishes, wishes.pods[i]));
    return network;
}

ordered_json dns_of(const Wishes& wishes) {
    ordered_json servers = ordered_json::array();
    for (const auto& one : wishes.name_servers)
        servers.push_back(one.to_string());
    ordered_json dns{{"nameservers", std::move(servers)}};
    if (!wishes.mode.is_nat()) dns["search"] = {"svc.cluster.local"};
    return dns;
}

/// What the plugin that makes endpoints reads, wherever it stands.
void put_endpoint_keys(const Wishes& wishes, ordered_json& object) {
    object["apiVersion"] = wishes.is_docker ? 1 : 2;
    if (!wishes.name_servers.empty()) object["dns"] = dns_of(wishes);
    // What leaves a NAT network has the node's address anyway.
    if (auto policies = policies_of(wishes); !policies.empty() && !wishes.mode.is_nat())
        object["policies"] = std::move(policies);
}

/// The plugin's object without the name and version of its network.
ordered_json plugin_of(const Wishes& wishes) {
    const Mode& mode = wishes.mode;
    ordered_json plugin{{"type", mode.is_flannel ? "flannel" : mode.plugin}};
    plugin["capabilities"] = {{"portMappings", true}, {"dns", true}};
    if (mode.is_flannel) {
        ordered_json delegate{{"type", mode.plugin}};
        put_endpoint_keys(wishes, delegate);
        plugin["delegate"] = std::move(delegate);
        return plugin;
    }
    if (wishes.create_network) plugin["createNetwork"] = network_of(wishes);
    put_endpoint_keys(wishes, plugin);
    plugin["ipam"] = ipam_of(wishes);
    return plugin;
}

/// Docker's engines hand on nothing newer.
std::string version_for(const Wishes& wishes) {
    return wishes.is_docker ? "0.4.0" : "1.0.0";
}

ordered_json conf_of(const Wishes& wishes, bool is_list) {
    ordered_json conf{{"cniVersion", version_for(wishes)}, {"name", wishes.name}};
    if (is_list)
        conf["plugins"] = ordered_json::array({plugin_of(wishes)});
    else
        conf.update(plugin_of(wishes));
    return conf;
}

std::string enclosed(const ordered_json& json, const std::string& inner) {
    return json.is_object() ? "{" + inner + "}" : "[" + inner + "]";
}

/// The texts of the members or elements, as `text` makes them of the values.
template <class Text>
std::vector<std::string> members_of(const ordered_json& json, Text text) {
    std::vector<std::string> members;
    for (const auto& [key, value] : json.items())
        members.push_back((json.is_object() ? ordered_json(key).dump() + ": " : "") + text(value));
    return members;
}

std::string on_one_line(const ordered_json& json) {
    if (!json.is_structured()) return json.dump();
    return enclosed(json, libcni::joined(members_of(json, on_one_line), ", "));
}

/// As people write confs: what is short stands on one line.
std::string laid_out(const ordered_json& json, std::size_t indent = 0) {
    constexpr std::size_t step = 4;
    constexpr std::size_t longest = 80;
    std::string line = on_one_line(json);
    const bool is_short = line.size() + indent <= longest && indent > 0;
    if (is_short || !json.is_structured()) return line;
    const std::string blanks(indent + step, ' ');
    const auto members =
        members_of(json, [&](const ordered_json& value) { return laid_out(value, indent + step); });
    const std::string inner =
        "\n" + blanks + libcni::joined(members, ",\n" + blanks) + "\n" + std::string(indent, ' ');
    return enclosed(json, inner);
}

/// What lint says of the conf; what a person meant otherwise shows there.
struct Opinion {
    std::string text;
    bool has_errors = false;
};

Opinion opinion_on(const std::string& conf, const NewOptions& options, const Wishes& wishes) {
    const std::string file = options.out.empty() ? "new.conf" : options.out;
    const auto document = read_document(file, conf);
    const Context context{.clusters = wishes.clusters,
                          .services = wishes.mode.is_nat() ? std::vector<Cidr>() : wishes.services,
                          .nodes = wishes.nodes,
                          .runtime = options.runtime};
    Opinion opinion;
    for (const Finding& finding : findings_in(*document, context)) {
        if (finding.severity == Severity::note) continue;
        opinion.text += shown(*document, finding) + "\n";
        opinion.has_errors = opinion.has_errors || finding.severity == Severity::error;
    }
    return opinion;
}

/// One that is there may be in use.
void write_new(const std::string& name, const std::string& text) {
    const auto file = libcni::path_of(name);
    std::error_code failure;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, failure)))
        throw Refusal(name + " is there already", "remove it, or name another --out");
    libcni::base::write_file_durably(file, libcni::path_of(name + ".new"), text);
}

Answer made(const NewOptions& options) {
    const Wishes wishes = wishes_of(options);
    const std::string text = laid_out(conf_of(wishes, options.out.ends_with(".conflist"))) + "\n";
    const Opinion opinion = opinion_on(text, options, wishes);
    if (opinion.has_errors)
        return {.out = {},
                .error = opinion.text
                         + run::complaint("the options make a conf that does not work",
                                          "nothing was written; the lines above are of it"),
                .status = wrong_arguments};
    Answer answer{.out = {}, .error = opinion.text + wishes.remarks};
    if (options.out.empty()) {
        answer.out = text;
        return answer;
    }
    write_new(options.out, text);
    answer.error += "wincni: wrote " + options.out + "; what it does: wincni conf explain "
                    + options.out + "\n";
    return answer;
}

} // namespace

Answer new_conf(const NewOptions& options) {
    libcni::log::configure({.file = {}, .level = "off"});
    return run::answering([&] { return made(options); });
}

} // namespace wincni::conf
