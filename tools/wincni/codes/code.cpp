// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/codes/code.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "hnsclient/advice.hpp"
#include "hnsclient/error.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/codes/cni_facts.hpp"
#include "tools/wincni/codes/hns_facts.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/nearest.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::codes {

using nlohmann::ordered_json;

namespace {

constexpr std::uint32_t facility_of_win32 = 0x80070000U;
constexpr std::uint32_t most_of_win32 = 0xFFFFU;

/// What a text turned out to name.
struct Codes {
    std::vector<std::uint32_t> hresults;
    std::vector<const CniCode*> cni;
    std::vector<conf::Rule> rules;

    [[nodiscard]] bool empty() const { return hresults.empty() && cni.empty() && rules.empty(); }
};

void add(Codes& codes, std::uint32_t hresult) {
    if (std::ranges::find(codes.hresults, hresult) == codes.hresults.end())
        codes.hresults.push_back(hresult);
}

bool is_known(std::uint32_t code) {
    return !hnsclient::name_of(hnsclient::hresult(code)).empty();
}

template <typename Number>
std::optional<Number> number_in(std::string_view text, int base) {
    Number number{};
    const auto end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, number, base);
    if (fault != std::errc() || stop != end) return std::nullopt;
    return number;
}

/// Windows prints the last four digits of a Win32 error, too: "(0x490)".
std::uint32_t widened(std::uint32_t code) {
    return code <= most_of_win32 ? facility_of_win32 | code : code;
}

const CniCode* find_cni(std::uint32_t code) {
    const auto all = cni_codes();
    const auto found = std::ranges::find(all, code, &CniCode::code);
    return found == all.end() ? nullptr : &*found;
}

/// A decimal: a CNI code, a Win32 error, or an HRESULT with or without its sign.
void take_decimal(Codes& codes, std::string_view word) {
    if (const auto negative = number_in<std::int32_t>(word, 10); negative && *negative < 0)
        return add(codes, static_cast<std::uint32_t>(*negative));
    const auto code = number_in<std::uint32_t>(word, 10);
    if (!code) return;
    if (const CniCode* cni = find_cni(*code)) codes.cni.push_back(cni);
    if (*code > most_of_win32 || is_known(widened(*code))) add(codes, widened(*code));
}

bool take_hex(Codes& codes, std::string_view word) {
    constexpr std::size_t digits_of_hresult = 8;
    const bool is_marked = word.starts_with("0x") || word.starts_with("0X");
    if (!is_marked && word.size() != digits_of_hresult) return false;
    const auto code = number_in<std::uint32_t>(word.substr(is_marked ? 2 : 0), 16);
    if (code) add(codes, widened(*code));
    return code.has_value();
}

/// Names that are the word, else those that end with it: "INVALID_POLICY".
void take_name(Codes& codes, std::string_view word) {
    const std::string upper = libcni::upper_case(word);
    const auto is_part = [&](std::string_view name) {
        return name == upper
               || (name.ends_with(upper) && name[name.size() - upper.size() - 1] == '_');
    };
    for (const auto& [name, code] : hnsclient::names_of_codes())
        if (name == upper) return add(codes, static_cast<std::uint32_t>(code));
    for (const auto& [name, code] : hnsclient::names_of_codes())
        if (is_part(name)) add(codes, static_cast<std::uint32_t>(code));
}

/// A rule of `wincni conf lint`, by its ID or its name.
bool take_rule(Codes& codes, std::string_view word) {
    for (const conf::Rule& rule : conf::all_rules())
        if (libcni::same_ignoring_case(word, rule.id)
            || libcni::same_ignoring_case(word, rule.name)) {
            codes.rules.push_back(rule);
            return true;
        }
    return false;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    const auto is_part = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_part(text[end]))
            ++end;
        if (end > i) words.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    return words;
}

/// Codes in a message: marked hex and whole names, else sentences of Windows.
Codes codes_in_message(std::string_view text) {
    Codes codes;
    for (const std::string_view word : words_of(text)) {
        if (word.starts_with("0x") || word.starts_with("0X")) take_hex(codes, word);
        if (word.find('_') != std::string_view::npos) take_name(codes, word);
    }
    if (codes.empty())
        for (const auto code : codes_of_sentence(text))
            add(codes, code);
    return codes;
}

Codes codes_of(std::string_view text) {
    Codes codes;
    if (text.find(' ') != std::string_view::npos) return codes_in_message(text);
    if (take_hex(codes, text) || take_rule(codes, text)) return codes;
    take_decimal(codes, text);
    if (codes.empty()) take_name(codes, text);
    return codes.empty() ? codes_in_message(text) : codes;
}

