// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcni/ip.hpp"
#include "libcni/request.hpp"

namespace plugins {

/// A gateway that the author of a conf wrote down.
struct AuthorGateway {
    libcni::Address address;
    /// The addresses that it is for; absent means all of its family.
    std::optional<libcni::Cidr> subnet = {};
    /// Where it is written, for messages: "conf.ipam.gateway".
    std::string key = {};

    friend bool operator==(const AuthorGateway&, const AuthorGateway&) = default;
};

/// A range of host-local's.
struct PodRange {
    libcni::Cidr subnet;
    std::optional<libcni::Address> start = {};
    std::optional<libcni::Address> end = {};
    std::optional<libcni::Address> gateway = {};
};

/// What `ipam` tells about the addresses of pods before anybody is asked for one.
struct IpamConf {
    /// The IPAM plugin; empty where HNS picks the address.
    std::string type = {};
    /// In the order in which they count: default routes, `ipam.gateway`, those of ranges.
    std::vector<AuthorGateway> gateways = {};
    /// The places of the default routes in `ipam.routes`: "conf.ipam.routes[0]".
    std::vector<std::string> default_routes = {};
    /// host-local's range sets, as far as they can be read: what it refuses it names itself.
    std::vector<std::vector<PodRange>> sets = {};
    /// `ipam.subnet` is there, and empty: what a script leaves that found nothing.
    bool has_empty_subnet = false;
};

/// Reads it. Gateways of host-local's and of confs without an IPAM plugin are checked: throws
/// libcni::Error (code 7) that names the key. What other IPAM plugins mean by these keys is theirs.
IpamConf read_ipam_conf(const libcni::Request& request);

/// The gateways that `createNetwork` names. Throws libcni::Error (code 7).
std::vector<AuthorGateway> gateways_of_new_network(const libcni::Request& request);

/// The gateways ("GW" or "gateway") of the default routes in a list, in their order; a route
/// without a destination is one. Throws libcni::Error (code 7) for text that is not an address.
std::vector<AuthorGateway> gateways_in(const libcni::JsonReader& routes);

} // namespace plugins
