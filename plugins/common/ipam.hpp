// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "hnsclient/client.hpp"
#include "libcni/command.hpp"
#include "libcni/result.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/endpoint_kind.hpp"
#include "plugins/common/ownership.hpp"

namespace plugins {

/// Throws when the conf's IPAM plugin is not on disk, or is none: found out before anything is
/// taken.
void require_ipam(const libcni::Request& request);

/// True when ADD could have had no address by this conf and CNI_PATH, for which require_ipam()
/// refuses them; the reason is in the log. Throws what else require_ipam() does.
bool lacks_ipam(const libcni::Request& request);

/// The addresses of one ADD, from the conf's IPAM plugin. No more than what it gave last is
/// reserved at any time, so that a DEL finds all there is, also after this process was killed.
class AddressSource {
public:
    /// Everything is borrowed and must outlive the undo stack.
    AddressSource(hnsclient::Client& hns,
                  const EndpointKind& kind,
                  const libcni::Request& request,
                  const Ownership& owner,
                  const hnsclient::Network& network,
                  libcni::Undo& undo)
        : hns_(hns)
        , kind_(kind)
        , request_(request)
        , owner_(owner)
        , network_(network)
        , undo_(undo) {}

    /// Asks for addresses and pushes their release; without an IPAM plugin there are none, and HNS
    /// chooses. An address that is reserved is given back and another one asked for.
    /// Nothing is released while HNS still holds an endpoint of the attachment.
    libcni::Result take();

    /// Gives back what IPAM gave last and takes what it gives then: one that goes round its
    /// addresses, as host-local, moves on.
    libcni::Result take_another();

private:
    /// What IPAM gave last.
    struct Lease {
        libcni::Result given;
        bool is_held = true;
    };

    void push_release();

    hnsclient::Client& hns_;
    const EndpointKind& kind_;
    const libcni::Request& request_;
    const Ownership& owner_;
    const hnsclient::Network& network_;
    libcni::Undo& undo_;
    /// Shared with the undo step.
    std::shared_ptr<Lease> lease_;
};

/// "10.244.4.3, fd00::3"
std::string addresses_in(const libcni::Result& result);

/// Leases the addresses of an endpoint that is there again where host-local's leases of it are
/// lost, as after a wiped dataDir: else the next pod would be given them. What does not work is a
/// warning: the pod runs.
void renew_leases(const libcni::Request& request, const hnsclient::Endpoint& endpoint);

/// DEL of the conf's IPAM plugin; nothing without one.
void release_addresses(const libcni::Request& request);

/// CHECK, STATUS or GC of the conf's IPAM plugin; nothing without one.
void pass_to_ipam(libcni::Command command, const libcni::Request& request);

} // namespace plugins
