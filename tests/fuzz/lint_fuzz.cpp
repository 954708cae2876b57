// SPDX-License-Identifier: Apache-2.0
// Any bytes are a file that lint can look at: every place is in it, and safe fixes lead to JSON.
#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.hpp"
#include "tools/wincni/conf/fix.hpp"
#include "tools/wincni/conf/print.hpp"
#include "tools/wincni/conf/rules.hpp"

namespace {

namespace conf = wincni::conf;

void check(const conf::Document& document, const conf::Finding& finding) {
    const std::size_t size = document.text.bytes().size();
    must(finding.span.offset <= size);
    must(!finding.message.empty() && !finding.consequence.empty());
    for (const auto& fix : finding.fixes)
        for (const auto& edit : fix.edits)
            must(edit.span.end() <= size);
    must(!conf::shown(document, finding).empty());
    const auto replace = nlohmann::json::error_handler_t::replace;
    must(!conf::as_json(document, finding).dump(-1, ' ', false, replace).empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = conf::read_document("cni.conf", text_of(data, size));
    conf::Context context;
    context.services.push_back(*libcni::Cidr::parse("10.96.0.0/12"));
    context.clusters.push_back(*libcni::Cidr::parse("10.244.0.0/16"));
    for (const auto& finding : conf::findings_in(*document, context))
        check(*document, finding);
    const auto all = [](const conf::Finding&) { return true; };
    if (const auto mended = conf::mended_text(*document, context, all))
        must(nlohmann::json::accept(conf::mend(*mended).text));
    return 0;
}
