// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace libcni {

/// What `show` makes of each element, with the separator between them; nothing for no elements.
template <class Elements, class Show = std::identity>
std::string joined(const Elements& elements, std::string_view separator, Show show = {}) {
    std::string all;
    for (const auto& element : elements) {
        if (!all.empty()) all += separator;
        all += std::invoke(show, element);
    }
    return all;
}

} // namespace libcni
