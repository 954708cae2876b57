// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/doctor/doctor.hpp"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "tools/wincni/doctor/check.hpp"
#include "tools/wincni/nearest.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/run_parts.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::doctor {

using libcni::path_of;
using nlohmann::ordered_json;

namespace {

bool is_called(const Check& check, const std::string& name) {
    return libcni::same_ignoring_case(check.id, name)
           || libcni::same_ignoring_case(check.name, name);
}

void require_checks(const std::vector<std::string>& names) {
    std::vector<std::string> known;
    const auto checks = all_checks();
    for (const Check& check : checks)
        known.insert(known.end(), {std::string(check.id), std::string(check.name)});
    for (const auto& name : names) {
        if (std::ranges::any_of(checks, [&](const Check& one) { return is_called(one, name); }))
            continue;
        const auto nearest = nearest_to(name, known);
        throw run::Misuse("there is no check \"" + name + "\"",
                          nearest.empty() ? "--checks lists them"
                                          : "did you mean \"" + nearest + "\"?");
    }
}

bool is_wanted(const Check& check, const DoctorOptions& options) {
    const auto names_it = [&](const std::string& name) { return is_called(check, name); };
    if (std::ranges::any_of(options.skip, names_it)) return false;
    return options.only.empty() || std::ranges::any_of(options.only, names_it);
}

/// What was looked at, and what came of it.
struct Report {
    std::vector<Finding> findings = {};
    std::size_t checks = 0;
    /// Of them, not looked at since HNS does not answer.
    std::size_t skipped = 0;

    [[nodiscard]] std::size_t count(Severity severity) const {
        return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
    }

    /// Checks that have found nothing.
    [[nodiscard]] std::size_t good() const {
        std::vector<std::string_view> ids;
        for (const Finding& finding : findings)
            if (std::ranges::find(ids, finding.id) == ids.end()) ids.push_back(finding.id);
        return checks - skipped - ids.size();
    }

