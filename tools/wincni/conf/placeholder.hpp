// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace wincni::conf {

/// A text that a template or a script left where a value should be: "<cluster cidr>", "{{ .DNS }}",
/// "${SUBNET}", "SERVICE_SUBNET", "ip of host", "System.Object[]".
bool is_placeholder(std::string_view text) noexcept;

} // namespace wincni::conf
