// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/wincni/doctor/facts.hpp"

namespace wincni::doctor {

/// From what one may want to know to what leaves pods without a network.
enum class Severity { note, warning, broken };

/// "broken".
std::string_view to_string(Severity severity) noexcept;

/// One thing that is wrong.
struct Finding {
    std::string_view id = {};
    std::string_view name = {};
    Severity severity = Severity::warning;
    /// In a sentence.
    std::string what = {};
    /// Where that was seen.
    std::string from = {};
    /// What comes of it.
    std::string so = {};
    /// A command, or what to do.
    std::string next = {};
};

class Findings;

/// Something to look for: a pure function over what is known of a node.
struct Check {
    std::string_view id;
    std::string_view name;
    /// The worst that it may find.
    Severity severity;
    /// It says nothing while HNS does not answer.
    bool needs_hns;
    void (*look)(const Facts&, Findings&);
    /// What it looks at, in a sentence.
    std::string_view about;
};

/// Where checks put what they find.
class Findings {
public:
    /// What follows is of this check.
    void begin(const Check& check) noexcept { check_ = &check; }

    /// With the check's severity unless the finding says a lesser one by `as`.
    void add(Finding finding);
    void add(Severity as, Finding finding);

    std::vector<Finding> all;

private:
    const Check* check_ = nullptr;
};

std::span<const Check> checks_of_hns() noexcept;
std::span<const Check> checks_of_confs() noexcept;
std::span<const Check> checks_of_state() noexcept;

/// The checks above by their IDs.
std::vector<Check> all_checks();

/// What checks find in a node, the worst first; those of which `is_wanted` is false do not look.
std::vector<Finding> findings_in(const Facts& facts,
                                 const std::function<bool(const Check&)>& is_wanted);

} // namespace wincni::doctor
