// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/answer.hpp"

namespace wincni::conf {

/// `wincni conf new`.
struct NewOptions {
    /// "l2bridge", "overlay", "nat", "flannel-host-gw" or "flannel-vxlan".
    std::string mode;
    std::vector<std::string> clusters = {};
    std::vector<std::string> services = {};
    std::vector<std::string> nodes = {};
    /// The subnets of this node's pods.
    std::vector<std::string> pods = {};
    /// None means the tenth address of each service network.
    std::vector<std::string> name_servers = {};
    /// "containerd" or "docker".
    std::string runtime = "containerd";
    /// Empty for the usual one of the mode.
    std::string name = {};
    /// The plugin makes the HNS network where it is missing.
    bool create_network = false;
    /// Empty for stdout.
    std::string out = {};
};

/// A conf in which lint finds nothing, on stdout or in a new file. Status 2: options that are
/// missing, all named at once, or make no sense together. Throws Refusal for a file that is there
/// already, libcni::base::FileError.
Answer new_conf(const NewOptions& options);

} // namespace wincni::conf
