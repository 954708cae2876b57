// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/protocol.hpp"

#include <charconv>

#include "libcni/base/text.hpp"

namespace hnsclient {

std::optional<Protocol> Protocol::parse(std::string_view text) {
    if (libcni::same_ignoring_case(text, "tcp")) return tcp;
    if (libcni::same_ignoring_case(text, "udp")) return udp;
    // Some read a number that begins with 0 as octal: nobody can tell what is meant.
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    Protocol protocol;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, protocol.number);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    return protocol;
}

std::string Protocol::name() const {
    if (*this == tcp) return "tcp";
    if (*this == udp) return "udp";
    return std::to_string(number);
}

} // namespace hnsclient
