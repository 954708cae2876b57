// SPDX-License-Identifier: Apache-2.0
#include "libcni/json_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"

namespace libcni {

namespace {

/// No conf needs more, and copying or printing JSON takes stack for each level.
constexpr std::size_t deepest = 1000;

struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

/// Column in characters, not bytes, as an editor counts.
Place place_of(std::string_view text, std::size_t offset) {
    Place place;
    for (const char c : text.substr(0, offset)) {
        const bool continues_character = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
        if (c == '\n')
            place = {place.line + 1, 1};
        else if (!continues_character)
            ++place.column;
    }
    return place;
}

bool is_utf16(std::string_view text) {
    if (has_utf16_mark(text)) return true;
    // "{" in UTF-16 without a mark; a NUL is never part of JSON text.
    return text.size() >= 2
           && ((text[0] == '{' && text[1] == '\0') || (text[0] == '\0' && text[1] == '{'));
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// True inside of an escape that JSON does not have: behind "\k", or behind "\u" of "\users",
/// which wants four hex digits.
bool is_in_escape(std::string_view before) {
    const auto last = before.find_last_not_of("0123456789abcdefABCDEF");
    if (last != std::string_view::npos && before[last] == 'u' && before.size() - last <= 4)
        before = before.substr(0, last);
    const auto backslashes = before.size() - (before.find_last_not_of('\\') + 1);
    return backslashes % 2 == 1;
}

/// What people do to JSON, and what they should do instead; empty where we cannot tell.
std::string likely_cause(std::string_view text, std::size_t offset) {
    const std::string_view at = text.substr(std::min(offset, text.size()));
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    if (is_in_escape(before))
        return "a backslash in a JSON string must be doubled (\"C:\\\\k\\\\cni\"), or write \"/\" "
               "instead";
    if (at.starts_with("\xC2\xA0"))
        return "there is a no-break space (U+00A0), which looks like a space but is not one: text "
               "copied from a web page often has them; replace them with spaces";
    if (at.starts_with('#') || at.starts_with("//") || at.starts_with("/*"))
        return "comments are not allowed in JSON: remove this one";
    if (at.starts_with('}') || at.starts_with(']')) {
        const auto last = std::find_if_not(before.rbegin(), before.rend(), is_blank);
        if (last != before.rend() && *last == ',') return "remove the comma before it";
    }
    if (at.starts_with('\0') && !at.empty()) return "there is a NUL byte";
    if (at.starts_with('\'')) return "strings are written with double quotes";
    if (std::all_of(at.begin(), at.end(), is_blank))
        return "the text ends too early: a bracket or quote is not closed, or the file was cut off";
    return {};
}

[[noreturn]] void refuse(std::string_view text, std::string_view what, std::size_t offset) {
    const Place place = place_of(text, offset);
    const std::string cause = likely_cause(text, offset);
    throw Error(ErrorCode::decoding_failure,
                std::string(what) + " is not valid JSON: line " + std::to_string(place.line)
                    + ", column " + std::to_string(place.column),
                cause.empty() ? "check the text at this place with a JSON editor" : cause);
}

/// True when brackets outside of strings nest deeper than that.
bool is_nested_deeper(std::string_view text, std::size_t levels) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') in_string = !in_string;
        if (in_string && c == '\\') ++i;
        if (in_string) continue;
        if ((c == '{' || c == '[') && ++depth > levels) return true;
        if ((c == '}' || c == ']') && depth > 0) --depth;
    }
    return false;
}

/// Hears of each key and its object, and keeps no values.
class KeyListener final : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return true; }

    bool boolean(bool) override { return true; }

    bool number_integer(number_integer_t) override { return true; }

    bool number_unsigned(number_unsigned_t) override { return true; }

    bool number_float(number_float_t, const string_t&) override { return true; }

    bool string(string_t&) override { return true; }

    bool binary(binary_t&) override { return true; }

    bool start_array(std::size_t) override { return true; }

    bool end_array() override { return true; }

    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
        return false;
    }

    bool start_object(std::size_t) override {
        objects_.push_back({.path = path_, .seen = {}});
        return objects_.size() <= deepest;
    }

    bool end_object() override {
        path_ = objects_.back().path;
        objects_.pop_back();
        return true;
    }

    bool key(string_t& name) override {
        Object& object = objects_.back();
        path_ = object.path.empty() ? name : object.path + "." + name;
        const auto is_it = [&](const std::string& other) {
            return same_ignoring_case(other, name);
        };
        if (std::ranges::none_of(object.seen, is_it))
            object.seen.push_back(name);
        else if (std::ranges::find(repeated, path_) == repeated.end())
            repeated.push_back(path_);
        return true;
    }

    std::vector<std::string> repeated;

private:
    struct Object {
        std::string path;
        std::vector<std::string> seen;
    };

    std::vector<Object> objects_;
    std::string path_;
};

} // namespace

nlohmann::json parse_json(std::string& text, std::string_view what) {
    text.erase(0, text.size() - without_byte_order_mark(text).size());
    if (is_utf16(text))
        throw Error(ErrorCode::decoding_failure,
                    std::string(what) + " is UTF-16 text",
                    "save it as UTF-8 (PowerShell: Set-Content -Encoding ascii, or Out-File "
                    "-Encoding utf8)");
    if (std::all_of(text.begin(), text.end(), is_blank))
        throw Error(ErrorCode::decoding_failure,
                    std::string(what) + " is empty",
                    "a network configuration in JSON is expected on stdin");
    if (is_nested_deeper(text, deepest))
        throw Error(ErrorCode::decoding_failure,
                    std::string(what) + " is nested deeper than " + std::to_string(deepest)
                        + " levels",
                    "no network configuration needs that: check what wrote it");
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        refuse(text, what, error.byte == 0 ? 0 : error.byte - 1);
    } catch (const nlohmann::json::exception& error) {
        // A number too large for any type is an error of another kind.
        throw Error(ErrorCode::decoding_failure,
                    std::string(what) + " cannot be read: " + error.what(),
                    "there is a number that is far too large: correct it");
    }
}

std::vector<std::string> repeated_keys(std::string_view text) {
    KeyListener listener;
    (void)nlohmann::json::sax_parse(text, &listener);
    return std::move(listener.repeated);
}

} // namespace libcni
