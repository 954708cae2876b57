// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace hnsclient::emulator {

/// Reading requests. An absent key and null are the empty value; a value of another type throws
/// Failure (invalid_json), which names the key.

/// The document as an object.
nlohmann::json parse_object(std::string_view text);

std::string text_at(const nlohmann::json& object, const char* key);

/// An array.
nlohmann::json list_at(const nlohmann::json& object, const char* key);

nlohmann::json object_at(const nlohmann::json& object, const char* key);

/// A whole number from 0 to the highest; 0 when absent.
unsigned number_at(const nlohmann::json& object, const char* key, unsigned highest);

/// The GUID of a key in upper case without braces; empty when absent, empty or all zero. Throws
/// Failure for other text.
std::string id_at(const nlohmann::json& object, const char* key);

} // namespace hnsclient::emulator
