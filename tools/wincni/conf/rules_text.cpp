// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "tools/wincni/conf/rules.hpp"

// What is no JSON, or JSON that says something else than it seems to.
namespace wincni::conf {

namespace {

std::vector<const Mend*> mends_of(const Document& document, Flaw flaw) {
    std::vector<const Mend*> found;
    for (const Mend& mend : document.mended.mends)
        if (mend.flaw == flaw) found.push_back(&mend);
    return found;
}

std::vector<Edit> edits_of(const std::vector<const Mend*>& mends) {
    std::vector<Edit> edits;
    for (const Mend* mend : mends)
        edits.insert(edits.end(), mend->edits.begin(), mend->edits.end());
    return edits;
}

void byte_order_mark(const Document& document, const Context&, Findings& found) {
    for (const Mend* mend : mends_of(document, Flaw::byte_order_mark))
        found.add(mend->span, "the file begins with a byte-order mark")
            .so("wincni's plugins take it; the Go plugins stop at it, and so do other readers")
            .safe("remove the mark", mend->edits);
}

void utf_16(const Document& document, const Context&, Findings& found) {
    if (!document.was_utf16) return;
    found.add({0, 1}, "the file is UTF-16")
        .so("no runtime and no plugin reads it")
        .advise("PowerShell's Out-File and > write UTF-16: use Set-Content -Encoding ascii")
        .safe("save it as UTF-8", {});
}

void no_break_space(const Document& document, const Context&, Findings& found) {
    const auto mends = mends_of(document, Flaw::no_break_space);
    if (mends.empty()) return;
    const std::string many = mends.size() == 1 ? "a no-break space (U+00A0)"
                                               : std::to_string(mends.size())
                                                     + " no-break spaces (U+00A0), here and below";
    found.add(mends.front()->span, many)
        .so("it looks like a space and is none, so this is no JSON; text from web pages has them")
        .safe("put a space in the place of each", edits_of(mends));
}

void comment(const Document& document, const Context&, Findings& found) {
    for (const Mend* mend : mends_of(document, Flaw::comment))
        found.add(mend->span, "a comment")
            .so("JSON has none: runtimes and plugins refuse the file")
            .safe("remove it; a key that begins with \"_\" may hold a remark", mend->edits);
}

void lone_backslash(const Document& document, const Context&, Findings& found) {
    for (const Mend* mend : mends_of(document, Flaw::lone_backslash))
        found.add(mend->span, "a backslash by itself")
            .so("in JSON it begins an escape, and this is none: the file is refused")
            .safe("double each backslash of this text; \"/\" does as well", mend->edits);
}

/// Backslash and letter of the escape for a control character.
std::string escape_of(char c) {
    constexpr std::string_view characters = "\b\t\n\f\r";
    constexpr std::string_view letters = "btnfr";
    const auto at = characters.find(c);
    return at == std::string_view::npos ? std::string() : std::string{'\\', letters[at]};
}

void find_eaten(const Document& document, const Node& node, Findings& found) {
    for (const Node& child : node.children)
        find_eaten(document, child, found);
    const auto eaten = std::ranges::find_if(node.text, libcni::is_control_character);
    const bool is_path = node.text.find(':') == 1 || node.text.find('\\') != std::string::npos;
    if (!node.is_string() || eaten == node.text.end() || !is_path) return;
    const std::string escape = escape_of(*eaten);
    const auto at = document.text.at(node.span).find(escape);
    if (escape.empty() || at == std::string_view::npos) return;
    if (found.is_told(node.span, Severity::error)) return;
    const Span place{node.span.offset + at, escape.size()};
    found.add(place, "\"" + escape + "\" is a control character here, not a backslash and a letter")
        .so("the path is another one than it looks like, and no such file is there")
        .maybe("double the backslash", {{{place.offset, 1}, "\\\\"}});
}

void backslash_eaten(const Document& document, const Context&, Findings& found) {
    if (document.root) find_eaten(document, *document.root, found);
}

void trailing_comma(const Document& document, const Context&, Findings& found) {
    for (const Mend* mend : mends_of(document, Flaw::trailing_comma))
        found.add(mend->span, "a comma behind the last one")
            .so("JSON has none there: the file is refused")
            .safe("remove it", mend->edits);
}

void comma_missing(const Document& document, const Context&, Findings& found) {
    if (!document.root) return;
    for (const Mend* mend : mends_of(document, Flaw::comma_missing))
        found.add(mend->span, "a comma is missing")
            .so("the file is refused")
            .maybe("put one here", mend->edits);
}

void wrong_quotes(const Document& document, const Context&, Findings& found) {
    for (const Mend* mend : mends_of(document, Flaw::wrong_quotes))
        found.add(mend->span, "these are not the quotes of JSON")
            .so("the file is refused; word processors and web pages make such quotes")
            .safe("write \" instead", mend->edits);
}

void cut_off(const Document& document, const Context&, Findings& found) {
    for (const Mend* mend : mends_of(document, Flaw::cut_off)) {
        const bool is_bracket = document.text.at(mend->span).find_first_of("{[") == 0;
        found
            .add(mend->span,
                 is_bracket ? "this bracket is never closed" : "this text is not closed")
            .so("the file is refused: part of it is missing, or a bracket or quote is")
            .advise("look whether what wrote the file had ended");
        return;
    }
}

void not_json(const Document& document, const Context&, Findings& found) {
    if (document.fault.empty() || found.is_told({0, document.text.bytes().size()}, Severity::error))
        return;
    found.add(document.fault_span, "this is no JSON")
        .so("the file is refused")
        .advise(document.fault);
}

/// Each key that another one of the same object is, too.
template <class Same>
void find_twins(const Node& node,
                const Same& same,
                const std::function<void(const Node&, const Node&, const Node&)>& tell) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        find_twins(node.children[i], same, tell);
        if (!node.is_object()) continue;
        for (std::size_t j = 0; j < i; ++j)
            if (same(node.children[j].key, node.children[i].key)) {
                tell(node, node.children[j], node.children[i]);
                break;
            }
    }
}

