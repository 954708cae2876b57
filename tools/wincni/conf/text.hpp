// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wincni::conf {

/// Bytes of a text.
struct Span {
    std::size_t offset = 0;
    std::size_t length = 0;

    [[nodiscard]] std::size_t end() const noexcept { return offset + length; }

    /// Both have a byte in common, or begin at the same one.
    [[nodiscard]] bool overlaps(const Span& other) const noexcept {
        return offset == other.offset || (offset < other.end() && other.offset < end());
    }

    /// All of the other one is in this one.
    [[nodiscard]] bool holds(const Span& other) const noexcept {
        return offset <= other.offset && other.end() <= end();
    }

    friend bool operator==(const Span&, const Span&) = default;
};

/// As an editor counts: from 1, in characters.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;

    friend bool operator==(const Place&, const Place&) = default;
};

/// A file's text in UTF-8, with its lines.
class Text {
public:
    explicit Text(std::string bytes);

    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

    [[nodiscard]] std::string_view at(const Span& span) const;

    /// A byte behind the end counts as the end.
    [[nodiscard]] Place place_of(std::size_t offset) const;

    /// The byte where that character is; one behind the line's end counts as its end.
    [[nodiscard]] std::size_t offset_of(const Place& place) const;

    /// The line of that number, without its line break; empty when there is none.
    [[nodiscard]] std::string_view line(std::size_t number) const;

private:
    std::string bytes_;
    /// Where each line begins.
    std::vector<std::size_t> lines_;
};

/// The text between quotes.
std::string in_quotes(std::string_view text);

/// How many characters the text has.
std::size_t characters_in(std::string_view text) noexcept;

} // namespace wincni::conf
