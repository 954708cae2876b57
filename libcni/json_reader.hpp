// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace libcni {

/// The JSON is not what the reader expects; what() names the place.
class BadShape : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Reads JSON as Go's decoder does (exact key, else any case; null means absent) and says where it
/// found what. Every reading function throws BadShape when the value has another type or does not
/// fit. Borrows the JSON value, which must outlive the reader.
class JsonReader {
public:
    JsonReader(const nlohmann::json& value, std::string path)
        : value_(&value), path_(std::move(path)) {}

    JsonReader(const nlohmann::json&& value, std::string path) = delete;

    /// No value when the key is absent or null.
    [[nodiscard]] std::optional<JsonReader> find(std::string_view key) const;

    /// Like find(), but an absent key is BadShape.
    [[nodiscard]] JsonReader require(std::string_view key) const;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool boolean() const;

    template <std::integral T>
    [[nodiscard]] T number() const {
        using Limits = std::numeric_limits<T>;
        if constexpr (std::signed_integral<T>)
            return static_cast<T>(signed_number(Limits::min(), Limits::max()));
        else
            return static_cast<T>(unsigned_number(Limits::max()));
    }

    /// The elements of an array, each with its own path ("conf.routes[2]").
    [[nodiscard]] std::vector<JsonReader> elements() const;

    /// A list of strings. One string stands for a list of one, because PowerShell's ConvertTo-Json
    /// unrolls such lists; nulls and empty strings are left out.
    [[nodiscard]] std::vector<std::string> texts() const;

    /// The members of an object in the order of their keys.
    [[nodiscard]] std::vector<std::pair<std::string, JsonReader>> members() const;

    /// The text of key `key`, or empty when it is absent.
    [[nodiscard]] std::string text_or_empty(std::string_view key) const;

    /// The texts of key `key`, or none when it is absent.
    [[nodiscard]] std::vector<std::string> texts_or_none(std::string_view key) const;

    [[nodiscard]] bool is_object() const noexcept;
    [[nodiscard]] bool is_string() const noexcept;
    [[nodiscard]] bool is_array() const noexcept;

    [[nodiscard]] const nlohmann::json& json() const noexcept { return *value_; }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// Throws BadShape: "<path> must be <wanted>, not <the value>".
    [[noreturn]] void mismatch(const std::string& wanted) const;

private:
    [[nodiscard]] std::int64_t signed_number(std::int64_t min, std::int64_t max) const;
    [[nodiscard]] std::uint64_t unsigned_number(std::uint64_t max) const;

    const nlohmann::json* value_;
    std::string path_;
};

} // namespace libcni
