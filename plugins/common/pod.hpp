// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "hnsclient/api_version.hpp"
#include "hnsclient/sandbox.hpp"
#include "libcni/request.hpp"

namespace plugins {

/// What a request means to HNS: worked out once, read by every step of a command.
struct Pod {
    std::string container_id;
    /// CNI_NETNS as it came.
    std::string netns;
    /// The conf's network, which HNS knows by the same name.
    std::string network_name;
    /// `<container ID of the sandbox>_<network name>`, as the Go plugins call it.
    std::string endpoint_name;
    hnsclient::ApiVersion api = hnsclient::ApiVersion::v2;
    /// CNI_NETNS is "container:<id>": the container uses the endpoint of the sandbox <id>.
    bool joins = false;
    /// What the endpoint is put into: the namespace in CNI_NETNS, or, in HNS v1, the container
    /// itself. No value when CNI_NETNS does not fit the API: a DEL may come without one.
    std::optional<hnsclient::Sandbox> sandbox;
};

/// The pod of a request. The API is the one that the conf wants, else the form of CNI_NETNS tells:
/// containers without a namespace of their own ("none", "container:<id>") are HNS v1's.
Pod pod_of(const libcni::Request& request, std::optional<hnsclient::ApiVersion> wanted);

/// The pod's sandbox. Throws libcni::Error (invalid_environment) that tells which CNI_NETNS the API
/// takes when there is none.
const hnsclient::Sandbox& sandbox_of(const Pod& pod);

/// The container ID in an endpoint name of this network; no value when ADD would not have given it.
std::optional<std::string> container_of(const std::string& endpoint_name,
                                        const std::string& network_name);

} // namespace plugins
