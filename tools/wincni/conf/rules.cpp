// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/rules.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"

namespace wincni::conf {

std::vector<Rule> all_rules() {
    std::vector<Rule> all;
    for (const auto rules : {rules_of_text(),
                             rules_of_frame(),
                             rules_of_keys(),
                             rules_of_policies(),
                             rules_of_addresses(),
                             rules_of_node(),
                             rules_of_plugins()})
        all.insert(all.end(), rules.begin(), rules.end());
    return all;
}

std::string docs_of(std::string_view id, std::string_view name) {
    std::string anchor(id);
    std::ranges::transform(anchor, anchor.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return "docs/lint.md#" + anchor + "-" + std::string(name);
}

std::vector<Finding> findings_in(const Document& document, const Context& context) {
    Findings found;
    for (const Rule& rule : all_rules()) {
        if (document.shape == Shape::broken && !rule.of_text) continue;
        found.begin(rule);
        rule.check(document, context, found);
    }
    std::ranges::stable_sort(found.all, {}, [](const Finding& one) { return one.span.offset; });
    return std::move(found.all);
}

} // namespace wincni::conf
