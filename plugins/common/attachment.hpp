// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "libcni/plugin_main.hpp"
#include "plugins/common/endpoint_plan.hpp"

// The six commands as all Windows plugins do them. A plugin says in which way it is special.
namespace plugins {

/// What makes one plugin differ from the others.
struct Driver {
    std::string_view name;
    /// Types of HNS networks that it works on, compared without regard to case.
    std::vector<std::string_view> network_types;
    /// The endpoint for a pod; pure.
    hnsclient::Endpoint (*plan)(const PlanInput&) = nullptr;
    /// True for an address that belongs to the host and must not be a pod's even when IPAM gives
    /// it.
    bool (*is_reserved)(const PlanInput&, const libcni::IpConfig&) = nullptr;
};

/// Makes the pod's endpoint and puts it into its namespace. Gives back on failure what this call
/// took.
libcni::Result add(const Driver& driver, const libcni::Request& request);

/// Removes the pod's endpoint, then releases its address: never an address that HNS still holds an
/// endpoint for. What is gone already is success.
void del(const Driver& driver, const libcni::Request& request);

/// Compares what HNS holds with what ADD would make; lists every difference.
void check(const Driver& driver, const libcni::Request& request);

/// Can an ADD succeed now? Codes 50 and 51 of the CNI spec.
void status(const Driver& driver, const libcni::Request& request);

/// Removes the endpoints that ADD of this conf made for containers that are not valid any more.
void gc(const Driver& driver, const libcni::Request& request);

} // namespace plugins
