// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"
#include "libcni/request.hpp"
#include "libcni/result.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/endpoint_kind.hpp"
#include "plugins/common/ownership.hpp"

// ADD's endpoint with addresses that nobody else has.
namespace plugins {

/// What an ADD makes its endpoint from. Everything is borrowed.
struct Order {
    hnsclient::Client& hns;
    const EndpointKind& kind;
    const libcni::Request& request;
    const Pod& pod;
    const Ownership& owner;
    /// What HNS can do of the kind's.
    const EndpointConf& conf;
    const hnsclient::Network& network;
};

/// The endpoint as HNS holds it, and the addresses that it was made with.
struct Made {
    hnsclient::Endpoint endpoint;
    libcni::Result addresses;
};

/// Takes addresses of IPAM's and makes the endpoint with them; both are on the undo stack.
/// Addresses that another endpoint has, which HNS refuses, go back and IPAM is asked for the next:
/// leases may be lost, or two networks share a range. It ends when IPAM gives the same again, has
/// no more, or has given more than other endpoints have; the error names the addresses and who has
/// them.
Made make_with_free_address(const Order& order, libcni::Undo& undo);

} // namespace plugins
