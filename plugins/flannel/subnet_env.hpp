// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "libcni/ip.hpp"

namespace flannel {

/// What flanneld has written for this node (subnet.env).
struct SubnetEnv {
    /// FLANNEL_NETWORK and FLANNEL_IPV6_NETWORK, each a list with commas: the pods of the cluster.
    std::vector<libcni::Cidr> networks;
    /// FLANNEL_SUBNET and FLANNEL_IPV6_SUBNET: the pods of this node, at most one a family, IPv4
    /// first, without host bits.
    std::vector<libcni::Cidr> subnets;
    /// FLANNEL_MTU, in bytes. Windows takes the MTU of the network.
    unsigned mtu = 0;
    /// FLANNEL_IPMASQ: whether NAT is the plugin's work.
    bool ip_masq = false;
};

/// Takes lines KEY=VALUE as a shell does: blank lines, comments, "export" and quotes, with either
/// line ending and a byte-order mark. The last of equal keys wins. Throws Error: code 11 naming the
/// keys that are missing, 7 naming key and value, 6 for UTF-16.
SubnetEnv parse_subnet_env(std::string_view text);

/// parse_subnet_env() of a file, which errors name. Throws Error(try_again_later) when it is not
/// there: flanneld writes it when it has got a subnet.
SubnetEnv read_subnet_env(const std::filesystem::path& file);

/// true, yes, on, 1 and their like in any case; no value for anything else.
std::optional<bool> parse_boolean(std::string_view text);

} // namespace flannel
