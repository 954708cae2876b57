// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hnsclient {

/// The protocol that a port is of, by IANA's number.
struct Protocol {
    std::uint32_t number = 0;

    static const Protocol tcp;
    static const Protocol udp;

    /// "tcp" or "udp" in any case; no value for anything else.
    static std::optional<Protocol> parse(std::string_view text);

    /// "tcp", "udp", or the number.
    [[nodiscard]] std::string name() const;

    friend bool operator==(const Protocol&, const Protocol&) = default;
};

inline constexpr Protocol Protocol::tcp{6};
inline constexpr Protocol Protocol::udp{17};

} // namespace hnsclient
