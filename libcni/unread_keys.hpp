// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libcni/config.hpp"

namespace libcni {

/// A key that nobody reads, or that stands twice, as a person finds it: "conf.delegate.polices".
struct UnreadKey {
    std::string place;
    /// The key that was probably meant; empty when none is near.
    std::string meant = {};
    /// It is read, and there is another one of it in its object.
    bool is_twice = false;
};

/// What unread_keys() tells, as values.
std::vector<UnreadKey>
find_unread_keys(std::string_view plugin, const NetworkConfig& conf, bool is_delegate = false);

/// A sentence for each key of the conf that the plugin does not read, with the nearest one that it
/// does; for each entry of `capabilities` (which runtimes read in this very case) and
/// `runtimeConfig` that nobody reads; for keys that only other plugins act on, as `mtu`; and for
/// keys that are in an object twice. Keys of other plugins for the same confs, and of the spec, are
/// none. Nothing for a plugin that is not in the catalogue. `is_delegate`: one of ours called the
/// plugin, and looked already at `ipam` and for doubles; a Windows plugin is then flannel's
/// delegate, and its keys are told as `conf.delegate.X`.
std::vector<std::string>
unread_keys(std::string_view plugin, const NetworkConfig& conf, bool is_delegate = false);

/// How many letters must be put in, left out or exchanged to make one text of the other, in any
/// case of letters. Two neighbours that changed places count once.
std::size_t distance_between(std::string_view a, std::string_view b);

/// Writes what unread_keys() says to the log.
void warn_of_unread_keys(std::string_view plugin, const NetworkConfig& conf) noexcept;

} // namespace libcni
