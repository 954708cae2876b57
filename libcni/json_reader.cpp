// SPDX-License-Identifier: Apache-2.0
#include "libcni/json_reader.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"

namespace libcni {

namespace {

/// The value itself when it is short enough to show, else its type.
std::string shown(const nlohmann::json& value) {
    constexpr std::size_t longest = 60;
    if (value.is_structured() || value.is_binary()) return value.type_name();
    const auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

std::string bounds(const std::string& min, const std::string& max) {
    return "a whole number from " + min + " to " + max;
}

} // namespace

std::optional<JsonReader> JsonReader::find(std::string_view key) const {
    if (!value_->is_object()) mismatch("an object");
    const auto& members = value_->get_ref<const nlohmann::json::object_t&>();
    auto it = members.find(key);
    if (it == members.end()) {
        it = std::find_if(members.begin(), members.end(), [&](const auto& member) {
            return same_ignoring_case(member.first, key);
        });
    }
    if (it == members.end() || it->second.is_null()) return std::nullopt;
    return JsonReader(it->second, path_ + "." + it->first);
}

JsonReader JsonReader::require(std::string_view key) const {
    if (auto found = find(key)) return *found;
    throw BadShape(path_ + "." + std::string(key) + " is missing");
}

std::string JsonReader::text() const {
    if (!value_->is_string()) mismatch("a string");
    return value_->get<std::string>();
}

bool JsonReader::boolean() const {
    if (!value_->is_boolean()) mismatch("true or false");
    return value_->get<bool>();
}

std::int64_t JsonReader::signed_number(std::int64_t min, std::int64_t max) const {
    const std::string wanted = bounds(std::to_string(min), std::to_string(max));
    if (!value_->is_number_integer()) mismatch(wanted);
    if (value_->is_number_unsigned() && !std::in_range<std::int64_t>(value_->get<std::uint64_t>()))
        mismatch(wanted);
    const auto number = value_->get<std::int64_t>();
    if (number < min || number > max) mismatch(wanted);
    return number;
}

std::uint64_t JsonReader::unsigned_number(std::uint64_t max) const {
    const std::string wanted = bounds("0", std::to_string(max));
    if (!value_->is_number_integer()) mismatch(wanted);
    if (!value_->is_number_unsigned() && value_->get<std::int64_t>() < 0) mismatch(wanted);
    const auto number = value_->get<std::uint64_t>();
    if (number > max) mismatch(wanted);
    return number;
}

std::vector<JsonReader> JsonReader::elements() const {
    if (!value_->is_array()) mismatch("an array");
    std::vector<JsonReader> found;
    found.reserve(value_->size());
    for (const auto& element : *value_)
        found.emplace_back(element, path_ + "[" + std::to_string(found.size()) + "]");
    return found;
}

std::vector<std::string> JsonReader::texts() const {
    std::vector<std::string> found;
    if (value_->is_string()) {
        found.push_back(text());
    } else {
        if (!value_->is_array()) mismatch("an array of strings");
        for (const auto& element : elements())
            if (!element.json().is_null()) found.push_back(element.text());
    }
    std::erase(found, "");
    return found;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
    if (!value_->is_object()) mismatch("an object");
    std::vector<std::pair<std::string, JsonReader>> found;
    for (const auto& [key, value] : value_->items())
        found.emplace_back(key, JsonReader(value, path_ + "." + key));
    return found;
}

std::string JsonReader::text_or_empty(std::string_view key) const {
    const auto found = find(key);
    return found ? found->text() : std::string();
}

std::vector<std::string> JsonReader::texts_or_none(std::string_view key) const {
    const auto found = find(key);
    return found ? found->texts() : std::vector<std::string>();
}

bool JsonReader::is_object() const noexcept {
    return value_->is_object();
}

bool JsonReader::is_string() const noexcept {
    return value_->is_string();
}

bool JsonReader::is_array() const noexcept {
    return value_->is_array();
}

void JsonReader::mismatch(const std::string& wanted) const {
    throw BadShape(path_ + " must be " + wanted + ", not " + shown(*value_));
}

} // namespace libcni
