// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "libcni/base/text.hpp"

using libcni::joined;
using libcni::trimmed;
using Parts = std::vector<std::string_view>;

TEST_CASE("Only ASCII letters have two cases") {
    CHECK(libcni::same_ignoring_case("Policies", "pOLICIES"));
    CHECK_FALSE(libcni::same_ignoring_case("policies", "policie"));
    CHECK_FALSE(libcni::same_ignoring_case("\xC3\xA4", "\xC3\x84"));
    CHECK_FALSE(libcni::same_ignoring_case("[", "{"));
    CHECK_FALSE(libcni::same_ignoring_case("@", "`"));
}

TEST_CASE("Only ASCII letters have another case") {
    CHECK(libcni::upper_case("") == "");
    CHECK(libcni::upper_case("aZ09-{\xC3\xA4`") == "AZ09-{\xC3\xA4`");
}

TEST_CASE("Blanks and line breaks go at both ends, and nothing else does") {
    CHECK(trimmed("") == "");
    CHECK(trimmed(" \t\r\n\v\f") == "");
    CHECK(trimmed(" a b\r\n") == "a b");
    CHECK(trimmed("a") == "a");
    CHECK(trimmed(std::string_view("\0 a\0", 4)) == std::string_view("\0 a\0", 4));
}

TEST_CASE("What Windows writes behind a sentence goes, NUL too") {
    CHECK(libcni::without_trailing_blanks("") == "");
    CHECK(libcni::without_trailing_blanks(std::string_view(" It failed. \r\n\0", 15))
          == " It failed.");
    CHECK(libcni::without_trailing_blanks("\r\n") == "");
    CHECK(libcni::without_trailing_blanks("\xC3\xA4") == "\xC3\xA4");
}

TEST_CASE("A text is split at every separator, and parts may be empty") {
    CHECK(libcni::split("", ',') == Parts{""});
    CHECK(libcni::split("a", ',') == Parts{"a"});
    CHECK(libcni::split("a,b;c", ',') == Parts{"a", "b;c"});
    CHECK(libcni::split(",a,,b,", ',') == Parts{"", "a", "", "b", ""});
}

TEST_CASE("Words stand between blanks, and none is empty") {
    CHECK(libcni::words("").empty());
    CHECK(libcni::words(" \t ").empty());
    CHECK(libcni::words("\tsearch a.b  c\r") == Parts{"search", "a.b", "c"});
}

TEST_CASE("One byte-order mark of UTF-8 is left out, those of UTF-16 are told") {
    CHECK(libcni::without_byte_order_mark("\xEF\xBB\xBF{}") == "{}");
    CHECK(libcni::without_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBF") == "\xEF\xBB\xBF");
    CHECK(libcni::without_byte_order_mark("\xEF\xBB") == "\xEF\xBB");
    CHECK(libcni::without_byte_order_mark("") == "");
    CHECK(libcni::has_utf16_mark("\xFF\xFE{"));
    CHECK(libcni::has_utf16_mark("\xFE\xFF"));
    CHECK_FALSE(libcni::has_utf16_mark("\xEF\xBB\xBF{}"));
    CHECK_FALSE(libcni::has_utf16_mark(""));
}

TEST_CASE("Control characters are those below the blank, and DEL") {
    for (const char c : {'\0', '\t', '\n', '\x1F', '\x7F'})
        CHECK(libcni::is_control_character(c));
    for (const char c : {' ', 'a', '~', '\x80', '\xFF'})
        CHECK_FALSE(libcni::is_control_character(c));
}

TEST_CASE("Elements are joined with a separator between them only") {
    CHECK(joined(std::vector<std::string>{}, ", ") == "");
    CHECK(joined(std::vector<std::string>{"a"}, ", ") == "a");
    CHECK(joined(std::array<std::string_view, 3>{"a", "b", "c"}, ", ") == "a, b, c");
}

TEST_CASE("Elements are shown as they are asked to be") {
    struct Named {
        std::string name;
    };

    const auto doubled = [](int number) { return std::to_string(2 * number); };
    CHECK(joined(std::vector{1, 2}, "; ", doubled) == "2; 4");
    CHECK(joined(std::vector<Named>{{"x"}, {"y"}}, ",", &Named::name) == "x,y");
}
