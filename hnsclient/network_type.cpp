// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/network_type.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"

namespace hnsclient {

namespace {

constexpr std::array types{
    NetworkType{.name = "NAT", .chooses_subnet = true, .has_nat = true},
    NetworkType{.name = "ICS", .has_nat = true},
    NetworkType{.name = "Transparent", .may_lack_subnet = true},
    NetworkType{.name = "L2Bridge", .has_bridge_address = true, .has_host_endpoint = true},
    NetworkType{.name = "L2Tunnel", .has_bridge_address = true},
    NetworkType{.name = "Overlay", .needs_vni = true},
    NetworkType{.name = "Private"},
    NetworkType{.name = "Internal"}};

} // namespace

const NetworkType* find_network_type(std::string_view name) noexcept {
    const auto found = std::ranges::find_if(types, [&](const NetworkType& type) {
        return libcni::same_ignoring_case(type.name, name);
    });
    return found == types.end() ? nullptr : &*found;
}

std::span<const NetworkType> network_types() noexcept {
    return types;
}

} // namespace hnsclient
