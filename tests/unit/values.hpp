// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/ip.hpp"

/// The address of that text; the test fails when it is not one.
inline libcni::Address ip(std::string_view text) {
    return libcni::parse_address(text).value();
}

/// The address and prefix length of a text like "10.244.4.0/24"; the test fails when it is not one.
inline libcni::Cidr cidr(std::string_view text) {
    return libcni::Cidr::parse(text).value();
}

/// As cidr(), of several texts.
inline std::vector<libcni::Cidr> cidrs(std::initializer_list<std::string_view> texts) {
    std::vector<libcni::Cidr> all;
    for (const auto text : texts)
        all.push_back(cidr(text));
    return all;
}

/// The text with `to` for every `from`.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}
