// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wincni {

/// How many columns of a terminal the UTF-8 text takes: none for combining marks, two for the wide
/// characters of East Asia, one for anything else.
std::size_t display_width(std::string_view utf8);

/// The text with control characters (a name may hold any) and what is not UTF-8 replaced by U+FFFD,
/// so that it cannot steer a terminal or break a line.
std::string printable(std::string_view utf8);

/// Lines of aligned cells for people. The last column is not padded; empty cells show "-".
class Table {
public:
    /// Without a header the table has only rows.
    explicit Table(std::vector<std::string> header = {});

    void add(std::vector<std::string> row);

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

    /// Every line ends with "\n". With a number of columns the lines fit into them where that can
    /// be: IDs are shortened to what tells them apart, which commands take as well, then the widest
    /// cells are cut, which "…" shows.
    [[nodiscard]] std::string text(std::optional<std::size_t> columns = std::nullopt) const;

private:
    std::vector<std::string> header_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace wincni
