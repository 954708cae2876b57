// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/lint.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

#include <nlohmann/json.hpp>

#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "libcni/unread_keys.hpp"
#include "tools/wincni/conf/fix.hpp"
#include "tools/wincni/conf/input.hpp"
#include "tools/wincni/conf/print.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/refusal.hpp"

namespace wincni::conf {

namespace {

using nlohmann::json;

/// Beside those of wincni::Status.
constexpr int findings_there = 3;

/// A file that was read, and those of the folder that was named.
struct Input {
    std::unique_ptr<Document> document;
    std::string bytes;
    /// The folder on the command line; empty for a file that was named itself.
    std::string folder = {};
};

bool is_rule(const Rule& rule, std::string_view name) {
    return libcni::same_ignoring_case(rule.id, name) || libcni::same_ignoring_case(rule.name, name);
}

void require_rules(const std::vector<std::string>& names) {
    const auto rules = all_rules();
    for (const auto& name : names) {
        if (std::ranges::any_of(rules, [&](const Rule& rule) { return is_rule(rule, name); }))
            continue;
        std::string nearest;
        std::size_t least = name.size() / 3 + 1;
        for (const Rule& rule : rules)
            if (const auto distance = libcni::distance_between(rule.name, name); distance < least) {
                least = distance;
                nearest = rule.name;
            }
        throw Refusal("there is no rule \"" + name + "\"",
                      nearest.empty() ? "--rules lists them" : "did you mean \"" + nearest + "\"?");
    }
}

bool has_ending_of_conf(const std::string& name) {
    return name.ends_with(".conf") || name.ends_with(".conflist") || name.ends_with(".json");
}

class Linter {
public:
    explicit Linter(const LintOptions& options) : options_(options) {
        require_rules(options.only);
        require_rules(options.skip);
        context_.clusters = networks_in(options.clusters, "--cluster-cidr");
        context_.services = networks_in(options.services, "--service-cidr");
        context_.nodes = networks_in(options.nodes, "--node-cidr");
        context_.runtime = options.runtime;
    }

    Answer run() {
        for (const auto& file : options_.files)
            read(file);
        for (const auto& input : inputs_)
            look_at(input);
        if (options_.json) answer_.out = report().dump(2) + "\n";
        const bool fails = std::ranges::any_of(
            all_, [&](const Finding& one) { return one.severity >= options_.fail_on; });
        if (answer_.status == 0 && fails) answer_.status = findings_there;
        return std::move(answer_);
    }

private:
    void read(const std::string& name) {
        if (name == "-") return add(name, read_stdin(), "");
        std::error_code failure;
        if (!std::filesystem::is_directory(libcni::path_of(name), failure))
            return read_file(name, "");
        auto names =
            libcni::base::names_in(libcni::path_of(name)).value_or(std::vector<std::string>());
        std::erase_if(names, [](const std::string& one) { return !has_ending_of_conf(one); });
        std::ranges::sort(names);
        if (names.empty()) complain(name + " holds no .conf, .conflist or .json");
        for (const auto& one : names)
            read_file(libcni::utf8_of(libcni::path_of(name) / libcni::path_of(one)), name);
    }

    void read_file(const std::string& file, const std::string& folder) {
        try {
            auto bytes = libcni::base::read_file(libcni::path_of(file));
            if (!bytes) return complain(file + " is not there");
            add(file, std::move(*bytes), folder);
        } catch (const libcni::base::FileError& error) {
            complain(error.what());
        }
    }

    void add(const std::string& file, std::string bytes, const std::string& folder) {
        auto document = read_document(file, bytes);
        inputs_.push_back({std::move(document), std::move(bytes), folder});
    }

    void complain(const std::string& sentence) {
        answer_.error += "wincni: " + sentence + "\n";
        answer_.status = failed;
    }

    [[nodiscard]] bool is_wanted(const Finding& finding) const {
        const auto names_it = [&](const std::string& name) {
            return libcni::same_ignoring_case(finding.id, name)
                   || libcni::same_ignoring_case(finding.name, name);
        };
        if (std::ranges::any_of(options_.skip, names_it)) return false;
        return options_.only.empty() || std::ranges::any_of(options_.only, names_it);
    }

    /// Notes that were asked for by name are shown.
    [[nodiscard]] bool is_shown(const Finding& finding) const {
        return finding.severity > Severity::note || options_.notes || options_.json
               || options_.fail_on == Severity::note || !options_.only.empty();
    }

