// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/edit.hpp"

#include <algorithm>

namespace wincni::conf {

namespace {

std::vector<Edit> without_overlaps(const std::vector<Edit>& edits) {
    std::vector<Edit> kept;
    for (const Edit& edit : edits)
        if (std::ranges::none_of(kept,
                                 [&](const Edit& one) { return one.span.overlaps(edit.span); }))
            kept.push_back(edit);
    std::ranges::sort(kept, {}, [](const Edit& edit) { return edit.span.offset; });
    return kept;
}

} // namespace

std::string edited(std::string_view text, const std::vector<Edit>& edits) {
    std::string result;
    std::size_t position = 0;
    for (const Edit& edit : without_overlaps(edits)) {
        result += text.substr(position, edit.span.offset - position);
        result += edit.text;
        position = edit.span.end();
    }
    return result += text.substr(position);
}

} // namespace wincni::conf
