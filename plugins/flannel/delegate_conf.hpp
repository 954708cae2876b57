// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "libcni/config.hpp"
#include "plugins/flannel/subnet_env.hpp"

// What a delegate is given, as a value. Nothing here touches files.
namespace flannel {

/// The conf's "delegate"; "type" is win-bridge where it has none. Throws
/// Error(invalid_network_config) when it holds "name" or "ipam", which are flannel's to set, or
/// when its type is flannel itself, and BadShape when it is not an object or its type not a string.
nlohmann::json read_delegate(const libcni::NetworkConfig& conf);

/// The conf for the delegate: what the author wrote under "delegate", the network's name, the
/// exceptions from NAT and the IPAM section that `env` asks for, and what the runtime put at the
/// top of flannel's conf for whoever does the work. Without subnets in `env` the IPAM section has
/// no ranges. Throws as read_delegate() does, and Error(invalid_network_config) for an overlay
/// without an IPv4 subnet.
nlohmann::json make_delegate_conf(const libcni::NetworkConfig& conf, const SubnetEnv& env);

/// The same for DEL and GC, as far as it can be known: what makes no sense in "delegate" is left
/// out with a warning, and win-bridge called where it names no type. Throws BadShape for an "ipam"
/// that is not an object, or whose type is not a string: nothing else tells where the leases are.
nlohmann::json make_conf_for_removal(const libcni::NetworkConfig& conf, const SubnetEnv& env);

/// Where the delegate of this conf is to log: the "logFile" and "logLevel" that
/// make_delegate_conf() would hand on, an object with those of them that are strings. Throws
/// nothing for a "delegate" of any shape: a DEL must not depend on it.
nlohmann::json read_log_keys(const libcni::NetworkConfig& conf);

/// Sets a key that is spelled like this or in another case.
void set_key(nlohmann::json& object, const std::string& key, nlohmann::json value);

/// "subnetFile", by default /run/flannel/subnet.env. Throws as libcni::conf_path() does.
std::filesystem::path read_subnet_file(const libcni::NetworkConfig& conf);

/// "dataDir", by default /var/lib/cni/flannel. Throws as libcni::conf_path() does.
std::filesystem::path read_data_dir(const libcni::NetworkConfig& conf);

} // namespace flannel