    void look_at(const Input& input) {
        context_.folder.clear();
        for (const auto& other : inputs_)
            if (!input.folder.empty() && other.folder == input.folder)
                context_.folder.push_back(other.document.get());
        if (!options_.fix) return tell(*input.document);
        const auto choice = [this](const Finding& one) { return is_wanted(one); };
        const auto mended = mended_text(*input.document, context_, choice);
        if (!mended) {
            tell(*input.document);
            // What cannot be made JSON is left as it is.
            answer_.error +=
                "wincni: " + input.document->file + " is left as it is: it would be no JSON\n";
            return;
        }
        write(input, *mended);
        tell(*read_document(input.document->file, options_.diff ? input.bytes : *mended));
    }

    void write(const Input& input, const std::string& mended) {
        const std::string& file = input.document->file;
        if (options_.diff) {
            changes_ += difference(input.document->text.bytes(), mended, file);
            return;
        }
        if (mended == input.bytes) return;
        try {
            replace_file(file, input.bytes, mended);
            answer_.error += "wincni: mended " + file + "; what it was is in " + file + ".bak\n";
        } catch (const libcni::base::FileError& error) {
            complain(error.what());
        }
    }

    void tell(const Document& document) {
        auto found = findings_in(document, context_);
        std::erase_if(found, [this](const Finding& one) { return !is_wanted(one); });
        tell_changes();
        std::size_t hidden = 0;
        for (const Finding& finding : found) {
            if (options_.json)
                findings_.push_back(as_json(document, finding));
            else if (is_shown(finding))
                answer_.out += shown(document, finding) + "\n";
            else
                ++hidden;
        }
        if (!options_.json && !options_.diff) answer_.out += summary(document, found, hidden);
        all_.insert(all_.end(), found.begin(), found.end());
    }

    void tell_changes() {
        if (!options_.json) answer_.out += changes_;
        changes_.clear();
    }

    [[nodiscard]] std::string
    summary(const Document& document, const std::vector<Finding>& found, std::size_t hidden) const {
        std::string text = document.file + ": " + counts_of(found);
        if (hidden > 0) text += " (--notes)";
        const auto mendable = std::ranges::count_if(found, [](const Finding& one) {
            return std::ranges::any_of(one.fixes, &Fix::is_safe);
        });
        if (mendable > 0 && !options_.fix) text += "; --fix would mend " + std::to_string(mendable);
        return text + "\n";
    }

    [[nodiscard]] json report() const {
        json counts;
        for (const auto severity : {Severity::error, Severity::warning, Severity::note})
            counts[std::string(to_string(severity)) + "s"] =
                std::ranges::count(all_, severity, &Finding::severity);
        counts["findings"] = findings_;
        return counts;
    }

    const LintOptions& options_;
    Context context_;
    std::vector<Input> inputs_;
    Answer answer_;
    std::vector<Finding> all_;
    json findings_ = json::array();
    std::string changes_;
};

} // namespace

Answer lint(const LintOptions& options) {
    // What plugins warn of is told as findings.
    libcni::log::configure({.file = {}, .level = "off"});
    std::optional<Linter> linter;
    try {
        linter.emplace(options);
    } catch (const Refusal& refusal) {
        return {.out = {},
                .error =
                    std::string("wincni: ") + refusal.what() + "\n  " + refusal.advice() + "\n",
                .status = wrong_arguments};
    }
    return linter->run();
}

std::string list_of_rules(bool as_json) {
    json list = json::array();
    std::string text;
    auto rules = all_rules();
    std::ranges::sort(rules, {}, &Rule::id);
    for (const Rule& rule : rules) {
        list.push_back({{"id", rule.id},
                        {"name", rule.name},
                        {"severity", to_string(rule.severity)},
                        {"about", rule.about},
                        {"docs", docs_of(rule.id, rule.name)}});
        std::string name(rule.name);
        name.resize(std::max<std::size_t>(name.size(), 26), ' ');
        std::string severity(to_string(rule.severity));
        severity.resize(8, ' ');
        text.append(rule.id).append("  ").append(name).append(severity);
        text.append(rule.about).append("\n");
    }
    return as_json ? list.dump(2) + "\n" : text;
}

} // namespace wincni::conf
