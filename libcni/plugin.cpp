// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin.hpp"

namespace libcni {

std::span<const std::string_view> Plugin::versions() const {
    return spec_version_names;
}

} // namespace libcni
