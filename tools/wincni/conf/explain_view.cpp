// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/explain_view.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/network_type.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::conf {

namespace {

using hnsclient::ApiVersion;
using hnsclient::Policy;
using nlohmann::ordered_json;

constexpr std::size_t widest = 100;
constexpr std::size_t label_width = 13;

/// Lines of three columns: the section, what it is about, and what is said of it.
class Page {
public:
    void section(std::string label, std::size_t width) {
        label_ = std::move(label);
        width_ = width;
    }

    void add(const std::string& what, const std::string& said) {
        std::string line = padded(label_, label_width) + padded(what, width_);
        label_.clear();
        const std::size_t indent = label_width + width_;
        for (const auto word : libcni::words(said)) {
            if (line.size() > indent && line.size() + word.size() > widest) {
                put(line);
                line = std::string(indent, ' ');
            }
            line += (line.size() > indent && line.back() != ' ' ? " " : "") + std::string(word);
        }
        put(line);
    }

    void add(const std::string& said) {
        const std::size_t width = std::exchange(width_, 0);
        add("", said);
        width_ = width;
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    /// At least two blanks between columns.
    static std::string padded(const std::string& text, std::size_t width) {
        if (text.size() + 2 <= width || width == 0)
            return text + std::string(width - std::min(width, text.size()), ' ');
        return text.empty() ? std::string(width, ' ') : text + "  ";
    }

    void put(const std::string& line) {
        text_ += printable(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
    }

    std::string text_;
    std::string label_;
    std::size_t width_ = 0;
};

std::string count_of(std::uint64_t count) {
    return count == std::numeric_limits<std::uint64_t>::max() ? "more than 2^64"
                                                              : std::to_string(count);
}

std::string prefixes(const std::vector<libcni::Cidr>& networks) {
    return libcni::joined(networks, ", ", [](const auto& one) { return one.to_string(); });
}

std::string runtime_of(ApiVersion api) {
    return api == ApiVersion::v1 ? "HNS (version 1), as Docker needs it"
                                 : "HCN (version 2), as containerd needs it";
}

std::string head_of(const Explanation& one, const std::string& network) {
    std::string text = network + " = " + (one.type.empty() ? "a request to host-local" : one.type);
    if (one.flannel && !one.plugin.empty())
        text += ", which calls " + one.plugin + " with a conf that it makes";
    if (!one.plugin.empty() && !one.flannel && one.type != one.plugin)
        text += ", which is " + one.plugin;
    if (!one.plugin.empty()) text += ". " + runtime_of(one.variants.front().api);
    return text + ".";
}

std::string standing_of(const Explanation& one) {
    const auto& network = one.network;
    const std::string subnets =
        libcni::joined(network.subnets, ", ", [](const hnsclient::Subnet& subnet) {
            return subnet.prefix.to_string()
                   + (subnet.gateway ? " by " + subnet.gateway->to_string() : "");
        });
    const std::string as = network.type + (subnets.empty() ? "" : " " + subnets);
    switch (one.network_state) {
    case NetworkState::not_asked:
        return std::string(one.flannel ? "flanneld makes it" : "this conf does not make it")
               + "; not looked for (--live)";
    case NetworkState::would_be_made:
        return "made by this conf where it is missing: " + as;
    case NetworkState::found:
        return "there: " + as;
    case NetworkState::to_be_made:
        return "not there; an ADD makes it: " + as;
    case NetworkState::missing:
        break;
    }
    return "NOT there, and this conf does not make it: an ADD fails";
}

/// The folder of an executable, and what it means that there is none.
std::string place_of(const Executable& executable) {
    if (executable.file.empty()) return "in NONE of the folders of plugins: an ADD fails";
    return "in " + executable.file.substr(0, executable.file.find_last_of("/\\"));
}

std::string said_of(const FlannelFacts& facts) {
    const std::string values = prefixes(facts.env.subnets) + " of " + prefixes(facts.env.networks);
    if (facts.is_there)
        return "there: " + values + (facts.env.ip_masq ? ", NAT by the plugin" : ", no NAT");
    return "NOT there: flanneld writes it. What follows is for a made-up one: " + values;
}

bool is_live(const Explanation& one) {
    return one.network_state != NetworkState::not_asked
           && one.network_state != NetworkState::would_be_made;
}

void show_executables(Page& page, const Explanation& one) {
    // By place, in the order of the first that is there.
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& executable : one.executables) {
        const std::string place = is_live(one) ? place_of(executable)
                                               : "in a folder of CNI_PATH; not looked for (--live)";
        const auto row =
            std::ranges::find_if(rows, [&](const auto& known) { return known.second == place; });
        if (row == rows.end())
            rows.emplace_back(executable.name, place);
        else
            row->first += ", " + executable.name;
    }
    for (const auto& [names, place] : rows)
        page.add(names, place);
}

void show_needs(Page& page, const Explanation& one) {
    constexpr std::size_t width = 35;
    page.section("It needs", width);
    if (one.flannel) page.add(one.flannel->file, said_of(*one.flannel));
    if (!one.plugin.empty())
        page.add("HNS network \"" + one.network.name + "\"",
                 libcni::joined(one.network_types, " or ") + "; " + standing_of(one));
    show_executables(page, one);
}

std::string said_of(const Pool& pool) {
    std::string text = "one of ";
    text += libcni::joined(pool.set.ranges(), ", ", [](const host_local::Range& range) {
        return range.start().to_string() + " - " + range.end().to_string();
    });
    text += " (";
    if (pool.free) text += count_of(*pool.free) + " of ";
    text += count_of(pool.capacity) + (pool.free ? " free" : "");
    text += ")";
    if (!pool.reserved.empty()) text += "; not " + libcni::joined(pool.reserved, "; not ");
    return text;
}

std::string said_of_dns(const hnsclient::Dns& dns) {
    std::vector<std::string> parts;
    if (!dns.servers.empty()) parts.push_back(libcni::joined(dns.servers, " "));
    if (!dns.search.empty()) parts.push_back("suffix " + libcni::joined(dns.search, " "));
    if (!dns.domain.empty()) parts.push_back("domain " + dns.domain);
    if (!dns.options.empty()) parts.push_back("options " + libcni::joined(dns.options, " "));
    return parts.empty() ? "nothing said: what HNS gives" : libcni::joined(parts, ", ");
}

bool withholds_default_route(const hnsclient::Endpoint& endpoint) {
    return std::ranges::any_of(endpoint.routes, hnsclient::leads_nowhere);
}

void show_addresses(Page& page, const Explanation& one) {
    for (const auto& pool : one.pools)
        page.add("address", said_of(pool));
    if (!one.pools.empty()) return;
    if (one.ipam.empty())
        page.add("address", "one that HNS picks from the network's subnet");
    else
        page.add("address",
                 "what " + one.ipam + " gives, which is no plugin of ours: not known here");
}

void show_routes(Page& page, const Explanation& one, const Variant& variant) {
    for (const auto& [address, rule] : variant.gateways)
        page.add("gateway", address.to_string() + (rule.empty() ? "" : ", " + rule));
    if (withholds_default_route(variant.endpoint))
        page.add("gateway", "none: isDefaultGateway is false");
    else if (variant.gateways.empty() && !one.ipam.empty() && one.pools.empty())
        page.add("gateway", "depends on the address");
    else if (variant.gateways.empty())
        page.add("gateway", "the HNS network's, by a route that HNS makes");
    for (const auto& route : variant.endpoint.routes)
        if (route.destination.prefix_length() != 0)
            page.add("route",
                     route.destination.to_string()
                         + (route.next_hop ? " via " + route.next_hop->to_string() : ""));
}

void show_pod(Page& page, const Explanation& one, const Variant& variant) {
    constexpr std::size_t width = 10;
    const bool is_v1 = variant.api == ApiVersion::v1;
    page.section("A pod gets", width);
    page.add("endpoint",
             variant.endpoint.name + (is_v1 ? " in its container" : " in its namespace"));
    show_addresses(page, one);
    show_routes(page, one, variant);
    page.add("DNS", said_of_dns(variant.endpoint.dns));
    if (variant.endpoint.mac)
        page.add("MAC",
                 libcni::upper_case(variant.endpoint.mac->to_string())
                     + (variant.endpoint.addresses.empty()
                            ? ""
                            : " for " + variant.endpoint.addresses[0].address.to_string()));
}

std::string settings_of(const Policy& policy) {
    const auto value = hnsclient::v2::encode(policy);
    const auto settings = value.find("Settings");
    const auto& shown = settings == value.end() ? value : *settings;
    return shown.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The type of a policy and what it does.
struct Words {
    std::string type;
    std::string said;
};

struct InWords {
    Words operator()(const hnsclient::OutboundNat& nat) const {
        std::string said;
        if (!nat.destinations.empty())
            said = "to its own address by a service: translated (loopback DSR)";
        else if (nat.exceptions.empty())
            said = "the node's address for all that leaves the pod";
        else
            said = "the node's address, but not to " + libcni::joined(nat.exceptions, " ");
        if (!nat.virtual_ip.empty()) said += "; the address is " + nat.virtual_ip;
        return {"OutBoundNAT", said};
    }

    Words operator()(const hnsclient::SdnRoute& route) const {
        return {"SDNRoute",
                route.destination + (route.need_encap ? " encapsulated" : " as it is")
                    + (route.next_hop.empty() ? "" : ", via " + route.next_hop)};
    }

    Words operator()(const hnsclient::PortMapping& mapping) const {
        return {"PortMapping",
                (mapping.virtual_ip.empty() ? "" : mapping.virtual_ip + ", ") + "port "
                    + std::to_string(mapping.external_port) + "/" + mapping.protocol.name()
                    + " of the node is port " + std::to_string(mapping.internal_port)
                    + " of the pod"};
    }

    Words operator()(const hnsclient::ProviderAddress& provider) const {
        return {"ProviderAddress",
                "packets to other nodes come from "
                    + (provider.address == of_the_node ? std::string("the node's address")
                                                       : provider.address)};
    }

    Words operator()(const hnsclient::SharedPolicy& policy) const {
        return {policy.type, settings_of(policy)};
    }

    Words operator()(const hnsclient::OtherPolicy& policy) const {
        const auto type = policy.value->find("Type");
        const bool is_text = type != policy.value->end() && type->is_string();
        return {is_text ? type->get<std::string>() : "policy", settings_of(policy)};
    }
};

bool has_port_mapping(const Variant& variant) {
    return std::ranges::any_of(variant.endpoint.policies, [](const Policy& policy) {
        return std::holds_alternative<hnsclient::PortMapping>(policy);
    });
}

void show_policies(Page& page, const Explanation& one, const Variant& variant) {
    constexpr std::size_t width = 17;
    page.section("Policies", width);
    for (const auto& policy : variant.endpoint.policies) {
        const Words words = std::visit(InWords(), policy);
        page.add(words.type, words.said);
    }
    if (has_port_mapping(variant)) return;
    page.add("PortMapping",
             one.wants_port_mappings
                 ? "one for each hostPort: capability portMappings is true"
                 : "none: without capability portMappings a pod's hostPort does nothing");
}

/// Where a pod is seen with which address.
std::string consequence_of(const Explanation& one, const Variant& variant) {
    const auto* const type = hnsclient::find_network_type(one.network.type);
    if (type != nullptr && type->has_nat)
        return "pod -> anywhere: the node's address, which networks of type NAT see to";
    std::vector<std::string> exempt;
    bool is_translated = false;
    for (const auto& policy : variant.endpoint.policies)
        if (const auto* const nat = std::get_if<hnsclient::OutboundNat>(&policy))
            if (nat->destinations.empty()) {
                is_translated = true;
                exempt.insert(exempt.end(), nat->exceptions.begin(), nat->exceptions.end());
            }
    if (!is_translated)
        return "pod -> anywhere: its own address, as there is no NAT; who answers must know the "
               "way back";
    if (exempt.empty()) return "pod -> anywhere: the node's address, TCP and UDP only";
    return "pod -> " + libcni::joined(exempt, ", ")
           + ": its own address; pod -> elsewhere: the node's, TCP and UDP only";
}

/// What the APIs differ in, by the keys of the endpoint.
std::string differences(const Variant& a, const Variant& b) {
    const auto first = wincni::to_json(a.endpoint);
    const auto second = wincni::to_json(b.endpoint);
    std::vector<std::string> keys;
    for (const auto& [key, value] : first.items())
        if (key != "id" && value != second.at(key)) keys.push_back(key);
    return libcni::joined(keys, ", ");
}

void show_other(Page& page, const Variant& first, const Variant& other) {
    page.section(other.api == ApiVersion::v1 ? "Version 1" : "Version 2", 0);
    if (!other.refusal.empty()) return page.add("refused: " + other.refusal);
    const std::string whose = other.api == ApiVersion::v1
                                  ? "under Docker, spelled as ROUTE, NAT, ExceptionList"
                                  : "under containerd, spelled as SDNRoute, OutBoundNAT, Settings";
    const std::string keys = differences(first, other);
    page.add(keys.empty() ? "the same " + whose : "other " + keys + " " + whose);
    for (const auto& warning : other.warnings)
        if (std::ranges::find(first.warnings, warning) == first.warnings.end()) page.add(warning);
}

void show_warnings(Page& page, const Variant& variant) {
    page.section("It warns", 0);
    for (const auto& warning : variant.warnings)
        page.add(warning);
}

ordered_json as_json(const FlannelFacts& facts) {
    ordered_json networks = ordered_json::array();
    for (const auto& one : facts.env.networks)
        networks.push_back(one.to_string());
    ordered_json subnets = ordered_json::array();
    for (const auto& one : facts.env.subnets)
        subnets.push_back(one.to_string());
    return {{"file", facts.file},
            {"isThere", facts.is_there},
            {"networks", std::move(networks)},
            {"subnets", std::move(subnets)},
            {"ipMasq", facts.env.ip_masq}};
}

ordered_json as_json(const Pool& pool) {
    ordered_json ranges = ordered_json::array();
    for (const auto& range : pool.set.ranges())
        ranges.push_back({{"subnet", range.subnet().to_string()},
                          {"first", range.start().to_string()},
                          {"last", range.end().to_string()}});
    return {{"ranges", std::move(ranges)},
            {"capacity", pool.capacity},
            {"free", pool.free ? ordered_json(*pool.free) : ordered_json()}};
}

ordered_json as_json(const Variant& variant) {
    ordered_json gateways = ordered_json::array();
    for (const auto& [address, rule] : variant.gateways)
        gateways.push_back({{"address", address.to_string()}, {"rule", rule}});
    return {{"apiVersion", static_cast<int>(variant.api)},
            {"gateways", std::move(gateways)},
            {"endpoint", wincni::to_json(variant.endpoint)},
            {"warnings", variant.warnings},
            {"refusal", variant.refusal.empty() ? ordered_json() : ordered_json(variant.refusal)}};
}

ordered_json as_json(const Executable& executable) {
    return {{"name", executable.name},
            {"file", executable.file.empty() ? ordered_json() : ordered_json(executable.file)}};
}

template <class Elements>
ordered_json array_of(const Elements& elements) {
    ordered_json array = ordered_json::array();
    for (const auto& element : elements)
        array.push_back(as_json(element));
    return array;
}

ordered_json network_of(const Explanation& one) {
    ordered_json network = wincni::to_json(one.network);
    network["state"] = to_string(one.network_state);
    network["types"] = one.network_types;
    return network;
}

} // namespace

std::string shown(const Explanation& one, const std::string& network) {
    Page page;
    const std::string head = printable(head_of(one, network)) + "\n";
    if (one.variants.empty() && !one.flannel)
        return head + "It is no plugin of ours: what it does is not known here.\n";
    const bool is_request = one.plugin.empty() && !one.flannel;
    if (!is_request) show_needs(page, one);
    if (one.variants.empty())
        return head + "\n" + page.text()
               + "The delegate is no plugin of ours: what it does is not known here.\n";
    const Variant& variant = one.variants.front();
    if (is_request) {
        page.section("It gives", 10);
        show_addresses(page, one);
        return head + "\n" + page.text();
    }
    show_pod(page, one, variant);
    show_policies(page, one, variant);
    page.section("So", 0);
    page.add(consequence_of(one, variant));
    show_warnings(page, variant);
    for (std::size_t i = 1; i < one.variants.size(); ++i)
        show_other(page, variant, one.variants[i]);
    return head + "\n" + page.text();
}

ordered_json as_json(const Explanation& one) {
    const bool is_ours = !one.plugin.empty();
    return {{"type", one.type},
            {"plugin", is_ours ? ordered_json(one.plugin) : ordered_json()},
            {"subnetEnv", one.flannel ? as_json(*one.flannel) : ordered_json()},
            {"network", is_ours ? network_of(one) : ordered_json()},
            {"executables", array_of(one.executables)},
            {"ipam", one.ipam.empty() ? ordered_json() : ordered_json(one.ipam)},
            {"rangeSets", array_of(one.pools)},
            {"apis", array_of(one.variants)}};
}

} // namespace wincni::conf
