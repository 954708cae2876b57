// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/config.hpp"
#include "hnsclient/emulator/object_store.hpp"

namespace hnsclient::emulator {

/// Where an endpoint is to be made.
struct EndpointPlace {
    /// Empty: HNS chooses.
    std::string id;
    std::string network_id;
};

/// Makes an endpoint of what is asked for: chooses or checks addresses, MAC and routes. Returns
/// what was made.
nlohmann::json create_endpoint(ObjectStore& store,
                               const Config& config,
                               const EndpointPlace& place,
                               nlohmann::json wanted);

/// Throws Failure (endpoint_not_found) when there is none; so do all that follow.
nlohmann::json require_endpoint(const ObjectStore& store, const std::string& id);

/// How far an endpoint has come, in HNS's numbers: 1 created, 2 attached to the host, 3 to what a
/// pod is; unless it was told another State.
unsigned state_of(const nlohmann::json& endpoint);

/// {"ResourceType": "Policy", "RequestType", "Settings": {"Policies"}}, as HcnModifyEndpoint takes.
void modify_endpoint(ObjectStore& store,
                     const Config& config,
                     const std::string& id,
                     const nlohmann::json& request);

/// Lets a container share the endpoint. Throws Failure (endpoint_already_attached) when it does so
/// already.
void attach_container(ObjectStore& store,
                      const Config& config,
                      const std::string& id,
                      const std::string& container);

/// Throws Failure (degraded_operation), and the endpoint is degraded from then on, when it has a
/// policy whose prefix is none: HNS notices at the start of a container.
void require_startable(ObjectStore& store, nlohmann::json endpoint);

/// Throws Failure (element_not_found) when the container does not share the endpoint.
void detach_container(ObjectStore& store, const std::string& id, const std::string& container);

/// Puts the endpoint into the host's own compartment. Throws Failure (endpoint_already_attached).
void attach_to_host(ObjectStore& store, const std::string& id);

/// Also when it is attached: it leaves its namespace.
void delete_endpoint(ObjectStore& store, const std::string& id);

/// IDs of the endpoints that a filter ({"Name"}, {"ID"}, {"VirtualNetwork"}, or empty) lets
/// through.
std::vector<std::string> find_endpoints(ObjectStore& store, const nlohmann::json& filter);

} // namespace hnsclient::emulator
