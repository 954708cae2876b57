// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/config.hpp"

namespace hnsclient::emulator {

/// The policies of an HCN request as the store keeps them: [{"Type", "Settings"}]. Throws Failure
/// for what is not of that shape.
nlohmann::json from_v2(const nlohmann::json& policies);

/// The policies of an HNS request, where settings stand beside the type, with HCN's words.
nlohmann::json from_v1(const nlohmann::json& policies);

/// Kept policies in HNS's way.
nlohmann::json to_v1(const nlohmann::json& policies);

/// Throws Failure for a policy that this version of Windows does not know, or that misses what
/// its type needs.
void check_endpoint_policies(const nlohmann::json& policies, const Version& version);

/// The ports of the host that the policies map, as "protocol/port/virtual IP".
std::vector<std::string> host_ports(const nlohmann::json& policies);

/// True when each port mapping, if there is one, has that flag.
bool all_mappings_have(const nlohmann::json& policies, unsigned flag);

/// True for routes and exceptions of OutBoundNAT that are no prefixes: HNS takes them, and then
/// cannot start a container on the endpoint.
bool has_unusable_prefix(const nlohmann::json& policies);

/// The policies of an endpoint on that network with those that HNS adds of its own.
nlohmann::json with_those_of_hns(const nlohmann::json& endpoint,
                                 const nlohmann::json& network,
                                 const Version& version);

/// The settings of the first policy of that type (any case); null when there is none.
nlohmann::json settings_of(const nlohmann::json& policies, std::string_view type);

/// Modifies a list of policies as HcnModifyNetwork and HcnModifyEndpoint do: "Add" appends,
/// "Remove" takes away equal ones (Failure when there is none), "Update" replaces those of the same
/// types.
void modify_policies(nlohmann::json& policies,
                     const nlohmann::json& changes,
                     std::string_view request_type);

} // namespace hnsclient::emulator
