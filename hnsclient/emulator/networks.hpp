// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/config.hpp"
#include "hnsclient/emulator/object_store.hpp"

namespace hnsclient::emulator {

/// Makes a network with this ID (empty: HNS chooses) of what is asked for, and returns what was
/// made of it.
nlohmann::json create_network(ObjectStore& store,
                              const Config& config,
                              const std::string& id,
                              nlohmann::json wanted);

/// False for networks that are on no adapter of the host, whatever is kept of them.
bool has_management_address(const nlohmann::json& network);

/// Throws Failure (network_not_found) when there is none; so do all that follow.
nlohmann::json require_network(const ObjectStore& store, const std::string& id);

/// {"ResourceType": "Policy", "RequestType", "Settings": {"Policies"}}, as HcnModifyNetwork takes.
void modify_network(ObjectStore& store, const std::string& id, const nlohmann::json& request);

/// Its endpoints go with it.
void delete_network(ObjectStore& store, const std::string& id);

/// IDs of the networks that a filter ({"Name"} or {"ID"}, or empty) lets through.
std::vector<std::string> find_networks(const ObjectStore& store, const nlohmann::json& filter);

/// An ID of HNS's choice: a random GUID.
std::string fresh_id();

} // namespace hnsclient::emulator
