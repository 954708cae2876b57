// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/nearest.hpp"

#include <algorithm>

#include "libcni/unread_keys.hpp"

namespace wincni {

std::string nearest_to(const std::string& word, const std::vector<std::string>& known) {
    constexpr std::size_t letters_an_error = 3;
    const std::size_t most = std::max<std::size_t>(1, word.size() / letters_an_error);
    std::string nearest;
    std::size_t least = most + 1;
    for (const std::string& name : known)
        if (const auto distance = libcni::distance_between(word, name); distance < least) {
            least = distance;
            nearest = name;
        }
    return least == 0 ? std::string() : nearest;
}

} // namespace wincni
