// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/features.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace hnsclient {

namespace {

struct Range {
    Version first;
    Version last;
};

constexpr unsigned any = std::numeric_limits<unsigned>::max();
constexpr Version newest{any, any};
/// A range that holds no version, for features with one range only.
constexpr Range none{newest, {}};

struct Row {
    Feature feature;
    std::string_view name;
    std::string_view versions;
    Range ranges[2];
};

constexpr std::array rows{
    Row{Feature::v2_api, "the HCN (v2) API", "9.2 and later", {{{9, 2}, newest}, none}},
    Row{Feature::loopback_dsr,
        "loopback DSR policies",
        "9.3 to 9.x, 10.2 and later",
        {{{9, 3}, {9, any}}, {{10, 2}, newest}}},
    Row{Feature::slash_32_prefixes,
        "/32 endpoint prefixes",
        "9.3 to 9.x, 10.4 and later",
        {{{9, 3}, {9, any}}, {{10, 4}, newest}}},
    Row{Feature::vxlan_port,
        "a VXLAN port of its own",
        "10.3 and later",
        {{{10, 3}, newest}, none}},
    Row{Feature::ipv6_dual_stack, "IPv6 dual-stack", "11.10 and later", {{{11, 10}, newest}, none}},
};

const Row& row_of(Feature feature) noexcept {
    return *std::ranges::find(rows, feature, &Row::feature);
}

} // namespace

std::string_view name_of(Feature feature) noexcept {
    return row_of(feature).name;
}

std::string_view versions_of(Feature feature) noexcept {
    return row_of(feature).versions;
}

bool supports(const Version& version, Feature feature) noexcept {
    return std::ranges::any_of(row_of(feature).ranges, [&](const Range& range) {
        return version >= range.first && version <= range.last;
    });
}

} // namespace hnsclient
