// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/wincni/conf/edit.hpp"

namespace wincni::conf {

/// From what one may want to know to what a plugin or runtime refuses, or what leaves pods without
/// what their author wrote.
enum class Severity { note, warning, error };

/// "warning".
std::string_view to_string(Severity severity) noexcept;

/// The severity of that name; no value for another text.
std::optional<Severity> parse_severity(std::string_view text) noexcept;

/// Edits that mend what was found.
struct Fix {
    /// In the imperative: "rename the key".
    std::string title;
    /// The conf means the same afterwards, or what it was plainly meant to; else a person decides.
    bool is_safe = false;
    std::vector<Edit> edits;
};

/// Another place that matters.
struct Related {
    Span span;
    std::string label;
};

/// One thing that a rule found.
struct Finding {
    std::string_view id;
    std::string_view name;
    Severity severity = Severity::warning;
    Span span;
    std::string message;
    /// What stands beside the caret; may be empty.
    std::string label = {};
    /// What comes of it.
    std::string consequence = {};
    /// What to do where no edit can say it.
    std::string help = {};
    std::vector<Related> related = {};
    std::vector<Fix> fixes = {};

    Finding& at(std::string text);
    Finding& so(std::string text);
    Finding& advise(std::string text);
    Finding& relate(Span other, std::string text);
    Finding& safe(std::string title, std::vector<Edit> edits);
    Finding& maybe(std::string title, std::vector<Edit> edits);
    Finding& as(Severity other);
};

struct Rule;

/// Where a rule puts what it finds.
class Findings {
public:
    /// What follows is of this rule.
    void begin(const Rule& rule) noexcept { rule_ = &rule; }

    /// With the rule's severity. The reference holds until the next call.
    Finding& add(Span span, std::string message);

    /// The rule before has found an error there, or in there, or in what it is part of.
    [[nodiscard]] bool is_told(Span span, Severity at_least) const noexcept;

    /// Some rule has found an error.
    [[nodiscard]] bool has_error() const noexcept;

    std::vector<Finding> all;

private:
    const Rule* rule_ = nullptr;
};

} // namespace wincni::conf
