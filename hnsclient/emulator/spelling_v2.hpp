// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

/// HCN's spelling of what the store keeps. Requests that are not of HCN's shape throw Failure.
namespace hnsclient::emulator::v2 {

/// A network as it is asked for, in the store's spelling, with nothing filled in.
nlohmann::json read_network(const nlohmann::json& settings);

nlohmann::json write_network(const nlohmann::json& network);

/// An endpoint as it is asked for, in the store's spelling, with nothing filled in.
nlohmann::json read_endpoint(const nlohmann::json& settings);

nlohmann::json write_endpoint(const nlohmann::json& endpoint);

nlohmann::json write_namespace(const nlohmann::json& name_space);

} // namespace hnsclient::emulator::v2
