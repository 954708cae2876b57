// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hnsclient/client.hpp"
#include "libcni/request.hpp"
#include "plugins/common/pod.hpp"

// Whose an endpoint is. A container may have several interfaces on one network (CNI spec 1.1.0,
// section 2: an attachment is a network, a container and an interface), and the Go plugins, whose
// name for an endpoint we keep, have no interface in it.
namespace plugins {

/// Tells the endpoints of one attachment from those of the container's other interfaces, and from
/// those of containers whose endpoints have the same name ("a_b" on "cbr0" and "a" on "b_cbr0").
/// Borrows request and pod.
class Ownership {
public:
    /// What the result of an earlier ADD tells counts for the commands that are given it (DEL,
    /// CHECK); one that does not read is as good as none.
    Ownership(const libcni::Request& request, const Pod& pod);

    /// True when the endpoint, which has one of the pod's names, is this attachment's: by its ID
    /// where we chose that, else by what the lease of its address says, by the result of ADD, and
    /// where nothing tells otherwise.
    [[nodiscard]] bool is_ours(hnsclient::Client& hns, const hnsclient::Endpoint& endpoint) const;

    /// Ours among those that endpoints_named_for() has found: where one has the name of this very
    /// interface, others of which nothing tells are not.
    [[nodiscard]] std::vector<hnsclient::Endpoint>
    ours_among(hnsclient::Client& hns, std::vector<hnsclient::Endpoint> named) const;

    /// This attachment's endpoints, on whichever network: none but foreign ones are read.
    [[nodiscard]] std::vector<std::string> ids(hnsclient::Client& hns) const;

private:
    [[nodiscard]] std::optional<bool> told(hnsclient::Client& hns,
                                           const hnsclient::Endpoint& endpoint) const;
    [[nodiscard]] std::optional<bool> told_by_id(const std::string& id) const;
    [[nodiscard]] std::optional<bool> told_by_lease(const hnsclient::Endpoint& endpoint) const;
    [[nodiscard]] std::optional<bool> told_by_result(const hnsclient::Endpoint& endpoint) const;
    [[nodiscard]] bool is_of_other_network(hnsclient::Client& hns,
                                           const hnsclient::Endpoint& endpoint) const;

    const libcni::Request& request_;
    const Pod& pod_;
    /// The ID that HCN's endpoint of this attachment has; HNS v1 lists it, too. Empty for commands
    /// without an interface.
    std::string own_id_;
    /// The addresses in prevResult.
    std::vector<libcni::Address> told_;
};

/// Every endpoint that has one of the pod's names, of whatever attachment.
std::vector<hnsclient::Endpoint> endpoints_named_for(hnsclient::Client& hns, const Pod& pod);

/// True when GC must keep this endpoint of network `network_name`, whose name is one that ADD would
/// give a container with these valid interfaces.
bool belongs_to_one_of(const libcni::NetworkConfig& conf,
                       const EndpointName& name,
                       const hnsclient::Endpoint& endpoint,
                       const std::vector<libcni::Attachment>& valid);

} // namespace plugins
