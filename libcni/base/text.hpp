// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// What is done with text everywhere. Letters are those of ASCII: nothing here knows of other ones.
namespace libcni {

/// The text with the letters a to z as A to Z.
std::string upper_case(std::string_view text);

/// True when both texts are the same but for the case of ASCII letters.
bool same_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// The text without the blanks and line breaks that it begins and ends with.
std::string_view trimmed(std::string_view text) noexcept;

/// The text without the blanks, line breaks and other control characters, NUL among them, that it
/// ends with: what Windows and HNS write behind their sentences.
std::string_view without_trailing_blanks(std::string_view text) noexcept;

/// What stands between the separators: one part more than there are separators, and each may be
/// empty. The parts are views into the text.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Of a text that is about to go, nothing would be left to look at.
template <std::same_as<std::string> Text>
std::vector<std::string_view> split(Text&& text, char separator) = delete;

/// What stands between blanks; no word is empty. The words are views into the text.
std::vector<std::string_view> words(std::string_view text);

template <std::same_as<std::string> Text>
std::vector<std::string_view> words(Text&& text) = delete;

/// The text without the byte-order mark of UTF-8, which Windows' tools write before it.
std::string_view without_byte_order_mark(std::string_view text) noexcept;

/// True when the text begins with a byte-order mark of UTF-16, big or little endian.
bool has_utf16_mark(std::string_view text) noexcept;

/// True for characters that no line of text should hold: below the blank, and DEL.
bool is_control_character(char c) noexcept;

/// What `show` makes of each element, with the separator between them; nothing for no elements.
template <class Elements, class Show = std::identity>
std::string joined(const Elements& elements, std::string_view separator, Show show = {}) {
    std::string all;
    for (const auto& element : elements) {
        if (!all.empty()) all += separator;
        all += std::invoke(show, element);
    }
    return all;
}

} // namespace libcni
