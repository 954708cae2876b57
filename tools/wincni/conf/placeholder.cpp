// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/placeholder.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"

namespace wincni::conf {

namespace {

struct Marks {
    std::string_view opening;
    std::string_view closing;
};

/// No address, name, path or GUID has these.
constexpr std::array marks{Marks{"<", ">"},
                           Marks{"{{", "}}"},
                           Marks{"${", "}"},
                           Marks{"$(", ")"},
                           Marks{"__", "__"},
                           Marks{"@{", "}"}};

bool is_between(std::string_view text, const Marks& mark) {
    const auto first = text.find(mark.opening);
    return first != std::string_view::npos
           && text.find(mark.closing, first + mark.opening.size()) != std::string_view::npos;
}

/// SERVICE_SUBNET, POD_CIDR: capitals with an underscore between them.
bool is_name_of_variable(std::string_view text) {
    const auto is_part = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
    return text.find('_') != std::string_view::npos && std::ranges::all_of(text, is_part);
}

} // namespace

bool is_placeholder(std::string_view text) noexcept {
    constexpr std::string_view of_microsoft = "ip of host";
    return text.starts_with("System.Object[]") || text.starts_with("System.Collections.")
           || text.starts_with('$') || libcni::same_ignoring_case(text, of_microsoft)
           || is_name_of_variable(text)
           || std::ranges::any_of(marks, [&](const Marks& mark) { return is_between(text, mark); });
}

} // namespace wincni::conf
