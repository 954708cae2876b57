// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/network_folder.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/json_reader.hpp"

namespace host_local {

std::optional<std::string> same_to_windows(const std::vector<std::string>& names,
                                           std::string_view network) {
    const auto found = std::ranges::find_if(names, [&](const auto& n) {
        return n != network && libcni::same_ignoring_case(n, network);
    });
    if (found == names.end()) return std::nullopt;
    return *found;
}

} // namespace host_local
