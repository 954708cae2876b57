// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "ipam/host-local/ranges.hpp"
#include "libcni/config.hpp"
#include "libcni/request.hpp"
#include "libcni/result.hpp"

// The keys of a network configuration that only host-local knows. Each function throws BadShape for
// a wrong type and Error(invalid_network_config) for a value that cannot be.
namespace host_local {

/// `ipam.dataDir`, else the Go plugin's default.
std::filesystem::path read_data_dir(const libcni::NetworkConfig& conf);

/// `runtimeConfig.ipRanges`, then the old single range beside `ipam.type`, then `ipam.ranges`.
std::vector<RangeSet> read_range_sets(const libcni::NetworkConfig& conf);

/// `ipam.routes`.
std::vector<libcni::Route> read_routes(const libcni::NetworkConfig& conf);

/// The addresses asked for: CNI_ARGS `IP`, `args.cni.ips`, `runtimeConfig.ips`, each with or
/// without a prefix length. Throws Error(invalid_environment) for CNI_ARGS that host-local does not
/// understand.
std::vector<Address> read_requested(const libcni::Request& request);

/// What the file `ipam.resolvConf` says; empty without that key. Throws Error(io_failure) naming
/// the file.
libcni::Dns read_resolv_conf(const libcni::NetworkConfig& conf);

/// resolv.conf(5), read as the Go plugin does: keywords that it does not know are ignored.
libcni::Dns parse_resolv_conf(std::string_view text);

} // namespace host_local
