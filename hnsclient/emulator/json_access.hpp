// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace hnsclient::emulator {

/// Reading requests. An absent key and null are the empty value; a value of another type throws
/// Failure (invalid_json), which names the key.

/// The document as an object.
nlohmann::json parse_object(std::string_view text);

/// ASCII only, as GUIDs are.
std::string lower_case(std::string text);

std::string text_at(const nlohmann::json& object, const char* key);

/// An array.
nlohmann::json list_at(const nlohmann::json& object, const char* key);

nlohmann::json object_at(const nlohmann::json& object, const char* key);

/// A whole number from 0 to the highest; 0 when absent.
unsigned number_at(const nlohmann::json& object, const char* key, unsigned highest);

/// Throws Failure (invalid_json) for the first member that is not one of these, with its name as
/// HCN gives it.
void require_known(const nlohmann::json& object, std::initializer_list<std::string_view> members);

/// The same of each object in a list.
void require_each_known(const nlohmann::json& list,
                        std::initializer_list<std::string_view> members);

/// The GUID of a key in upper case without braces; empty when absent, empty or all zero. Throws
/// Failure for other text.
std::string id_at(const nlohmann::json& object, const char* key);

} // namespace hnsclient::emulator
