// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/api_version.hpp"

namespace hnsclient {

/// What an API has words for; what a version of the service can do is in features.hpp.
struct Abilities {
    /// Endpoints are put into namespaces; without it into running containers.
    bool namespaces = false;
    /// Endpoints have routes beside the default one of each family.
    bool routes = false;
    /// DNS settings have options ("ndots:5").
    bool dns_options = false;
    /// An endpoint has several addresses of one family.
    bool several_addresses = false;
    /// An overlay network has a VXLAN port of its own.
    bool vxlan_port = false;
    /// Endpoints can be asked for by name; without it one answer with all of the node's is sifted.
    bool lookup_by_name = false;
    /// The caller chooses the ID of an endpoint.
    bool own_ids = false;
    /// Several containers use one endpoint, and each can be taken off by itself.
    bool sharing = false;
};

inline constexpr Abilities v1_abilities{.sharing = true};

inline constexpr Abilities v2_abilities{.namespaces = true,
                                        .routes = true,
                                        .dns_options = true,
                                        .several_addresses = true,
                                        .vxlan_port = true,
                                        .lookup_by_name = true,
                                        .own_ids = true};

/// The one table of what the two APIs can do.
constexpr const Abilities& abilities_of(ApiVersion version) noexcept {
    return version == ApiVersion::v1 ? v1_abilities : v2_abilities;
}

} // namespace hnsclient
