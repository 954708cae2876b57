// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "tools/wincni/conf/parts.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/conf/values.hpp"

// Addresses of pods and of the network that is made.
namespace wincni::conf {

namespace {

using libcni::Cidr;

/// The subnets of the network that the plugin makes.
std::vector<const Node*> subnets_of_network(const Part& part) {
    std::vector<const Node*> subnets;
    const auto add = [&](const Node& object) {
        if (const Node* subnet = object.find("subnet")) subnets.push_back(subnet);
    };
    if (const Node* network = part.find("createNetwork"); network != nullptr) {
        add(*network);
        if (const Node* more = network->find("subnets"))
            for (const Node& one : more->children)
                add(one);
    }
    const Node* ipam = part.find("ipam");
    const bool makes_of_ipam = part.plugin == "nat" || part.plugin == "sdnbridge";
    if (makes_of_ipam && ipam != nullptr && part.host_local() == nullptr) add(*ipam);
    return subnets;
}

void tell_host_bits(const Node& node, const Cidr& cidr, Findings& found, bool is_refused) {
    const std::string meant = in_quotes(cidr.network().to_string());
    auto& finding = found.add(node.span, in_quotes(node.text) + " has host bits")
                        .at("did you mean " + meant + "?")
                        .safe("write " + meant, {{node.span, meant}});
    if (is_refused)
        finding.so("host-local refuses the conf");
    else
        finding.as(Severity::warning).so("they are dropped: the network is " + meant);
}

void subnet_host_bits(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        for (const auto& range : ranges_of(part))
            if (has_host_bits(range.subnet))
                tell_host_bits(*range.subnet_node, range.subnet, found, true);
        if (!part.is_windows()) continue;
        for (const Node* node : subnets_of_network(part))
            if (const auto cidr = prefix_in(node); cidr && has_host_bits(*cidr))
                tell_host_bits(*node, *cidr, found, false);
    }
}

void tell_remark(const Part& part, const Remark& remark, Findings& found) {
    const Node* ipam = part.find("ipam");
    const Node& whole = ipam == nullptr ? *part.object : *ipam;
    const Node& node = remark.node == nullptr ? whole : *remark.node;
    const Span place = remark.node == nullptr ? Span{node.whole().offset, 1} : node.span;
    if (found.is_told(node.whole(), Severity::error)) return;
    found.add(place, remark.message).so("the plugin refuses the conf").advise(remark.details);
}

void range_refused(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const Remark& remark : part.remarks)
            if (remark.is_refusal && remark.is_of_addresses && !remark.is_wrong_type)
                tell_remark(part, remark, found);
}

/// The range's first and last address that is given.
struct Bounds {
    libcni::Address first;
    libcni::Address last;

    [[nodiscard]] bool hold(const libcni::Address& address) const {
        return first <= address && address <= last;
    }
};

std::optional<Bounds> bounds_of(const RangeNode& range) {
    const Cidr network = range.subnet.network();
    const auto first = libcni::plus(network.address(), 1);
    if (!first) return std::nullopt;
    return Bounds{address_in(range.object->find("rangeStart")).value_or(*first),
                  address_in(range.object->find("rangeEnd")).value_or(network.last())};
}

void range_holds_gateway(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const auto& range : ranges_of(part)) {
            const Node* node = range.object->find("gateway");
            const auto gateway = address_in(node);
            const auto bounds = bounds_of(range);
            if (!gateway || !bounds || !bounds->hold(*gateway)) continue;
            found.add(node->span, "the range holds its gateway")
                .so("nothing: host-local passes over it");
        }
}

void range_holds_bridge(const Document& document, const Context&, Findings& found) {
    constexpr std::uint64_t bridge_place = 2;
    for (const Part& part : document.parts) {
        if (!part.is_bridge()) continue;
        for (const auto& range : ranges_of(part)) {
            const auto bridge = libcni::plus(range.subnet.network().address(), bridge_place);
            const auto next = libcni::plus(range.subnet.network().address(), bridge_place + 1);
            const auto bounds = bounds_of(range);
            if (!bridge || !next || !bounds || !bounds->hold(*bridge)) continue;
            auto& finding =
                found
                    .add(range.subnet_node->span,
                         "the range holds " + bridge->to_string() + ", the bridge's own address")
                    .so("wincni passes over it; the Go plugins give it to the first pod");
            if (range.object->find("rangeStart") == nullptr)
                finding.maybe("begin behind it",
                              {{{range.subnet_node->span.end(), 0},
                                ", \"rangeStart\": " + in_quotes(next->to_string())}});
        }
    }
}

void gateway_outside_subnet(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const auto& range : ranges_of(part)) {
            const Node* node = range.object->find("gateway");
            const auto gateway = address_in(node);
            if (!gateway || range.subnet.network().contains(*gateway)) continue;
            found
                .add(node->span,
                     in_quotes(node->text) + " is not in " + range.subnet.network().to_string())
                .relate(range.subnet_node->span, "the subnet of the pods")
                .so("pods cannot reach this gateway");
        }
}

void range_small(const Document& document, const Context&, Findings& found) {
    constexpr std::uint64_t most_pods = 110;
    for (const Part& part : document.parts) {
        if (part.plugin == "host-local") continue;
        for (const auto& range : ranges_of(part)) {
            const auto bounds = bounds_of(range);
            if (!bounds || !bounds->hold(bounds->first)) continue;
            const auto enough = libcni::plus(bounds->first, most_pods - 1);
            if (enough && bounds->hold(*enough)) continue;
            found.add(range.subnet_node->span, "less than 110 addresses for pods")
                .so("kubelet starts 110 pods by default; those without an address wait");
        }
    }
}

