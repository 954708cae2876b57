// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/network_folder.hpp"

#include <algorithm>
#include <array>

#include "libcni/json_reader.hpp"

namespace host_local {

namespace {

using libcni::same_ignoring_case;

/// Windows opens a device for these names, whatever follows a dot.
bool is_device(std::string_view name) {
    const std::string_view stem = name.substr(0, name.find('.'));
    constexpr std::array<std::string_view, 4> devices{"con", "prn", "aux", "nul"};
    if (std::ranges::any_of(devices, [&](auto d) { return same_ignoring_case(stem, d); }))
        return true;
    const bool numbered = stem.size() == 4 && stem.back() >= '1' && stem.back() <= '9';
    return numbered
           && (same_ignoring_case(stem.substr(0, 3), "com")
               || same_ignoring_case(stem.substr(0, 3), "lpt"));
}

} // namespace

std::string why_windows_misreads(std::string_view network) {
    if (is_device(network)) return "it is the name of a device to Windows";
    if (network.ends_with('.')) return "Windows drops the dot at its end";
    return {};
}

std::optional<std::string> same_to_windows(const std::vector<std::string>& names,
                                           std::string_view network) {
    const auto found = std::ranges::find_if(
        names, [&](const auto& n) { return n != network && same_ignoring_case(n, network); });
    if (found == names.end()) return std::nullopt;
    return *found;
}

} // namespace host_local
