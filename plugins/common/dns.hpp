// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/request.hpp"

namespace plugins {

/// `dns` of the conf, overridden by the lists that `runtimeConfig.dns` fills (an empty list wipes
/// nothing). With `appendNamespaceToSearch: true`, one cluster suffix in `dns.search`, no searches
/// from the runtime and K8S_POD_NAMESPACE known, "<namespace>.<suffix>" comes first: Windows
/// resolves with the first suffix only.
libcni::Dns effective_dns(const libcni::Request& request);

} // namespace plugins