void ipv6_on_overlay(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        if (part.is_overlay())
            for (const auto& range : ranges_of(part))
                if (!range.subnet.is_v4())
                    found.add(range.subnet_node->span, "IPv6 on an overlay network")
                        .so("HNS' overlays carry IPv4 only: every ADD fails")
                        .advise("remove this range, or use win-bridge");
}

void ipv6_only(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        const auto ranges = ranges_of(part);
        const bool has_v4 =
            std::ranges::any_of(ranges, [](const RangeNode& one) { return one.subnet.is_v4(); });
        const bool are_read = std::ranges::none_of(part.remarks, &Remark::is_of_addresses);
        if (!part.is_windows() || part.is_overlay() || ranges.empty() || has_v4 || !are_read)
            continue;
        found.add(ranges.front().subnet_node->span, "only IPv6 for pods")
            .so("Windows runs no such pods: every ADD fails")
            .advise("add a range set of IPv4");
    }
}

bool is_absolute(std::string_view path) {
    return path.starts_with('/') || path.starts_with('\\') || path.find(':') == 1;
}

void relative_path(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        if (part.outer != nullptr || part.plugin.empty()) continue;
        std::vector<const Node*> paths;
        if (const Node* ipam = part.host_local())
            for (const char* key : {"dataDir", "resolvConf"})
                paths.push_back(ipam->find(key));
        if (part.plugin == "flannel")
            for (const char* key : {"dataDir", "subnetFile"})
                paths.push_back(part.object->find(key));
        for (const Node* node : paths)
            if (node != nullptr && node->is_string() && !node->text.empty()
                && !is_absolute(node->text))
                found.add(node->span, in_quotes(node->text) + " is a relative path")
                    .so("it is found from the folder where the runtime was started, and that "
                        "changes")
                    .advise("write the whole path, with \"/\" or \"\\\\\"");
    }
}

void ipam_missing(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        if (!part.is_windows() || part.outer != nullptr || part.plugin == "nat") continue;
        const Node* ipam = part.find("ipam");
        if (ipam != nullptr && !ipam->text_of("type").empty()) continue;
        found
            .add(ipam == nullptr ? Span{part.object->span.offset, 1} : ipam->key_span,
                 "no IPAM plugin")
            .so("HNS picks the pods' addresses out of the network's subnet; on a Transparent "
                "network "
                "without one they come by DHCP");
    }
}

void create_network(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const Remark& remark : part.remarks)
            if (remark.is_refusal && !remark.is_wrong_type
                && remark.path.starts_with("conf.createNetwork"))
                tell_remark(part, remark, found);
}

void azure_plugin(const Document& document, const Context&, Findings& found) {
    for (const Node* object : plugin_objects(document)) {
        const Node* ipam = object->find("ipam");
        for (const Node* holder : {object, ipam}) {
            const Node* type = holder == nullptr ? nullptr : holder->find("type");
            if (type == nullptr || !type->text.starts_with("azure-")) continue;
            found.add(type->span, in_quotes(type->text) + " is an executable of Azure's")
                .so("it is not part of this suite, and must be in the runtime's folder");
        }
    }
}

constexpr std::array rules{
    Rule{"C501",
         "subnet-host-bits",
         Severity::error,
         subnet_host_bits,
         "A subnet with host bits: host-local refuses it. Of a network that is made they are "
         "dropped, "
         "and this is a warning."},
    Rule{"C507",
         "ipv6-on-overlay",
         Severity::error,
         ipv6_on_overlay,
         "HNS' overlay networks carry IPv4 only."},
    Rule{"C508", "ipv6-only", Severity::error, ipv6_only, "Windows runs no pods with IPv6 alone."},
    Rule{"C502",
         "range",
         Severity::error,
         range_refused,
         "What host-local refuses of ranges: a start outside of the subnet or behind the end, "
         "ranges "
         "that overlap, families mixed, no range at all."},
    Rule{"C503",
         "range-holds-gateway",
         Severity::note,
         range_holds_gateway,
         "The gateway's address is in the range; host-local passes over it."},
    Rule{"C504",
         "range-holds-bridge",
         Severity::note,
         range_holds_bridge,
         "Subnet base + 2 is the bridge's own address. wincni passes over it, the Go plugins give "
         "it "
         "to the first pod."},
    Rule{"C505",
         "gateway-outside-subnet",
         Severity::warning,
         gateway_outside_subnet,
         "The gateway of a range is not in its subnet: pods have no way out."},
    Rule{"C506",
         "range-small",
         Severity::note,
         range_small,
         "Less addresses than the 110 pods that kubelet starts by default."},
    Rule{"C509",
         "relative-path",
         Severity::warning,
         relative_path,
         "A path that begins at the folder where the runtime was started."},
    Rule{"C510",
         "ipam-missing",
         Severity::note,
         ipam_missing,
         "Without an IPAM plugin HNS picks the addresses of pods."},
    Rule{"C511",
         "create-network",
         Severity::error,
         create_network,
         "What the plugin cannot make of createNetwork: the type, a subnet, VNI, port or gateway."},
    Rule{"C512",
         "azure-plugin",
         Severity::note,
         azure_plugin,
         "azure-vnet, azure-vnet-ipam and azure-cns are Azure's executables."}};

} // namespace

std::span<const Rule> rules_of_addresses() noexcept {
    return rules;
}

} // namespace wincni::conf
