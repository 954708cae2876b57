// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcni/ip.hpp"
#include "tools/wincni/conf/document.hpp"

namespace wincni::conf {

/// The network that a text is, a bare address as one of its own; no value for other text.
std::optional<libcni::Cidr> network_in(const Node& node);

/// A network with its host bits.
std::optional<libcni::Cidr> prefix_in(const Node* node);

std::optional<libcni::Address> address_in(const Node* node);

/// The second one is within the first.
bool holds(const libcni::Cidr& outer, const libcni::Cidr& inner);

bool has_host_bits(const libcni::Cidr& cidr);

/// The name servers of a part that are addresses, with where they stand.
struct NameServer {
    const Node* node;
    libcni::Address address;
};

std::vector<NameServer> name_servers_of(const Part& part);

/// A range of host-local's, with what its author wrote.
struct RangeNode {
    const Node* object;
    const Node* subnet_node;
    libcni::Cidr subnet;
};

/// Those of a part that host-local reads and whose subnet is one.
std::vector<RangeNode> ranges_of(const Part& part);

} // namespace wincni::conf
