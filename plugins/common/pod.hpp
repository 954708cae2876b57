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
    /// The container whose endpoint it is: itself, or the sandbox that it joins.
    std::string sandbox_container_id = {};
    /// CNI_IFNAME; empty for commands without one.
    std::string interface_name = {};
    /// CNI_NETNS as it came.
    std::string netns;
    /// The conf's network, which HNS knows by the same name.
    std::string network_name;
    /// `<container ID of the sandbox>_<network name>`, as the Go plugins call it.
    std::string endpoint_name;
    /// "<endpoint name>:<interface>", where only names tell endpoints apart (HNS v1, and a DEL that
    /// does not tell the API): that of a further interface. ":" is in no ID and in no interface's
    /// name. Else empty.
    std::string second_name = {};
    /// The ID of the endpoint that is made for this network, container and interface; empty where
    /// HNS chooses it.
    std::string endpoint_id = {};
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

/// The ID of the endpoint of an attachment: the same for each ADD, so that no other interface's is
/// ever taken for it.
std::string endpoint_id_of(const std::string& network_name,
                           const std::string& container_id,
                           const std::string& interface_name);

/// What the name of an endpoint tells.
struct EndpointName {
    std::string container_id;
    /// Only in the name of a container's further interfaces, see Pod::second_name.
    std::string interface_name = {};

    friend bool operator==(const EndpointName&, const EndpointName&) = default;
};

/// Reads an endpoint name of this network; no value when ADD would not have given it.
std::optional<EndpointName> read_endpoint_name(const std::string& endpoint_name,
                                               const std::string& network_name);

/// True when another container on another network may have an endpoint of the same name, as "a_b"
/// on "cbr0" and "a" on "b_cbr0".
bool has_several_readings(const Pod& pod);

} // namespace plugins
