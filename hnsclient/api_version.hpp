// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hnsclient {

/// Which API of HNS is spoken: HNS (vmcompute.dll, containers) or HCN (computenetwork.dll,
/// namespaces).
enum class ApiVersion { v1 = 1, v2 = 2 };

/// "HNS v1" or "HCN (v2)", for messages.
std::string_view name_of(ApiVersion version) noexcept;

} // namespace hnsclient
