// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/guid.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <random>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

namespace hnsclient {

namespace {

template <class Number>
bool read_hex(std::string_view digits, Number& number) {
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, number, 16);
    return result.ec == std::errc() && result.ptr == end;
}

template <class Number>
void append_hex(std::string& out, Number number, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        out += "0123456789ABCDEF"[(number >> shift) & 0xF];
}

std::string_view without_braces(std::string_view text) {
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') return text.substr(1, 36);
    return text;
}

} // namespace

std::optional<api::Guid> parse_guid(std::string_view text) {
    text = without_braces(text);
    if (text.size() != 36) return std::nullopt;
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        if (text[dash] != '-') return std::nullopt;

    api::Guid guid{};
    bool good = read_hex(text.substr(0, 8), guid.data1) && read_hex(text.substr(9, 4), guid.data2)
                && read_hex(text.substr(14, 4), guid.data3);
    constexpr std::array<std::size_t, 8> places{19, 21, 24, 26, 28, 30, 32, 34};
    for (std::size_t i = 0; i < places.size(); ++i)
        good = good && read_hex(text.substr(places[i], 2), guid.data4[i]);
    if (!good) return std::nullopt;
    return guid;
}

std::string to_text(const api::Guid& guid) {
    std::string out;
    out.reserve(36);
    append_hex(out, guid.data1, 8);
    out += '-';
    append_hex(out, guid.data2, 4);
    out += '-';
    append_hex(out, guid.data3, 4);
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == 0 || i == 2) out += '-';
        append_hex(out, guid.data4[i], 2);
    }
    return out;
}

api::Guid random_guid() {
    static_assert(sizeof(unsigned) == 4);
    std::random_device random;
    api::Guid guid{};
    guid.data1 = random();
    guid.data2 = static_cast<std::uint16_t>(random());
    guid.data3 = static_cast<std::uint16_t>((random() & 0x0FFFU) | 0x4000U);
    for (auto& byte : guid.data4)
        byte = static_cast<std::uint8_t>(random());
    guid.data4[0] = static_cast<std::uint8_t>((guid.data4[0] & 0x3FU) | 0x80U);
    return guid;
}

bool same_guid(std::string_view a, std::string_view b) {
    const auto first = parse_guid(a);
    return first && first == parse_guid(b);
}

std::string id_of_name(std::string_view name) {
    // wincni's own name space, so that nobody else's names give the same IDs.
    constexpr boost::uuids::uuid space{{0x6A,
                                        0x1E,
                                        0x0C,
                                        0xD4,
                                        0x5B,
                                        0x37,
                                        0x4F,
                                        0x0E,
                                        0x9D,
                                        0x42,
                                        0x77,
                                        0x69,
                                        0x6E,
                                        0x63,
                                        0x6E,
                                        0x69}};
    const auto made = boost::uuids::name_generator_sha1(space)(name.data(), name.size());
    const auto* const bytes = made.data;
    api::Guid guid{};
    for (std::size_t i = 0; i < 4; ++i)
        guid.data1 = (guid.data1 << 8U) | bytes[i];
    guid.data2 = static_cast<std::uint16_t>((bytes[4] << 8) | bytes[5]);
    guid.data3 = static_cast<std::uint16_t>((bytes[6] << 8) | bytes[7]);
    std::copy(bytes + 8, bytes + 16, guid.data4);
    return to_text(guid);
}

bool is_id_of_name(std::string_view id) {
    constexpr unsigned name_based = 5;
    const auto guid = parse_guid(id);
    return guid && guid->data3 >> 12U == name_based;
}

std::string new_id() {
    return to_text(random_guid());
}

} // namespace hnsclient
