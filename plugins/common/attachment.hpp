// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "libcni/plugin_main.hpp"
#include "plugins/common/endpoint_plan.hpp"

// The six commands as all Windows plugins do them. A plugin says in which way it is special.
namespace plugins {

/// What makes one plugin differ from the others.
struct Driver {
    std::string_view name;
    /// Types of HNS networks that it works on, compared without regard to case.
    std::span<const std::string_view> network_types;
    /// Reads and checks the conf; throws as read_endpoint_conf() does.
    EndpointConf (*read_conf)(const libcni::Request&) = read_endpoint_conf;
    /// The endpoint for a pod; pure.
    hnsclient::Endpoint (*plan)(const PlanInput&) = nullptr;
    /// True for an address that belongs to the host and must not be a pod's even when IPAM gives
    /// it.
    bool (*is_reserved)(const PlanInput&, const libcni::IpConfig&) =
        [](const PlanInput&, const libcni::IpConfig&) { return false; };
    /// Throws libcni::Error for what the plugin cannot do on this network, and, asked again once
    /// IPAM has answered, with these addresses.
    void (*require)(const PlanInput&) = [](const PlanInput&) {};
    /// True when the plan needs the network's management address.
    bool needs_management_address = false;
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

/// The table of handlers of a plugin whose commands differ by its driver only.
template <const Driver& driver>
libcni::Handlers handlers(std::string_view about) {
    return {.name = driver.name,
            .about = about,
            .add = [](const libcni::Request& request) { return add(driver, request); },
            .del = [](const libcni::Request& request) { del(driver, request); },
            .check = [](const libcni::Request& request) { check(driver, request); },
            .status = [](const libcni::Request& request) { status(driver, request); },
            .gc = [](const libcni::Request& request) { gc(driver, request); }};
}

} // namespace plugins