    [[nodiscard]] int status() const {
        if (count(Severity::broken) > 0) return is_broken;
        return count(Severity::warning) > 0 ? has_warnings : done;
    }
};

Report report_on(const Facts& facts, const DoctorOptions& options) {
    Report report;
    const auto chosen = [&](const Check& check) { return is_wanted(check, options); };
    for (const Check& check : all_checks()) {
        if (!chosen(check)) continue;
        ++report.checks;
        if (check.needs_hns && !facts.node.hns.fault.empty()) ++report.skipped;
    }
    report.findings = findings_in(facts, chosen);
    return report;
}

std::string counted(std::size_t count, const char* one, const char* several) {
    return std::to_string(count) + " " + (count == 1 ? one : several);
}

/// "HNS 15.1, 3 endpoints, 2 attachments, 10-flannel.conf"
std::string subject_of(const Facts& facts) {
    const Hns& hns = facts.node.hns;
    std::string text = "HNS ";
    text += hns.fault.empty()
                ? std::to_string(hns.version.major) + "." + std::to_string(hns.version.minor)
                : "does not answer";
    if (hns.fault.empty())
        text += ", " + counted(hns.networks.size(), "network", "networks") + ", "
                + counted(hns.endpoints.size(), "endpoint", "endpoints");
    text += ", " + counted(facts.leases.size(), "lease", "leases") + ", "
            + counted(facts.cached.size(), "attachment", "attachments");
    if (facts.used() != nullptr) text += ", " + printable(name_of(facts.used()->file->file));
    return text;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

std::string shown(const Finding& finding) {
    const auto severity = finding.severity == Severity::note
                              ? std::string("note")
                              : libcni::upper_case(to_string(finding.severity));
    std::string text = padded(severity, 8) + std::string(finding.id) + " "
                       + padded(std::string(finding.name), 24) + printable(finding.what) + "\n";
    const auto add = [&text](const char* label, const std::string& value) {
        if (!value.empty()) text += std::string(10, ' ') + label + printable(value) + "\n";
    };
    add("from  ", finding.from);
    add("so    ", finding.so);
    add("next  ", finding.next);
    return text;
}

constexpr const char* not_looked_at =
    "services, processes, registry and adapters of Windows are not looked at";

std::string text_of(const Facts& facts, const Report& report) {
    const auto checks = counted(report.checks, "check", "checks");
    if (report.findings.empty())
        return "healthy: " + checks + " of " + subject_of(facts) + "; " + not_looked_at + "\n";
    std::string text = "wincni doctor: " + subject_of(facts) + "\n";
    for (const Finding& finding : report.findings)
        text += shown(finding);
    text += checks + ": " + std::to_string(report.count(Severity::broken)) + " broken, "
            + counted(report.count(Severity::warning), "warning", "warnings") + ", "
            + counted(report.count(Severity::note), "note", "notes") + ", "
            + std::to_string(report.good()) + " good";
    if (report.skipped > 0)
        text += ", " + std::to_string(report.skipped) + " skipped, as HNS does not answer";
    return text + "\n" + (report.status() == done ? "healthy; " : "") + not_looked_at + "\n";
}

ordered_json to_json(const Finding& finding) {
    return {{"id", finding.id},
            {"name", finding.name},
            {"severity", to_string(finding.severity)},
            {"what", finding.what},
            {"from", finding.from},
            {"so", finding.so},
            {"next", finding.next}};
}

std::string json_of(const Report& report) {
    ordered_json json{{"healthy", report.status() == done},
                      {"checks", report.checks},
                      {"skipped", report.skipped},
                      {"broken", report.count(Severity::broken)},
                      {"warnings", report.count(Severity::warning)},
                      {"notes", report.count(Severity::note)},
                      {"findings", ordered_json::array()}};
    for (const Finding& finding : report.findings)
        json["findings"].push_back(to_json(finding));
    return document(json);
}

void save(const Node& node, const std::string& file) {
    try {
        libcni::base::write_file_durably(path_of(file), path_of(file + ".new"), encode(node));
    } catch (const libcni::base::FileError& error) {
        throw Refusal(error.what(), "name a file that can be written: --save FILE");
    }
}

} // namespace

Node node_of(const Places& places, const std::string& from) {
    // What plugins' readers warn of is lint's to tell.
    libcni::log::configure({.file = {}, .level = "off"});
    constexpr std::size_t longest = 256U << 20U;
    if (from.empty()) return read_node(places);
    std::optional<std::string> text;
    try {
        text = libcni::base::read_file(path_of(from), longest);
    } catch (const libcni::base::FileError& error) {
        throw Refusal(error.what(), "name a file that can be read: --from FILE");
    }
    if (!text)
        throw Refusal("there is no file " + from, "one is written by: wincni doctor --save FILE");
    return decode(*text, from);
}

Answer doctor(const DoctorOptions& options) {
    return run::answering([&] {
        require_checks(options.only);
        require_checks(options.skip);
        const Node node = node_of(options.places, options.from);
        if (!options.save.empty()) save(node, options.save);
        const Facts facts(node);
        const Report report = report_on(facts, options);
        return Answer{.out =
                          options.format == Format::json ? json_of(report) : text_of(facts, report),
                      .status = report.status()};
    });
}

std::string list_of_checks(Format format) {
    auto list = ordered_json::array();
    Table table({"ID", "NAME", "WORST", "GOOD WHEN"});
    for (const Check& check : all_checks()) {
        list.push_back({{"id", check.id},
                        {"name", check.name},
                        {"severity", to_string(check.severity)},
                        {"about", check.about}});
        table.add({std::string(check.id),
                   std::string(check.name),
                   std::string(to_string(check.severity)),
                   std::string(check.about)});
    }
    return format == Format::json ? document(list) : table.text();
}

} // namespace wincni::doctor
