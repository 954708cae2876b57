// SPDX-License-Identifier: Apache-2.0
#include "libcni/names.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"

namespace libcni {

namespace {

bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Windows opens a device for these names, whatever follows a dot.
bool is_device(std::string_view name) noexcept {
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

bool is_identifier(std::string_view text) noexcept {
    if (text.empty() || !is_letter_or_digit(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
    });
}

std::string_view fault_of_interface_name(std::string_view name) noexcept {
    constexpr std::size_t longest = 15;
    if (name.empty()) return "is empty";
    if (name.size() > longest) return "is longer than 15 characters";
    if (name == "." || name == "..") return "is \".\" or \"..\"";
    const bool bad = std::any_of(name.begin(), name.end(), [](char c) {
        return c == '/' || c == '\\' || c == ':' || c == ' ' || is_control_character(c);
    });
    return bad ? "holds a slash, a colon, white space or a control character" : "";
}

std::string_view why_windows_misreads(std::string_view name) noexcept {
    if (is_device(name)) return "it is the name of a Windows device";
    if (name.ends_with('.')) return "Windows drops the dot at its end";
    return {};
}

std::string_view without_exe(std::string_view type) noexcept {
    constexpr std::string_view suffix = ".exe";
    if (type.size() <= suffix.size()) return type;
    const std::string_view stem = type.substr(0, type.size() - suffix.size());
    return same_ignoring_case(type.substr(stem.size()), suffix) ? stem : type;
}

bool means_plugin(std::string_view type, std::string_view name) noexcept {
    return same_ignoring_case(without_exe(type), name);
}

} // namespace libcni
