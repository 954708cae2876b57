// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

// Every key of a network configuration that our plugins read, in one place. docs/configuration.md
// says the same at length; a test compares the two.
namespace libcni {

/// The plugins that read a key, as bits.
using PluginSet = unsigned;

inline constexpr PluginSet of_host_local = 1U << 0U;
inline constexpr PluginSet of_win_bridge = 1U << 1U;
inline constexpr PluginSet of_win_overlay = 1U << 2U;
inline constexpr PluginSet of_nat = 1U << 3U;
inline constexpr PluginSet of_sdnbridge = 1U << 4U;
inline constexpr PluginSet of_sdnoverlay = 1U << 5U;
inline constexpr PluginSet of_flannel = 1U << 6U;
inline constexpr PluginSet of_overlays = of_win_overlay | of_sdnoverlay;
inline constexpr PluginSet of_windows = of_win_bridge | of_nat | of_sdnbridge | of_overlays;
inline constexpr PluginSet of_microsoft = of_nat | of_sdnbridge | of_sdnoverlay;
inline constexpr PluginSet of_all = of_windows | of_flannel | of_host_local;

/// One key.
struct KeyFacts {
    /// From the top of the conf, "[]" for each list on the way: "ipam.ranges[][].subnet".
    std::string_view path;
    PluginSet plugins;
    std::string_view type;
    /// What holds when the key is absent; empty for nothing.
    std::string_view otherwise;
    /// The API that is needed for it: "2", or empty for either.
    std::string_view api;
    /// A sentence, or empty for a key that other plugins or runtimes know and ours do not read.
    std::string_view about;
    /// Other spellings met in the field, separated by blanks.
    std::string_view aliases = {};
};

/// All keys, those of one object together.
std::span<const KeyFacts> key_catalogue() noexcept;

/// The bit of a plugin by its name; 0 for any other name.
PluginSet plugin_set_of(std::string_view plugin) noexcept;

/// The path of the object that holds the key: "ipam.ranges[][]", or empty for the conf itself.
std::string_view parent_of(std::string_view path) noexcept;

/// The last part of a path: "subnet".
std::string_view name_of(const KeyFacts& key) noexcept;

} // namespace libcni
