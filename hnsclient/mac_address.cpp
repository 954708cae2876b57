// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/mac_address.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hnsclient {

namespace {

/// Two digits at that place, or no value.
std::optional<std::uint8_t> read_byte(std::string_view text, std::size_t place) {
    std::uint8_t byte = 0;
    const char* const begin = text.data() + place;
    const auto result = std::from_chars(begin, begin + 2, byte, 16);
    if (result.ec != std::errc() || result.ptr != begin + 2) return std::nullopt;
    return byte;
}

/// "0e2a.0af4.0502" as "0e-2a-0a-f4-05-02"; any other text as it is.
std::string with_dashes(std::string_view text) {
    constexpr std::size_t length = 14;
    if (text.size() != length || text[4] != '.' || text[9] != '.') return std::string(text);
    std::string dashed;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') continue;
        if (dashed.size() % 3 == 2) dashed += '-';
        dashed += text[i];
    }
    return dashed;
}

} // namespace

MacAddress::MacAddress(const Bytes& bytes, std::string text)
    : bytes_(bytes), text_(std::move(text)) {}

std::optional<MacAddress> MacAddress::parse(std::string_view given) {
    constexpr std::size_t length = 17;
    const std::string text = with_dashes(given);
    if (text.size() != length) return std::nullopt;
    Bytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t place = 3 * i;
        if (i > 0 && text[place - 1] != '-' && text[place - 1] != ':') return std::nullopt;
        const auto byte = read_byte(text, place);
        if (!byte) return std::nullopt;
        bytes[i] = *byte;
    }
    std::string written = text;
    std::ranges::replace(written, ':', '-');
    return MacAddress(bytes, std::move(written));
}

} // namespace hnsclient
