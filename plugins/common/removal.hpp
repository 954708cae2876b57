// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hnsclient/client.hpp"
#include "libcni/config.hpp"
#include "libcni/error.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ownership.hpp"
#include "plugins/common/pod.hpp"

// What DEL and GC remove.
namespace plugins {

/// Removes the attachment's endpoints; those that are gone are success. Throws libcni::Error that
/// names the endpoint.
void remove_endpoints(hnsclient::Client& hns, const Pod& pod, const Ownership& owner);

/// Takes a container off the endpoint that it shares with its sandbox, and leaves the endpoint to
/// the others.
void leave_endpoints(hnsclient::Client& hns, const Pod& pod, const Ownership& owner);

/// The endpoints of the conf's network that ADD made for attachments that are not valid any more.
/// Endpoints of flannel, kube-proxy and other nodes have names that ADD would not give, or are
/// remote.
std::vector<hnsclient::Endpoint> garbage(hnsclient::Client& hns,
                                         const libcni::NetworkConfig& conf,
                                         const std::vector<libcni::Attachment>& valid);

/// Removes one of them. Throws libcni::Error that names it.
void remove_garbage(hnsclient::Client& hns, const hnsclient::Endpoint& endpoint);

/// What went wrong while the rest was done all the same.
class Faults {
public:
    /// Runs `body` and keeps the error that it ends with.
    template <class Body>
    void gather(Body body) {
        try {
            translating(std::move(body));
        } catch (const libcni::Error& error) {
            add(error);
        }
    }

    [[nodiscard]] bool empty() const noexcept { return sentences_.empty(); }

    /// Throws libcni::Error with this message and all that was gathered; its code is that of all
    /// the faults, or hns_failure where they differ.
    void throw_if_any(const std::string& msg) const;

private:
    void add(const libcni::Error& error);

    std::vector<std::string> sentences_;
    libcni::ErrorCode code_ = libcni::ErrorCode::hns_failure;
};

} // namespace plugins
