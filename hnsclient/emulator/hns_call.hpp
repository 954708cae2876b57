// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/api.hpp"

namespace hnsclient::emulator {

/// vmcompute.dll's HNSCall: HNS v1 over the same objects.
///
/// GET, POST and DELETE of /networks/, /endpoints/ and /namespaces/, with and without an ID;
/// POST /endpoints/<id>/attach and /detach with {"ContainerId"}; POST /namespaces/<id>/addresource
/// and /removeresource with {"Type": "Endpoint", "Data": {"Id": "/endpoints/<id>"}};
/// GET /endpointstats/<id>, /policylists/ (always empty) and /globals/version.
api::HResult
hns_call(api::WideIn method, api::WideIn path, api::WideIn request, api::WideOut response);

} // namespace hnsclient::emulator
