// SPDX-License-Identifier: Apache-2.0
#include "libcni/json_value.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace libcni {

JsonValue::JsonValue() : JsonValue(nlohmann::json::object()) {}

JsonValue::JsonValue(nlohmann::json value)
    : value_(std::make_shared<const nlohmann::json>(std::move(value))) {}

bool operator==(const JsonValue& a, const JsonValue& b) {
    return a.value_ == b.value_ || *a == *b;
}

} // namespace libcni
