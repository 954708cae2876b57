// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/model.hpp"
#include "libcni/result.hpp"
#include "plugins/common/conf.hpp"

// What is known of the addresses of pods: before IPAM is asked, and after.
namespace plugins {

class EndpointKind;

/// The families of a pod's addresses; neither where nothing is known of them.
struct Families {
    bool v4 = false;
    bool v6 = false;
};

/// The families of these addresses.
Families families_of(const libcni::Result& addresses);

/// The families that pods on the network will have: those of host-local's ranges, or of the
/// network's subnets where HNS picks the addresses.
Families families_on(const EndpointConf& conf, const hnsclient::Network& network);

/// Throws libcni::Error (code 7) for IPv6 alone, and for a host port on an address of a family that
/// the pod has not. https://kubernetes.io/docs/concepts/services-networking/dual-stack/
void require_families(const EndpointConf& conf, const Families& families);

/// For STATUS: throws libcni::Error (code 7) when host-local's ranges give no pod an address that
/// this network takes, since they are outside of its subnets or hold the gateway and the host's
/// address only, or when there is neither an IPAM plugin nor a subnet of which HNS could give one.
void require_pod_addresses(const EndpointKind& kind, const hnsclient::Network& network);

} // namespace plugins
