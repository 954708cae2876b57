// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace host_local {

/// The name among `names` that Windows takes for the same as `network` though it is spelled
/// otherwise ("CBR0" and "cbr0"); no value when there is none.
std::optional<std::string> same_to_windows(const std::vector<std::string>& names,
                                           std::string_view network);

} // namespace host_local
