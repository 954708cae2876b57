// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/json_access.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/guid.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

[[noreturn]] void refuse(const char* key, const char* wanted) {
    throw Failure(Code::invalid_json, std::string(key) + " is not " + wanted + ". ");
}

const json* find(const json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

} // namespace

json parse_object(std::string_view text) {
    json parsed = json::parse(text, nullptr, false);
    if (!parsed.is_object()) throw Failure(Code::invalid_json);
    return parsed;
}

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string text_at(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr) return {};
    if (!value->is_string()) refuse(key, "a string");
    return value->get<std::string>();
}

json list_at(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr) return json::array();
    if (!value->is_array()) refuse(key, "an array");
    return *value;
}

json object_at(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr) return json::object();
    if (!value->is_object()) refuse(key, "an object");
    return *value;
}

unsigned number_at(const json& object, const char* key, unsigned highest) {
    const json* value = find(object, key);
    if (value == nullptr) return 0;
    // Numbers that are not negative are kept as unsigned, in full width.
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > highest)
        refuse(key, "a number in range");
    return value->get<unsigned>();
}

void require_known(const json& object, std::initializer_list<std::string_view> members) {
    if (!object.is_object()) return;
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(members, key) == members.end())
            throw Failure(Code::invalid_json,
                          "Invalid JSON document string. {{" + key + ",UnknownField}}");
}

void require_each_known(const json& list, std::initializer_list<std::string_view> members) {
    for (const auto& object : list)
        require_known(object, members);
}

std::string id_at(const json& object, const char* key) {
    const std::string text = text_at(object, key);
    if (text.empty()) return {};
    const auto guid = parse_guid(text);
    if (!guid) refuse(key, "a GUID");
    return *guid == api::Guid{} ? std::string() : to_text(*guid);
}

} // namespace hnsclient::emulator
