// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tools/wincni/conf/rules.hpp"

// What no other rule has told, in the plugins' own words.
namespace wincni::conf {

namespace {

/// What a reader says of a value of another kind is this rule's; it knows more than the catalogue.
const Rule& rule_of_wrong_types() {
    return *std::ranges::find(rules_of_keys(), "C302", &Rule::id);
}

Span place_of(const Part& part, const Remark& remark) {
    return remark.node == nullptr ? Span{part.object->span.offset, 1} : remark.node->span;
}

bool is_told(const Remark& remark, Severity severity, const Findings& found) {
    if (remark.node != nullptr) return found.is_told(remark.node->whole(), severity);
    return found.has_error();
}

void plugin_refuses(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const Remark& remark : part.remarks) {
            if (!remark.is_refusal || is_told(remark, Severity::error, found)) continue;
            auto& finding = found.add(place_of(part, remark), remark.message)
                                .so(part.plugin + " refuses the conf")
                                .advise(remark.details);
            if (remark.is_wrong_type) {
                finding.id = rule_of_wrong_types().id;
                finding.name = rule_of_wrong_types().name;
            }
        }
}

void plugin_warns(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const Remark& remark : part.remarks) {
            if (remark.is_refusal || is_told(remark, Severity::note, found)) continue;
            found.add(place_of(part, remark), remark.message)
                .so(part.plugin + " says so in its log at each ADD");
        }
}

constexpr std::array rules{
    Rule{
        "C699",
        "plugin-refuses",
        Severity::error,
        plugin_refuses,
        "What the plugin's own reader refuses, and no other rule has told: lint calls nothing good "
        "that the plugin refuses."},
    Rule{"C698",
         "plugin-warns",
         Severity::warning,
         plugin_warns,
         "What the plugin's own reader warns of, and no other rule has told."}};

} // namespace

std::span<const Rule> rules_of_plugins() noexcept {
    return rules;
}

} // namespace wincni::conf
