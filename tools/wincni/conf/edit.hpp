// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/wincni/conf/text.hpp"

namespace wincni::conf {

/// Text in the place of other text.
struct Edit {
    Span span;
    std::string text;

    friend bool operator==(const Edit&, const Edit&) = default;
};

/// The text after the edits, which are of the text before them, in any order; of those that overlap
/// the first counts.
std::string edited(std::string_view text, const std::vector<Edit>& edits);

} // namespace wincni::conf
