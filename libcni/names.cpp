// SPDX-License-Identifier: Apache-2.0
#include "libcni/names.hpp"

#include <algorithm>

namespace libcni {

namespace {

bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
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
        return c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) <= 0x20U
               || c == '\x7F';
    });
    return bad ? "holds a slash, a colon, white space or a control character" : "";
}

} // namespace libcni
