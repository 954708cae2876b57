// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/wincni/conf/edit.hpp"

// What people write that is not JSON, and what they mean by it.
namespace wincni::conf {

/// What is wrong at a place.
enum class Flaw {
    byte_order_mark,
    no_break_space,
    comment,
    lone_backslash,
    trailing_comma,
    comma_missing,
    wrong_quotes,
    /// A quote or bracket is open at the end.
    cut_off
};

/// A flaw and the edits that mend it; none for what nobody can know.
struct Mend {
    Flaw flaw;
    Span span;
    std::vector<Edit> edits;
};

/// A text without its flaws.
class Mended {
public:
    std::string text;
    std::vector<Mend> mends;

    /// Where a byte of the mended text was before.
    [[nodiscard]] std::size_t original(std::size_t offset) const noexcept;

    /// Notes that the next byte of the mended text is this one of the original.
    void note(std::size_t original_offset);

private:
    /// Where the distance of both texts changes: offset in the mended one, and in the original.
    std::vector<std::pair<std::size_t, std::size_t>> steps_;
};

/// Goes over the text once and finds all flaws. What has none comes back as it is.
Mended mend(std::string_view text);

/// UTF-16 as UTF-8: text with a mark of it, or with a NUL before or behind its first character.
/// False and `text` unchanged when it is none.
bool take_from_utf16(std::string& text);

} // namespace wincni::conf
