// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/config.hpp"

/// The spelling of HNS v1 of what the store keeps. Requests that are not of that shape throw
/// Failure.
namespace hnsclient::emulator::v1 {

/// A network as it is asked for, in the store's spelling, with nothing filled in.
nlohmann::json read_network(const nlohmann::json& settings);

nlohmann::json
write_network(const nlohmann::json& network, std::size_t endpoints, const Version& version);

/// An endpoint as it is asked for, in the store's spelling, with nothing filled in. IPv6 in
/// IPAddress is refused.
nlohmann::json read_endpoint(const nlohmann::json& settings);

/// With what HNS v1 tells of its network.
nlohmann::json write_endpoint(const nlohmann::json& endpoint,
                              const nlohmann::json& network,
                              const Version& version);

nlohmann::json write_namespace(const nlohmann::json& name_space, const Version& version);

} // namespace hnsclient::emulator::v1
