// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hnsclient/client.hpp"

// The endpoint by which the host is on an l2bridge network itself: pods send through its address
// what is not for their own subnet. flanneld makes the same ("cbr0_ep").
namespace hnsclient {

/// "<network>_ep".
std::string host_endpoint_name(const Network& network);

/// The host's addresses on a network of a type that has such an endpoint: base + 2 of each subnet,
/// but for one that the author made the subnet's gateway. Empty for networks of other types.
std::vector<libcni::Address> host_addresses(const Network& network);

/// What there is of it. Unattached: who made it was stopped before it was the host's, and HNS says
/// so (State 1).
enum class HostEndpoint { missing, unattached, attached };

/// Missing when no endpoint of the network has one of host_addresses(). One round trip where it has
/// the usual name; else all endpoints of the network are read.
HostEndpoint find_host_endpoint(Client& client, const Network& network);

/// Makes the endpoint and puts it into the host's compartment. One of that name that is there with
/// these addresses is as good; one with others goes first, as flanneld does it. Throws HnsError,
/// and gives back what it made.
Endpoint make_host_endpoint(Client& client, const Network& network);

/// Whether an interface that Windows does not show yet is waited for, two seconds each.
enum class Haste { patient, at_once };

/// Lets the host forward on the interfaces of its management address and of host_addresses(), which
/// Windows may show a moment after the attachment. A sentence for each that could not be.
std::vector<std::string>
forward_on(Client& client, const Network& network, Haste haste = Haste::patient);

} // namespace hnsclient