[[noreturn]] void refuse(const std::string& text) {
    std::vector<std::string> names;
    for (const auto& [name, code] : hnsclient::names_of_codes())
        names.emplace_back(name);
    // Also without what they begin with: "ENDPOINT_NOT_FOUND".
    for (const auto& [name, code] : hnsclient::names_of_codes())
        if (const auto begin = name.find("_E_"); begin != std::string_view::npos)
            names.emplace_back(name.substr(begin + 3));
    const auto nearest = nearest_to(libcni::upper_case(text), names);
    throw Refusal("there is no code in \"" + printable(text) + "\"",
                  nearest.empty() ? "write an HRESULT (0x803b000d), its name, a CNI code (11), "
                                    "a rule of lint (C404), or the message that holds one"
                                  : "did you mean " + nearest + "?");
}

std::string hex_of(std::uint32_t code) {
    const auto text = hnsclient::shown(hnsclient::hresult(code));
    constexpr std::size_t length = 10;
    return text.substr(text.find("0x"), length);
}

bool is_of_win32(std::uint32_t code) {
    return (code & ~most_of_win32) == facility_of_win32;
}

std::string_view advice_of(std::uint32_t code) {
    return is_known(code) ? hnsclient::advice_for(hnsclient::hresult(code)) : std::string_view();
}

/// For one that is in no table.
std::string origin_of(std::uint32_t code) {
    if (is_of_win32(code))
        return "Windows' error " + std::to_string(code & most_of_win32) + ": net helpmsg "
               + std::to_string(code & most_of_win32) + " says its text";
    if ((code & 0x80000000U) == 0) return "no failure: its highest bit is not set";
    return "no code that wincni knows; HNS's own begin with 0x803B";
}

void add_line(std::string& text, std::string_view label, std::string_view value) {
    constexpr std::size_t width = 12;
    if (value.empty()) return;
    std::string line = "  " + std::string(label);
    line.resize(std::max(line.size(), width), ' ');
    text += line + std::string(value) + "\n";
}

std::string text_of(std::uint32_t code) {
    const auto name = hnsclient::name_of(hnsclient::hresult(code));
    std::string text = hex_of(code) + "  ";
    text += name.empty() ? origin_of(code) : std::string(name);
    text += "  (" + std::to_string(static_cast<std::int32_t>(code)) + ")\n";
    add_line(text, "says", sentence_of(code));
    add_line(text, "next", advice_of(code));
    for (const Report& report : reports_of(code)) {
        add_line(text, "met", report.when);
        add_line(text, "", report.url);
    }
    return text;
}

std::string text_of(const CniCode& code) {
    std::string text =
        "CNI code " + std::to_string(code.code) + "  " + std::string(code.name) + "\n";
    add_line(text, "means", code.meaning);
    add_line(text, "next", code.advice);
    return text;
}

std::string text_of(const conf::Rule& rule) {
    std::string text = std::string(rule.id) + "  " + std::string(rule.name) + "\n";
    add_line(text, "means", rule.about);
    add_line(text, "finds it", "wincni conf lint --only " + std::string(rule.id) + " FILE");
    add_line(text, "read", conf::docs_of(rule.id, rule.name));
    return text;
}

ordered_json to_json(const conf::Rule& rule) {
    return {{"kind", "rule"},
            {"code", rule.id},
            {"name", rule.name},
            {"meaning", rule.about},
            {"docs", conf::docs_of(rule.id, rule.name)}};
}

ordered_json to_json(std::uint32_t code) {
    ordered_json reports = ordered_json::array();
    for (const Report& report : reports_of(code))
        reports.push_back({{"when", report.when}, {"url", report.url}});
    return {{"kind", "hresult"},
            {"code", hex_of(code)},
            {"decimal", static_cast<std::int32_t>(code)},
            {"name", hnsclient::name_of(hnsclient::hresult(code))},
            {"meaning", sentence_of(code)},
            {"advice", advice_of(code)},
            {"reports", std::move(reports)}};
}

ordered_json to_json(const CniCode& code) {
    return {{"kind", "cni"},
            {"code", code.code},
            {"name", code.name},
            {"meaning", code.meaning},
            {"advice", code.advice}};
}

} // namespace

Answer explain(const CodeOptions& options) {
    ordered_json all = ordered_json::array();
    std::string text;
    const auto take = [&](const auto& code) {
        if (!text.empty()) text += "\n";
        text += text_of(code);
        all.push_back(to_json(code));
    };
    for (const std::string& given : options.texts) {
        const Codes codes = codes_of(given);
        if (codes.empty()) refuse(given);
        for (const conf::Rule& rule : codes.rules)
            take(rule);
        for (const CniCode* code : codes.cni)
            take(*code);
        for (const std::uint32_t code : codes.hresults)
            take(code);
    }
    return {.out = options.format == Format::json ? document(all) : text};
}

} // namespace wincni::codes
