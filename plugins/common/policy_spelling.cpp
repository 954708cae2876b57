// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/policy_spelling.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "hnsclient/policy.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "libcni/unread_keys.hpp"

namespace plugins {

using libcni::JsonReader;
using Names = std::span<const std::string_view>;

namespace {

bool is_one_of(Names known, std::string_view name) {
    return std::ranges::any_of(
        known, [&](std::string_view one) { return libcni::same_ignoring_case(one, name); });
}

/// The known name that was probably meant; empty for a known one, and for one that is like none.
std::string_view meant_by(std::string_view name, Names known) {
    if (is_one_of(known, name)) return {};
    constexpr std::size_t short_name = 6;
    std::size_t lowest = name.size() < short_name ? 2 : 3;
    std::string_view nearest;
    for (const auto one : known) {
        const auto distance = libcni::distance_between(one, name);
        if (distance >= lowest) continue;
        lowest = distance;
        nearest = one;
    }
    return nearest;
}

void warn(const std::string& what, const std::string& meant) {
    libcni::log::warning(what + "; did you mean " + meant + "?");
}

void warn_of_type(const JsonReader& type) {
    const std::string text = type.text();
    const auto meant = meant_by(text, hnsclient::policy_types());
    if (!meant.empty())
        warn(type.path() + " \"" + text + "\" is no type that is known, and is sent as it is",
             '"' + std::string(meant) + '"');
}

void warn_of_settings(const JsonReader& settings, Names known) {
    for (const auto& [name, value] : settings.members()) {
        const auto meant = meant_by(name, known);
        if (!meant.empty())
            warn(value.path() + " is no setting that is known",
                 settings.path() + "." + std::string(meant));
    }
}

/// Where a policy has "Settings", nothing beside them and the type is read.
void warn_of_members(const JsonReader& policy, Names known, bool has_settings) {
    constexpr std::string_view own[] = {"Type", "Settings"};
    for (const auto& [name, value] : policy.members()) {
        const auto meant = meant_by(name, own);
        if (!meant.empty() && !is_one_of(known, name)) {
            warn(value.path() + " is read by nobody", policy.path() + "." + std::string(meant));
        } else if (has_settings && is_one_of(known, name)) {
            warn(value.path() + " is read by nobody beside Settings",
                 policy.path() + ".Settings." + name);
        }
    }
}

} // namespace

void warn_of_misspellings(const JsonReader& policy) {
    if (!policy.is_object()) return;
    const auto type = policy.find("Type");
    if (!type || !type->is_string()) return;
    warn_of_type(*type);
    const Names known = hnsclient::settings_of_type(type->text());
    if (known.empty()) return;
    const auto settings = policy.find("Settings");
    const bool has_settings = settings && settings->is_object();
    warn_of_members(policy, known, has_settings);
    warn_of_settings(has_settings ? *settings : policy, known);
}

} // namespace plugins
