// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/doctor/check.hpp"

#include <algorithm>

namespace wincni::doctor {

std::string_view to_string(Severity severity) noexcept {
    switch (severity) {
    case Severity::broken:
        return "broken";
    case Severity::warning:
        return "warning";
    case Severity::note:
        break;
    }
    return "note";
}

void Findings::add(Finding finding) {
    add(check_->severity, std::move(finding));
}

void Findings::add(Severity as, Finding finding) {
    finding.id = check_->id;
    finding.name = check_->name;
    finding.severity = as;
    all.push_back(std::move(finding));
}

std::vector<Check> all_checks() {
    std::vector<Check> checks;
    for (const auto group : {checks_of_hns(), checks_of_confs(), checks_of_state()})
        checks.insert(checks.end(), group.begin(), group.end());
    std::ranges::sort(checks, {}, &Check::id);
    return checks;
}

std::vector<Finding> findings_in(const Facts& facts,
                                 const std::function<bool(const Check&)>& is_wanted) {
    Findings findings;
    const bool has_hns = facts.node.hns.fault.empty();
    for (const Check& check : all_checks()) {
        if (!is_wanted(check) || (check.needs_hns && !has_hns)) continue;
        findings.begin(check);
        check.look(facts, findings);
    }
    std::ranges::stable_sort(findings.all, std::ranges::greater(), &Finding::severity);
    return std::move(findings.all);
}

} // namespace wincni::doctor
