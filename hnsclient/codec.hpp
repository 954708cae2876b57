// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/model.hpp"
#include "libcni/json_reader.hpp"

// The spelling of HNS objects. Each API has the same functions in a namespace of its own, so that
// the difference between two files is the difference between the APIs. Decoding throws
// libcni::BadShape and presets what HNS leaves out.
namespace hnsclient {

/// HCN: computenetwork.dll.
/// https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-json-document-schemas
namespace v2 {

nlohmann::json encode(const Network& network);
nlohmann::json encode(const Endpoint& endpoint);
nlohmann::json encode(const Namespace& hns_namespace);
nlohmann::json encode(const Policy& policy);

Network decode_network(const libcni::JsonReader& json);
Endpoint decode_endpoint(const libcni::JsonReader& json);
Namespace decode_namespace(const libcni::JsonReader& json);

} // namespace v2

/// HNS: vmcompute.dll. Undocumented; the names are those of hcsshim's internal/hns. An endpoint has
/// one address and one gateway of each family, no routes, and DNS without options.
namespace v1 {

nlohmann::json encode(const Network& network);
nlohmann::json encode(const Endpoint& endpoint);
nlohmann::json encode(const Policy& policy);

Network decode_network(const libcni::JsonReader& json);
Endpoint decode_endpoint(const libcni::JsonReader& json);

} // namespace v1

} // namespace hnsclient
