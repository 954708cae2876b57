// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipam/host-local/files.hpp"
#include "libcni/config.hpp"

// The folder of a network's leases is named like the network, which Windows reads in its own way.
namespace host_local {

/// For what takes leases or releases those of others: on Windows, two networks must not get one
/// folder. Throws Error(invalid_network_config) for a name that Windows takes for something else,
/// or for that of a folder which is there.
void require_folder_of_its_own(const libcni::NetworkConfig& conf, const Files& files);

/// The name among `names` that Windows takes for the same as `network` though it is spelled
/// otherwise ("CBR0" and "cbr0"); no value when there is none.
std::optional<std::string> same_to_windows(const std::vector<std::string>& names,
                                           std::string_view network);

} // namespace host_local
