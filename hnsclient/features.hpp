// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "hnsclient/model.hpp"

namespace hnsclient {

/// What some versions of HNS can and others cannot; the ranges are those of hcsshim's hcn package.
enum class Feature { v2_api, loopback_dsr, slash_32_prefixes, vxlan_port, ipv6_dual_stack };

/// A name for messages ("loopback DSR policies").
std::string_view name_of(Feature feature) noexcept;

/// The first version of HNS that has it ("9.3 to 9.x, 10.2 and later").
std::string_view versions_of(Feature feature) noexcept;

bool supports(const Version& version, Feature feature) noexcept;

} // namespace hnsclient
