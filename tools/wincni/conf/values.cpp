// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/values.hpp"

#include "libcni/base/text.hpp"

namespace wincni::conf {

namespace {

void add_range(std::vector<RangeNode>& ranges, const Node& object) {
    const Node* subnet = object.find("subnet");
    const auto cidr = prefix_in(subnet);
    if (cidr) ranges.push_back({&object, subnet, *cidr});
}

} // namespace

std::optional<libcni::Cidr> network_in(const Node& node) {
    if (!node.is_string()) return std::nullopt;
    const auto text = libcni::trimmed(node.text);
    if (const auto cidr = libcni::Cidr::parse(text)) return cidr;
    const auto address = libcni::parse_address(text);
    if (!address) return std::nullopt;
    return libcni::Cidr(*address, libcni::address_bits(*address));
}

std::optional<libcni::Cidr> prefix_in(const Node* node) {
    if (node == nullptr || !node->is_string()) return std::nullopt;
    return libcni::Cidr::parse(node->text);
}

std::optional<libcni::Address> address_in(const Node* node) {
    if (node == nullptr || !node->is_string()) return std::nullopt;
    return libcni::parse_address(node->text);
}

bool holds(const libcni::Cidr& outer, const libcni::Cidr& inner) {
    return outer.prefix_length() <= inner.prefix_length() && outer.contains(inner.address());
}

bool has_host_bits(const libcni::Cidr& cidr) {
    return cidr.network().address() != cidr.address();
}

std::vector<NameServer> name_servers_of(const Part& part) {
    std::vector<NameServer> servers;
    const Node* dns = part.find("dns");
    if (dns == nullptr || !dns->is_object()) return servers;
    for (const Node* text : texts_in(dns->find("nameservers")))
        if (const auto address = address_in(text)) servers.push_back({text, *address});
    return servers;
}

std::vector<RangeNode> ranges_of(const Part& part) {
    std::vector<RangeNode> ranges;
    const bool is_flannels = part.outer != nullptr || part.plugin == "flannel";
    const Node* ipam = is_flannels ? nullptr : part.host_local();
    if (ipam == nullptr) return ranges;
    add_range(ranges, *ipam);
    const Node* sets = ipam->find("ranges");
    if (sets == nullptr || !sets->is_array()) return ranges;
    for (const Node& set : sets->children)
        for (const Node& object : set.children)
            if (object.is_object()) add_range(ranges, object);
    return ranges;
}

} // namespace wincni::conf