void double_key(const Document& document, const Context&, Findings& found) {
    if (!document.root) return;
    const auto tell = [&](const Node& parent, const Node& first, const Node& second) {
        found.add(second.key_span, "\"" + second.key + "\" is there twice")
            .so("the last one counts, the other one does nothing")
            .relate(first.key_span, "the first one")
            .maybe("remove the first one", {removal_of(parent, first)});
    };
    find_twins(*document.root, std::equal_to<std::string>(), tell);
}

void two_spellings(const Document& document, const Context&, Findings& found) {
    if (!document.root) return;
    const auto same = [](const std::string& one, const std::string& other) {
        return one != other && libcni::same_ignoring_case(one, other);
    };
    const auto tell = [&](const Node& parent, const Node& first, const Node& second) {
        found
            .add(second.key_span,
                 "\"" + second.key + "\" and \"" + first.key + "\" are one key to a plugin")
            .so("one of them does nothing: wincni's plugins take the exact spelling, the Go "
                "plugins the last one")
            .relate(first.key_span, "the other one")
            .maybe("remove this one", {removal_of(parent, second)});
    };
    find_twins(*document.root, same, tell);
}

constexpr std::array rules{
    Rule{"C101",
         "byte-order-mark",
         Severity::note,
         byte_order_mark,
         "The file begins with a byte-order mark of UTF-8, as Windows PowerShell writes it. "
         "wincni's "
         "plugins take it, the Go plugins stop at it.",
         true},
    Rule{"C102",
         "utf-16",
         Severity::error,
         utf_16,
         "The file is UTF-16, as Out-File and > of Windows PowerShell write it. Nobody reads it.",
         true},
    Rule{
        "C103",
        "no-break-space",
        Severity::error,
        no_break_space,
        "U+00A0 looks like a space and is none, so the file is no JSON. Text copied from web pages "
        "has such spaces.",
        true},
    Rule{
        "C104",
        "comment",
        Severity::error,
        comment,
        "JSON has no comments, neither # nor // nor /* */. A key that begins with \"_\" may hold a "
        "remark.",
        true},
    Rule{"C105",
         "lone-backslash",
         Severity::error,
         lone_backslash,
         "A backslash begins an escape in JSON; of a path each must be doubled, or be \"/\".",
         true},
    Rule{"C107",
         "trailing-comma",
         Severity::error,
         trailing_comma,
         "A comma stands behind the last member or element; JSON has none there.",
         true},
    Rule{"C108",
         "comma-missing",
         Severity::error,
         comma_missing,
         "Two members or elements have no comma between them.",
         true},
    Rule{"C109",
         "wrong-quotes",
         Severity::error,
         wrong_quotes,
         "Texts stand between single or curly quotes; JSON's are straight double ones.",
         true},
    Rule{"C110",
         "cut-off",
         Severity::error,
         cut_off,
         "A bracket or a quote is open at the end: the file was cut off, or something is missing.",
         true},
    Rule{"C113",
         "not-json",
         Severity::error,
         not_json,
         "The file is no JSON for a reason that no other rule knows; the place is where reading "
         "stopped.",
         true},
    Rule{
        "C106",
        "backslash-eaten",
        Severity::error,
        backslash_eaten,
        "\"C:\\run\" is JSON, but \\r is one character, a carriage return: the path is another one "
        "than it looks like.",
        true},
    Rule{"C111",
         "double-key",
         Severity::warning,
         double_key,
         "A key stands twice in one object. The last one counts, without a word.",
         true},
    Rule{"C112",
         "two-spellings",
         Severity::warning,
         two_spellings,
         "Two keys of one object differ in the case of letters only, so one of them does nothing; "
         "which one differs between plugins.",
         true}};

} // namespace

std::span<const Rule> rules_of_text() noexcept {
    return rules;
}

} // namespace wincni::conf
