// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/table.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "hnsclient/guid.hpp"
#include "libcni/base/unicode.hpp"

namespace wincni {

namespace {

constexpr std::size_t gap = 2;

using Rows = std::vector<std::vector<std::string>>;

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

std::vector<std::size_t> widths_of(const Rows& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        widen(widths, row);
    return widths;
}

std::size_t width_of(const std::vector<std::size_t>& widths) {
    return std::accumulate(
        widths.begin(), widths.end(), gap * (std::max<std::size_t>(widths.size(), 1) - 1));
}

/// The GUIDs of a column, each once.
std::vector<std::string> ids_in(const Rows& rows, std::size_t column) {
    std::vector<std::string> ids;
    for (const auto& row : rows)
        if (column < row.size() && hnsclient::parse_guid(row[column])) ids.push_back(row[column]);
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

/// How much of the beginning of each tells them apart; eight at least, the first part of a GUID.
std::size_t telling_length(const std::vector<std::string>& sorted_ids) {
    std::size_t length = 8;
    for (std::size_t i = 1; i < sorted_ids.size(); ++i) {
        const auto& before = sorted_ids[i - 1];
        const auto differ = std::ranges::mismatch(before, sorted_ids[i]).in1;
        length = std::max(length, static_cast<std::size_t>(differ - before.begin()) + 1);
    }
    return length;
}

void shorten_ids(Rows& rows, std::size_t column) {
    const auto ids = ids_in(rows, column);
    const std::size_t length = telling_length(ids);
    for (auto& row : rows)
        if (column < row.size() && std::ranges::binary_search(ids, row[column]))
            row[column].resize(length);
}

/// The beginning of a cell, as much as fits beside the sign that it is cut.
std::string cut(const std::string& cell, std::size_t columns) {
    if (display_width(cell) <= columns) return cell;
    std::u16string units = libcni::to_utf16(cell);
    while (!units.empty() && display_width(libcni::to_utf8(units)) + 1 > columns) {
        const bool is_pair = units.size() > 1 && (units.back() & 0xFC00U) == 0xDC00U;
        units.resize(units.size() - (is_pair ? 2 : 1));
    }
    return libcni::to_utf8(units) + "…";
}

/// Cuts the widest column; false when none can be cut any more.
bool cut_widest(Rows& rows, std::size_t too_many) {
    constexpr std::size_t least = 10;
    const auto widths = widths_of(rows);
    const auto widest = std::ranges::max_element(widths);
    if (widest == widths.end() || *widest <= least) return false;
    // Not beyond the next one, which is then as wide.
    std::size_t next = least;
    for (auto width = widths.begin(); width != widths.end(); ++width)
        if (width != widest) next = std::max(next, std::min(*width, *widest - 1));
    const std::size_t wanted = *widest > too_many ? *widest - too_many : 0;
    const auto column = static_cast<std::size_t>(widest - widths.begin());
    for (auto& row : rows)
        if (column < row.size()) row[column] = cut(row[column], std::max(next, wanted));
    return true;
}

void fit(Rows& rows, std::size_t columns) {
    const auto too_many = [&] {
        const std::size_t width = width_of(widths_of(rows));
        return width > columns ? width - columns : 0;
    };
    for (std::size_t i = widths_of(rows).size(); i > 0 && too_many() > 0; --i)
        shorten_ids(rows, i - 1);
    while (too_many() > 0 && cut_widest(rows, too_many())) {
    }
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

std::string Table::text(std::optional<std::size_t> columns) const {
    Rows rows = rows_;
    if (!header_.empty()) rows.insert(rows.begin(), header_);
    if (columns) fit(rows, *columns);
    const auto widths = widths_of(rows);
    std::string text;
    for (const auto& row : rows)
        text += line(row, widths);
    return text;
}

} // namespace wincni
