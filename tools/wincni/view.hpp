// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/model.hpp"

// HNS objects as this command shows them. The keys of the JSON are a promise to scripts: they are
// listed in docs/tools.md.
namespace wincni {

nlohmann::ordered_json to_json(const hnsclient::Network& network);
nlohmann::ordered_json to_json(const hnsclient::Endpoint& endpoint);
nlohmann::ordered_json to_json(const hnsclient::Namespace& hns_namespace);

/// One document, indented, with a line end; what is not UTF-8 is replaced.
std::string document(const nlohmann::ordered_json& json);

/// Everything that is known of one object, a line each, for people.
std::string details(const hnsclient::Network& network);
std::string details(const hnsclient::Endpoint& endpoint);
std::string details(const hnsclient::Namespace& hns_namespace);

/// "10.244.4.2/24", or without the length when HNS has none.
std::string text_of(const hnsclient::EndpointAddress& address);

} // namespace wincni
