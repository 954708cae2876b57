// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/wincni/conf/document.hpp"
#include "tools/wincni/conf/findings.hpp"

namespace wincni::conf {

/// Something to look for.
struct Rule {
    std::string_view id;
    std::string_view name;
    Severity severity;
    void (*check)(const Document&, const Context&, Findings&);
    /// What it is and what comes of it, in a sentence.
    std::string_view about;
    /// Also looks at files that are no JSON.
    bool of_text = false;
};

/// All rules in the order in which they run: what one explains, a later one does not tell again.
std::span<const Rule> rules_of_text() noexcept;
std::span<const Rule> rules_of_frame() noexcept;
std::span<const Rule> rules_of_keys() noexcept;
std::span<const Rule> rules_of_policies() noexcept;
std::span<const Rule> rules_of_addresses() noexcept;
std::span<const Rule> rules_of_node() noexcept;
std::span<const Rule> rules_of_plugins() noexcept;

/// The rules above, one after the other.
std::vector<Rule> all_rules();

/// The place in the docs: "docs/lint.md#c101-byte-order-mark".
std::string docs_of(std::string_view id, std::string_view name);

/// What all rules find, in the order of the text.
std::vector<Finding> findings_in(const Document& document, const Context& context);

} // namespace wincni::conf
