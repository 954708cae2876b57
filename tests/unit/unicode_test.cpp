// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "libcni/base/unicode.hpp"

using libcni::to_utf16;
using libcni::to_utf8;

TEST_CASE("Every character survives the way to UTF-16 and back") {
    for (char32_t c = 1; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        std::u16string wide;
        if (c < 0x10000) {
            wide += static_cast<char16_t>(c);
        } else {
            wide += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
            wide += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
        }
        REQUIRE(to_utf16(to_utf8(wide)) == wide);
    }
}

TEST_CASE("UTF-8 is written as everybody writes it") {
    CHECK(to_utf8(u"aü日\U0001F600") == "a\xC3\xBC\xE6\x97\xA5\xF0\x9F\x98\x80");
    CHECK(to_utf16("a\xC3\xBC\xE6\x97\xA5\xF0\x9F\x98\x80") == u"aü日\U0001F600");
    CHECK(to_utf8(u"").empty());
    CHECK(to_utf16("").empty());
}

TEST_CASE("A surrogate without its partner becomes U+FFFD and harms no neighbour") {
    CHECK(to_utf8(std::u16string{u'a', 0xD83D, u'b'})
          == "a\xEF\xBF\xBD"
             "b");
    CHECK(to_utf8(std::u16string{0xDE00, 0xD83D}) == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(to_utf8(std::u16string{0xD83D, 0xD83D, 0xDE00}) == "\xEF\xBF\xBD\xF0\x9F\x98\x80");
}

TEST_CASE("What is not UTF-8 becomes U+FFFD") {
    CHECK(to_utf16("a\x80z") == u"a\xFFFDz");
    CHECK(to_utf16("\xC0\xAF") == u"\xFFFD\xFFFD");
    CHECK(to_utf16("\xE0\x9F\xBF") == u"\xFFFD\xFFFD\xFFFD");
    CHECK(to_utf16("\xED\xA0\x80") == u"\xFFFD\xFFFD\xFFFD");
    CHECK(to_utf16("\xF4\x90\x80\x80") == u"\xFFFD\xFFFD\xFFFD\xFFFD");
    CHECK(to_utf16("\xF8\x88\x80\x80\x80") == u"\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD");
}

TEST_CASE("A character that is cut short is one U+FFFD") {
    CHECK(to_utf16("\xE6\x97") == u"\xFFFD");
    CHECK(to_utf16("\xF0\x9F\x98z") == u"\xFFFDz");
    CHECK(to_utf16("\xC3") == u"\xFFFD");
}

TEST_CASE("Any bytes at all give text that survives a second round") {
    std::string bytes;
    unsigned state = 1;
    for (int i = 0; i < 20000; ++i) {
        state = state * 1103515245U + 12345U;
        bytes += static_cast<char>(state >> 16);
    }
    const auto wide = to_utf16(bytes);
    CHECK(to_utf16(to_utf8(wide)) == wide);
}
