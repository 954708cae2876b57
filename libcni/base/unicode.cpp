// SPDX-License-Identifier: Apache-2.0
#include "libcni/base/unicode.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace libcni {

namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr bool is_high_surrogate(char32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

constexpr bool is_low_surrogate(char32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

void append_utf16(std::u16string& out, char32_t c) {
    if (c < 0x10000) {
        out += static_cast<char16_t>(c);
        return;
    }
    out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
    out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
}

/// What a lead byte promises: how many bytes follow, and the range of the first of them, which is
/// what keeps out overlong forms, surrogates and values past U+10FFFF.
struct Lead {
    int following = 0;
    std::uint8_t first_low = 0x80;
    std::uint8_t first_high = 0xBF;
};

std::optional<Lead> lead_of(std::uint8_t byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return Lead{1};
    if (byte == 0xE0) return Lead{2, 0xA0, 0xBF};
    if (byte == 0xED) return Lead{2, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return Lead{2};
    if (byte == 0xF0) return Lead{3, 0x90, 0xBF};
    if (byte == 0xF4) return Lead{3, 0x80, 0x8F};
    if (byte >= 0xF1 && byte <= 0xF3) return Lead{3};
    return std::nullopt;
}

struct Decoded {
    char32_t character;
    std::size_t length;
};

Decoded decode_one(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    if (byte(0) < 0x80) return {byte(0), 1};
    const auto lead = lead_of(byte(0));
    if (!lead) return {replacement, 1};
    const auto total = static_cast<std::size_t>(lead->following) + 1;
    char32_t c = byte(0) & (0x3FU >> static_cast<unsigned>(lead->following));
    for (std::size_t i = 1; i < total; ++i) {
        const std::uint8_t low = i == 1 ? lead->first_low : std::uint8_t{0x80};
        const std::uint8_t high = i == 1 ? lead->first_high : std::uint8_t{0xBF};
        if (i >= text.size() || byte(i) < low || byte(i) > high) return {replacement, i};
        c = (c << 6) | (byte(i) & 0x3FU);
    }
    return {c, total};
}

} // namespace

std::string to_utf8(std::u16string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t unit = text[i];
        if (is_high_surrogate(unit) && i + 1 < text.size() && is_low_surrogate(text[i + 1])) {
            append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (text[i + 1] - 0xDC00U));
            ++i;
        } else {
            append_utf8(out,
                        is_high_surrogate(unit) || is_low_surrogate(unit) ? replacement : unit);
        }
    }
    return out;
}

std::u16string to_utf16(std::string_view text) {
    std::u16string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [character, length] = decode_one(text);
        append_utf16(out, character);
        text.remove_prefix(length);
    }
    return out;
}

} // namespace libcni
