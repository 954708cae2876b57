// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <string_view>

namespace libcni {

/// A spec version that this code speaks, in order of age.
enum class SpecVersion { v0_1_0, v0_2_0, v0_3_0, v0_3_1, v0_4_0, v1_0_0, v1_1_0 };

inline constexpr std::array<std::string_view, 7> spec_version_names{
    "0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"};

constexpr std::string_view to_string(SpecVersion v) {
    return spec_version_names[static_cast<std::size_t>(v)];
}

/// No value when the text names a version that we do not speak. An absent cniVersion means 0.1.0.
constexpr std::optional<SpecVersion> parse_spec_version(std::string_view text) {
    if (text.empty()) return SpecVersion::v0_1_0;
    const auto it = std::find(spec_version_names.begin(), spec_version_names.end(), text);
    if (it == spec_version_names.end()) return std::nullopt;
    return static_cast<SpecVersion>(it - spec_version_names.begin());
}

static_assert(parse_spec_version("0.4.0") > SpecVersion::v0_3_1);
static_assert(!parse_spec_version("2.0.0"));

} // namespace libcni
