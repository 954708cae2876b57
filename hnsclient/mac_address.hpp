// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hnsclient {

/// A MAC address (EUI-48). It is compared by its bytes, and keeps the case in which it was written:
/// peers compute the text of an overlay's, and may compare it letter by letter.
class MacAddress {
public:
    using Bytes = std::array<std::uint8_t, 6>;

    /// Six bytes in hex of either case, with "-" or ":" between them, or "." after every second one
    /// as switches write them ("0e2a.0af4.0502"); no value for anything else.
    static std::optional<MacAddress> parse(std::string_view text);

    [[nodiscard]] const Bytes& bytes() const noexcept { return bytes_; }

    /// As it was written, with "-" between the bytes, as HNS has it: "0E-2A-0a-f4-05-02".
    [[nodiscard]] const std::string& to_string() const noexcept { return text_; }

    friend bool operator==(const MacAddress& a, const MacAddress& b) noexcept {
        return a.bytes_ == b.bytes_;
    }

    friend std::strong_ordering operator<=>(const MacAddress& a, const MacAddress& b) noexcept {
        return a.bytes_ <=> b.bytes_;
    }

private:
    MacAddress(const Bytes& bytes, std::string text);

    Bytes bytes_;
    std::string text_;
};

} // namespace hnsclient
