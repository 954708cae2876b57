// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/findings.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "tools/wincni/conf/rules.hpp"

namespace wincni::conf {

namespace {

constexpr std::array<std::string_view, 3> severities{"note", "warning", "error"};

} // namespace

std::string_view to_string(Severity severity) noexcept {
    return severities.at(static_cast<std::size_t>(severity));
}

std::optional<Severity> parse_severity(std::string_view text) noexcept {
    for (const auto severity : {Severity::note, Severity::warning, Severity::error})
        if (libcni::same_ignoring_case(to_string(severity), text)) return severity;
    return std::nullopt;
}

Finding& Finding::at(std::string text) {
    label = std::move(text);
    return *this;
}

Finding& Finding::so(std::string text) {
    consequence = std::move(text);
    return *this;
}

Finding& Finding::advise(std::string text) {
    help = std::move(text);
    return *this;
}

Finding& Finding::relate(Span other, std::string text) {
    related.push_back({other, std::move(text)});
    return *this;
}

Finding& Finding::safe(std::string title, std::vector<Edit> edits) {
    fixes.push_back({std::move(title), true, std::move(edits)});
    return *this;
}

Finding& Finding::maybe(std::string title, std::vector<Edit> edits) {
    fixes.push_back({std::move(title), false, std::move(edits)});
    return *this;
}

Finding& Finding::as(Severity other) {
    severity = other;
    return *this;
}

Finding& Findings::add(Span span, std::string message) {
    Finding finding;
    finding.id = rule_->id;
    finding.name = rule_->name;
    finding.severity = rule_->severity;
    finding.span = span;
    finding.message = std::move(message);
    return all.emplace_back(std::move(finding));
}

bool Findings::is_told(Span span, Severity at_least) const noexcept {
    return std::ranges::any_of(all, [&](const Finding& one) {
        return one.severity >= at_least && (span.holds(one.span) || one.span.holds(span));
    });
}

bool Findings::has_error() const noexcept {
    return std::ranges::any_of(all,
                               [](const Finding& one) { return one.severity == Severity::error; });
}

} // namespace wincni::conf
