// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace libcni {

/// Runs what an ADD would need: whatever would make that fail leaves as Error(plugin_not_available)
/// for STATUS; codes 50 and 51 as they are (CNI spec 1.1.0, section "STATUS").
void as_not_available(const std::function<void()>& body);

} // namespace libcni
