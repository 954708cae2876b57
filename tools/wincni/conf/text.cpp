// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/text.hpp"

#include <algorithm>

namespace wincni::conf {

namespace {

bool continues_character(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

} // namespace

Text::Text(std::string bytes) : bytes_(std::move(bytes)), lines_{0} {
    for (std::size_t i = 0; i < bytes_.size(); ++i)
        if (bytes_[i] == '\n') lines_.push_back(i + 1);
}

std::string_view Text::at(const Span& span) const {
    const std::size_t offset = std::min(span.offset, bytes_.size());
    return std::string_view(bytes_).substr(offset, span.length);
}

Place Text::place_of(std::size_t offset) const {
    const std::size_t end = std::min(offset, bytes_.size());
    const auto next = std::ranges::upper_bound(lines_, end);
    const auto line = static_cast<std::size_t>(next - lines_.begin());
    const std::size_t begin = lines_[line - 1];
    return {line, characters_in(std::string_view(bytes_).substr(begin, end - begin)) + 1};
}

std::size_t Text::offset_of(const Place& place) const {
    const std::string_view text = line(place.line);
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (continues_character(text[i])) continue;
        if (++characters == place.column) return lines_[place.line - 1] + i;
    }
    return place.line > lines_.size() ? bytes_.size() : lines_[place.line - 1] + text.size();
}

std::string_view Text::line(std::size_t number) const {
    if (number == 0 || number > lines_.size()) return {};
    const std::size_t begin = lines_[number - 1];
    const std::size_t end = number < lines_.size() ? lines_[number] - 1 : bytes_.size();
    std::string_view line = std::string_view(bytes_).substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::size_t characters_in(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

} // namespace wincni::conf
