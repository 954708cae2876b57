// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/api_version.hpp"

namespace hnsclient {

std::string_view name_of(ApiVersion version) noexcept {
    return version == ApiVersion::v1 ? "HNS v1" : "HCN (v2)";
}

} // namespace hnsclient
