// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/config.hpp"
#include "hnsclient/emulator/object_store.hpp"

namespace hnsclient::emulator {

/// Makes a namespace with this ID (empty: HNS chooses) and type (empty: "Host"), in the lowest free
/// compartment from 2 on. Returns what was made.
nlohmann::json create_namespace(ObjectStore& store, const std::string& id, const std::string& type);

/// With the endpoints that are in it. Throws Failure (element_not_found) when there is none; so
/// do all that follow.
nlohmann::json require_namespace(ObjectStore& store, const std::string& id);

/// {"ResourceType": "Endpoint"|"Container", "RequestType": "Add"|"Remove", "Settings"}, as
/// HcnModifyNamespace takes.
void modify_namespace(ObjectStore& store,
                      const Config& config,
                      const std::string& id,
                      const nlohmann::json& request);

/// Throws Failure: endpoint_not_found; namespace_already_exists when it is in one, even this one;
/// invalid_remote_endpoint_operation.
void attach_endpoint(ObjectStore& store,
                     const Config& config,
                     const std::string& id,
                     const std::string& endpoint_id);

/// Throws Failure: endpoint_not_found; element_not_found when it is not in this namespace.
void detach_endpoint(ObjectStore& store, const std::string& id, const std::string& endpoint_id);

/// The endpoints in it stay, in no namespace. Throws Failure (request_unsupported) while it has
/// containers.
void delete_namespace(ObjectStore& store, const std::string& id);

/// Takes an endpoint that is gone off a namespace's list; a namespace that is gone is fine.
void forget_endpoint(ObjectStore& store, const std::string& id, const std::string& endpoint_id);

/// IDs of the namespaces that a filter ({"ID"}, {"NamespaceId"}, or empty) lets through.
std::vector<std::string> find_namespaces(const ObjectStore& store, const nlohmann::json& filter);

} // namespace hnsclient::emulator
