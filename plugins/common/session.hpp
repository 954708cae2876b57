// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hnsclient/client.hpp"
#include "hnsclient/error.hpp"
#include "libcni/request.hpp"
#include "plugins/common/attachment.hpp"

namespace plugins {

/// A client of this node's HNS whose calls are logged and watched by the watchdog. Throws
/// hnsclient::HnsError when this system has no HNS.
std::unique_ptr<hnsclient::Client> connect(hnsclient::ApiVersion version);

/// What the pod's endpoint is put into: the namespace in CNI_NETNS, or, in version 1, the container
/// itself. Throws Error(invalid_environment) when CNI_NETNS does not fit the API.
std::string sandbox_of(hnsclient::ApiVersion version, const libcni::Request& request);

/// Throws Error(invalid_environment) when HNS has no such sandbox; keeps it open.
void require_sandbox(hnsclient::Client& hns, const std::string& sandbox);

/// The conf's HNS network, or no value. Throws Error (code 7) when it is of a type that the plugin
/// does not work on.
std::optional<hnsclient::Network>
find_network(hnsclient::Client& hns, const Driver& driver, const libcni::Request& request);

/// The same; throws Error (code 11), naming the networks that exist, when it is missing.
hnsclient::Network
require_network(hnsclient::Client& hns, const Driver& driver, const libcni::Request& request);

/// Throws Error (code 11) that names the networks that exist.
[[noreturn]] void
refuse_missing_network(hnsclient::Client& hns, const Driver& driver, const std::string& name);

/// Throws Error (code 7) for a network of the conf's `ipam` that HNS could not make. A conf that
/// names other gateways is no fault while the network is there.
void require_makeable(const hnsclient::Network& wanted);

/// Makes the network of the conf's `createNetwork`. One that another call made meanwhile is as
/// good. It stays whatever becomes of the pod: making and removing one cuts the host off for
/// seconds.
hnsclient::Network make_network(hnsclient::Client& hns,
                                const Driver& driver,
                                const libcni::Request& request,
                                hnsclient::Network wanted);

/// Throws Error (code 7) when `createNetwork` asks for what this plugin or this API cannot make.
void check_new_network(const Driver& driver,
                       hnsclient::ApiVersion version,
                       const std::optional<hnsclient::Network>& wanted);

/// Loopback DSR is left out with a warning where HNS lacks it, as in the reference.
void drop_loopback_dsr_if_unsupported(hnsclient::Client& hns, EndpointConf& conf);

/// Takes away, with a warning, what version 1 has no words for.
void drop_what_api_lacks(const hnsclient::Client& hns, PlanInput& input);

/// What is gone needs no removing: others remove things between two calls, and an answer that was
/// lost may have been a good one.
template <class Work>
void unless_gone(Work work) {
    try {
        work();
    } catch (const hnsclient::HnsError& error) {
        if (error.kind() != hnsclient::ErrorKind::not_found) throw;
    }
}

/// Takes the endpoint out of whatever it is in; what is gone is success.
void detach_all(hnsclient::Client& hns, const hnsclient::Endpoint& endpoint);

/// Removes one endpoint, detaching it from wherever it is if HNS insists. Gone is success.
void remove_endpoint(hnsclient::Client& hns, const std::string& id);

} // namespace plugins
