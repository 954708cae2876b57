// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "libcni/base/unicode.hpp"

namespace wincni {

namespace {

constexpr std::size_t gap = 2;

struct Block {
    char32_t first;
    char32_t last;

    [[nodiscard]] bool holds(char32_t c) const noexcept { return c >= first && c <= last; }
};

// Unicode 15: the blocks that matter in names, not every single character.
constexpr std::array combining{
    Block{0x0300, 0x036F}, Block{0x200B, 0x200F}, Block{0x20D0, 0x20FF}, Block{0xFE00, 0xFE0F}};
constexpr std::array wide{Block{0x1100, 0x115F},
                          Block{0x2E80, 0xA4CF},
                          Block{0xAC00, 0xD7A3},
                          Block{0xF900, 0xFAFF},
                          Block{0xFE30, 0xFE6F},
                          Block{0xFF00, 0xFF60},
                          Block{0xFFE0, 0xFFE6},
                          Block{0x1F300, 0x1FAFF},
                          Block{0x20000, 0x3FFFD}};

std::size_t width_of(char32_t c) {
    const auto holds = [c](const Block& block) { return block.holds(c); };
    if (std::ranges::any_of(combining, holds)) return 0;
    return std::ranges::any_of(wide, holds) ? 2 : 1;
}

bool is_control(char16_t unit) {
    const bool c0_or_c1 = unit < 0x20 || (unit >= 0x7F && unit < 0xA0);
    // Separators of lines and paragraphs, and what turns the direction of writing around.
    return c0_or_c1 || (unit >= 0x2028 && unit <= 0x202E) || (unit >= 0x2066 && unit <= 0x2069);
}

const std::string& shown(const std::string& cell) {
    static const std::string nothing = "-";
    return cell.empty() ? nothing : cell;
}

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& row) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
        widths[i] = std::max(widths[i], display_width(shown(row[i])));
}

std::string line(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string& cell = shown(row[i]);
        text += cell;
        if (i + 1 < row.size()) text.append(widths[i] - display_width(cell) + gap, ' ');
    }
    return text + "\n";
}

std::vector<std::string> all_printable(std::vector<std::string> cells) {
    for (auto& cell : cells)
        cell = printable(cell);
    return cells;
}

} // namespace

std::size_t display_width(std::string_view utf8) {
    std::size_t width = 0;
    const std::u16string units = libcni::to_utf16(utf8);
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t c = units[i];
        const bool is_pair = c >= 0xD800 && c < 0xDC00 && i + 1 < units.size();
        if (is_pair) c = 0x10000 + ((c - 0xD800) << 10U) + (units[++i] - 0xDC00U);
        width += width_of(c);
    }
    return width;
}

std::string printable(std::string_view utf8) {
    std::u16string units = libcni::to_utf16(utf8);
    std::ranges::replace_if(units, is_control, u'\xFFFD');
    return libcni::to_utf8(units);
}

Table::Table(std::vector<std::string> header) : header_(all_printable(std::move(header))) {}

void Table::add(std::vector<std::string> row) {
    rows_.push_back(all_printable(std::move(row)));
}

std::string Table::text() const {
    std::vector<std::size_t> widths;
    widen(widths, header_);
    for (const auto& row : rows_)
        widen(widths, row);
    std::string text = header_.empty() ? std::string() : line(header_, widths);
    for (const auto& row : rows_)
        text += line(row, widths);
    return text;
}

} // namespace wincni
