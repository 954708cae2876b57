// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/protocol.hpp"

#include "libcni/base/text.hpp"

namespace hnsclient {

std::optional<Protocol> Protocol::parse(std::string_view text) {
    if (libcni::same_ignoring_case(text, "tcp")) return tcp;
    if (libcni::same_ignoring_case(text, "udp")) return udp;
    return std::nullopt;
}

std::string Protocol::name() const {
    if (*this == tcp) return "tcp";
    if (*this == udp) return "udp";
    return std::to_string(number);
}

} // namespace hnsclient
