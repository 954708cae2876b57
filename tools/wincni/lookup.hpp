// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hnsclient/client_v2.hpp"

// Finds the object that a person means. A reference is an ID (a GUID in either case, with or
// without braces), else a name, in the exact case, else the beginning of an ID. Throws Refusal when
// there is no such object, or several.
namespace wincni {

hnsclient::Network require_network(hnsclient::ClientV2& client, const std::string& reference);

hnsclient::Endpoint require_endpoint(hnsclient::ClientV2& client, const std::string& reference);

/// Namespaces have no names.
hnsclient::Namespace require_namespace(hnsclient::ClientV2& client, const std::string& reference);

} // namespace wincni
