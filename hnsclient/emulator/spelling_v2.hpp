// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/config.hpp"

/// HCN's spelling of what the store keeps. Requests that are not of HCN's shape throw Failure.
namespace hnsclient::emulator::v2 {

/// A network as it is asked for, in the store's spelling, with nothing filled in.
nlohmann::json read_network(const nlohmann::json& settings);

nlohmann::json write_network(const nlohmann::json& network);

/// An endpoint as it is asked for, in the store's spelling, with nothing filled in.
nlohmann::json read_endpoint(const nlohmann::json& settings);

/// Of an endpoint on that network.
nlohmann::json write_endpoint(const nlohmann::json& endpoint,
                              const nlohmann::json& network,
                              const Version& version);

/// The type of namespace that is asked for; empty where none is named.
std::string read_namespace_type(const nlohmann::json& settings);

nlohmann::json write_namespace(const nlohmann::json& name_space);

/// A list of IDs as the HcnEnumerate functions give it.
nlohmann::json spelled_ids(const std::vector<std::string>& ids);

} // namespace hnsclient::emulator::v2
