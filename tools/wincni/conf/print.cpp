// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/print.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "tools/wincni/conf/rules.hpp"

namespace wincni::conf {

namespace {

using nlohmann::json;

constexpr std::size_t widest = 100;

/// A piece of a line: what is to be seen, and where its caret begins and how long it is.
struct Piece {
    std::string text;
    std::size_t column = 0;
    std::size_t length = 1;
};

bool is_control(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

/// One column for each character: blanks for tabs, for what a terminal would act upon, and for what
/// it would not show.
std::string plain(std::string_view text) {
    std::string shown(text);
    std::ranges::replace_if(shown, is_control, ' ');
    for (const std::string_view unseen : {"\xEF\xBB\xBF", "\xC2\xA0"})
        for (auto at = shown.find(unseen); at != std::string::npos; at = shown.find(unseen))
            shown.replace(at, unseen.size(), " ");
    return shown;
}

/// The bytes of so many characters from there.
std::string_view characters(std::string_view text, std::size_t first, std::size_t count) {
    std::size_t begin = text.size();
    std::size_t end = text.size();
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
        if (number == first) begin = i;
        if (number == first + count) {
            end = i;
            break;
        }
        ++number;
    }
    return text.substr(begin, end - begin);
}

/// Long lines are cut around the place.
Piece piece_of(const Document& document, const Span& span) {
    const Place place = document.text.place_of(span.offset);
    const std::string_view line = document.text.line(place.line);
    const std::size_t size = characters_in(line);
    const std::size_t column = place.column - 1;
    const std::size_t length = characters_in(document.text.at(span));
    const std::size_t in_line =
        std::max<std::size_t>(1, std::min(length, size - std::min(size, column)));
    if (size <= widest) return {plain(line), column, in_line};
    constexpr std::size_t before = 30;
    const std::size_t first = column > before ? column - before : 0;
    const std::string dots = first > 0 ? "... " : "";
    const std::size_t room = widest - before;
    return {dots + plain(characters(line, first, widest)),
            column - first + dots.size(),
            std::min(in_line, room)};
}

std::string margin(std::size_t width) {
    return std::string(width, ' ') + " |";
}

std::string quote(const Document& document,
                  const Span& span,
                  char sign,
                  const std::string& label,
                  std::size_t width) {
    const Piece piece = piece_of(document, span);
    std::string number = std::to_string(document.text.place_of(span.offset).line);
    number.insert(0, width - std::min(width, number.size()), ' ');
    std::string text = number + " | " + piece.text + "\n";
    text += margin(width) + " " + std::string(piece.column, ' ') + std::string(piece.length, sign);
    if (!label.empty()) text += " " + label;
    return text + "\n";
}

std::size_t width_of(const Document& document, const Finding& finding) {
    std::size_t line = document.text.place_of(finding.span.offset).line;
    for (const auto& other : finding.related)
        line = std::max(line, document.text.place_of(other.span.offset).line);
    return std::max<std::size_t>(2, std::to_string(line).size());
}

/// The span, cut where its first line ends.
json place_of(const Document& document, const Span& span) {
    const Place begin = document.text.place_of(span.offset);
    const Place end = document.text.place_of(span.end());
    return {{"line", begin.line},
            {"column", begin.column},
            {"endLine", end.line},
            {"endColumn", end.column}};
}

json as_json(const Fix& fix) {
    json edits = json::array();
    for (const auto& [span, text] : fix.edits)
        edits.push_back({{"offset", span.offset}, {"length", span.length}, {"text", text}});
    return {{"title", fix.title},
            {"applicability", fix.is_safe ? "safe" : "maybe"},
            {"edits", std::move(edits)}};
}

/// The smallest value that holds the span.
const Node* innermost(const Node& node, const Span& span) {
    for (const Node& child : node.children)
        if (child.whole().holds(span)) return innermost(child, span);
    return &node;
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

std::string shown(const Document& document, const Finding& finding) {
    const std::size_t width = width_of(document, finding);
    const Place place = document.text.place_of(finding.span.offset);
    const std::string indent(width, ' ');
    std::string text = std::string(to_string(finding.severity)) + "[" + std::string(finding.id)
                       + "] " + std::string(finding.name) + ": " + plain(finding.message) + "\n";
    text += indent + "--> " + document.file + ":" + std::to_string(place.line) + ":"
            + std::to_string(place.column) + "\n" + margin(width) + "\n";
    text += quote(document, finding.span, '^', finding.label, width);
    for (const auto& [span, label] : finding.related)
        text += quote(document, span, '-', label, width);
    if (!finding.consequence.empty()) text += indent + " = so: " + finding.consequence + "\n";
    for (const auto& fix : finding.fixes)
        text += indent + " = fix: " + fix.title + (fix.is_safe ? " (safe)" : " (not safe)") + "\n";
    if (!finding.help.empty()) text += indent + " = help: " + finding.help + "\n";
    return text;
}

json as_json(const Document& document, const Finding& finding) {
    json object = place_of(document, finding.span);
    object.update({{"id", finding.id},
                   {"name", finding.name},
                   {"severity", to_string(finding.severity)},
                   {"message", finding.message},
                   {"consequence", finding.consequence},
                   {"help", finding.help},
                   {"file", document.file},
                   {"docs", docs_of(finding.id, finding.name)},
                   {"related", json::array()},
                   {"fixes", json::array()}});
    object["path"] =
        document.root ? document.path_of(*innermost(*document.root, finding.span)) : "";
    for (const auto& [span, label] : finding.related) {
        json other = place_of(document, span);
        other["label"] = label;
        object["related"].push_back(std::move(other));
    }
    for (const auto& fix : finding.fixes)
        object["fixes"].push_back(as_json(fix));
    return object;
}

std::string counts_of(const std::vector<Finding>& findings) {
    std::vector<std::string> counts;
    for (const auto severity : {Severity::error, Severity::warning, Severity::note}) {
        const auto count = std::ranges::count(findings, severity, &Finding::severity);
        if (count > 0)
            counts.push_back(
                counted(static_cast<std::size_t>(count), std::string(to_string(severity))));
    }
    return counts.empty() ? "nothing found" : libcni::joined(counts, ", ");
}

} // namespace wincni::conf
