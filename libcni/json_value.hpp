// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <nlohmann/json_fwd.hpp>

namespace libcni {

/// A JSON value that headers can hold without paying for the JSON library: a value as any other,
/// compared by what it says, which copies share because nobody changes it.
class JsonValue {
public:
    /// An empty object.
    JsonValue();
    JsonValue(nlohmann::json value); // NOLINT(google-explicit-constructor): it is the same value

    [[nodiscard]] const nlohmann::json& operator*() const noexcept { return *value_; }

    [[nodiscard]] const nlohmann::json* operator->() const noexcept { return value_.get(); }

    friend bool operator==(const JsonValue& a, const JsonValue& b);

private:
    std::shared_ptr<const nlohmann::json> value_;
};

} // namespace libcni
