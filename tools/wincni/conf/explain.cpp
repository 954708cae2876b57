// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/explain.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include <nlohmann/json.hpp>

#include "hnsclient/api_version.hpp"
#include "libcni/error.hpp"
#include "libcni/json_text.hpp"
#include "libcni/log.hpp"
#include "tools/wincni/conf/explain_key.hpp"
#include "tools/wincni/conf/explain_view.hpp"
#include "tools/wincni/conf/input.hpp"
#include "tools/wincni/conf/print.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/hns_session.hpp"
#include "tools/wincni/run_parts.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::conf {

namespace {

using hnsclient::ApiVersion;
using nlohmann::ordered_json;

/// Beside those of wincni::Status.
constexpr int has_errors = 3;

/// A file that plugins can read as it is; what is mended is not it.
bool is_readable(const Document& document, std::string bytes) {
    if (document.shape == Shape::broken || document.shape == Shape::net_conf) return false;
    try {
        (void)libcni::parse_json(bytes, "the file");
        return true;
    } catch (const libcni::Error&) {
        return false;
    }
}

/// What lint calls an error.
std::string errors_in(const Document& document) {
    std::string text;
    for (const Finding& finding : findings_in(document, {}))
        if (finding.severity == Severity::error) text += shown(document, finding) + "\n";
    return text;
}

/// None for the conf's own.
std::vector<ApiVersion> apis_of(const std::string& option, const Document& document) {
    if (option == "1") return {ApiVersion::v1};
    if (option == "2") return {ApiVersion::v2};
    if (option.empty()) return {};
    const bool is_docker =
        std::ranges::any_of(document.parts, [](const Part& part) { return part.api() == "1"; });
    if (is_docker) return {ApiVersion::v1, ApiVersion::v2};
    return {ApiVersion::v2, ApiVersion::v1};
}

std::string version_of(const Document& document) {
    const std::string version = document.root->text_of("cniVersion");
    return version.empty() ? "0.1.0" : version;
}

class Explainer {
public:
    Explainer(const ExplainOptions& options, const Document& document)
        : options_(options), document_(document) {}

    /// What every plugin of the conf does.
    std::string run(const Site& site) {
        const auto apis = apis_of(options_.api, document_);
        for (const Part& part : document_.parts)
            if (part.outer == nullptr && part.conf) add(explanation_of(part, apis, site));
        return options_.json ? document(report()) : text_;
    }

private:
    void add(const Explanation& one) {
        text_ += (text_.empty() ? "" : "\n") + shown(one, network_name());
        plugins_.push_back(as_json(one));
    }

    [[nodiscard]] std::string network_name() const { return document_.root->text_of("name"); }

    [[nodiscard]] ordered_json report() const {
        return {{"file", document_.file},
                {"name", network_name()},
                {"cniVersion", version_of(document_)},
                {"plugins", plugins_}};
    }

    const ExplainOptions& options_;
    const Document& document_;
    std::string text_;
    ordered_json plugins_ = ordered_json::array();
};

Answer explained(const ExplainOptions& options, const Document& document) {
    Explainer explainer(options, document);
    if (!options.live) return {.out = explainer.run({})};
    return with_hns([&](hnsclient::ClientV2& client) {
        return explainer.run({.hns = &client, .folders = run::plugin_folders_of({})});
    });
}

/// Why the plugin refuses it, where lint has no better words.
Answer refusal(const std::string& msg, const std::string& details) {
    return {.out = {}, .error = run::complaint(msg, details), .status = failed};
}

Answer answer_for(const ExplainOptions& options, const Document& document) {
    try {
        return explained(options, document);
    } catch (const libcni::Error& error) {
        return refusal(error.msg(), error.details());
    } catch (const libcni::BadShape& error) {
        return refusal(error.what(), "");
    }
}

} // namespace

Answer explain(const ExplainOptions& options) {
    // What plugins warn of is told beside what they do.
    libcni::log::configure({.file = {}, .level = "off"});
    if (!options.key.empty() && options.file.empty())
        return explain_key(options.key, nullptr, options.json);
    const std::string bytes = read_input(options.file);
    const auto document = read_document(options.file, bytes);
    if (!options.key.empty()) return explain_key(options.key, document.get(), options.json);
    const std::string errors = errors_in(*document);
    Answer answer;
    if (is_readable(*document, bytes))
        answer = answer_for(options, *document);
    else
        answer = refusal(options.file + " cannot be explained",
                         document->shape == Shape::net_conf
                             ? "it is flanneld's net-conf.json, which no plugin reads"
                             : "no plugin reads it; wincni conf lint --fix mends what it can");
    if (errors.empty()) return answer;
    // Refused by what lint has told.
    answer.error = errors + (answer.status == done ? "" : answer.error);
    answer.status = has_errors;
    return answer;
}

} // namespace wincni::conf
