// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/go_json.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

#include <nlohmann/json.hpp>

namespace libcni::runtime {

namespace {

/// What Go escapes beside quotes, backslashes and control characters; empty for other characters.
/// As for a web page: `text` begins with the character.
std::string_view escaped_for_html(std::string_view text) {
    if (text.starts_with("<")) return "\\u003c";
    if (text.starts_with(">")) return "\\u003e";
    if (text.starts_with("&")) return "\\u0026";
    if (text.starts_with("\xE2\x80\xA8")) return "\\u2028";
    if (text.starts_with("\xE2\x80\xA9")) return "\\u2029";
    return {};
}

void append_control_character(std::string& out, char c) {
    if (c == '\n')
        out += "\\n";
    else if (c == '\r')
        out += "\\r";
    else if (c == '\t')
        out += "\\t";
    else {
        std::array<char, 8> text{};
        (void)std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(c));
        out += text.data();
    }
}

std::string string_text(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto escaped = escaped_for_html(text.substr(i));
        if (!escaped.empty()) {
            out += escaped;
            if (c == '\xE2') i += 2;
        } else if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (c >= 0 && c < ' ') {
            append_control_character(out, c);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

/// A number without an exponent, of its digits and the power of ten of the first one.
std::string plain(const std::string& digits, int exponent) {
    if (exponent < 0)
        return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0');
    return digits.substr(0, whole) + "." + digits.substr(whole);
}

/// Go's format of a float64: the fewest digits that tell it from its neighbours, and an exponent
/// below 1e-6 and from 1e21 on.
std::string number_text(double value) {
    constexpr int least_plain = -6;
    constexpr int least_large = 21;
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    const std::string text(buffer.data(), end.ptr);
    const auto e = text.find('e');
    const int exponent = std::stoi(text.substr(e + 1));
    if (exponent < least_plain || exponent >= least_large)
        // "e-09" loses its zero, "e+09" never is.
        return text[e + 2] == '0' ? text.substr(0, e + 2) + text.substr(e + 3) : text;
    const std::string sign = text.starts_with('-') ? "-" : "";
    std::string digits = text.substr(sign.size(), e - sign.size());
    std::erase(digits, '.');
    return sign + plain(digits, exponent);
}

template <class Json>
// NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which parse_json() has limited
void append(std::string& out, const Json& value) {
    const bool is_object = value.is_object();
    if (value.is_number()) {
        out += number_text(value.template get<double>());
    } else if (value.is_string()) {
        out += string_text(value.template get_ref<const std::string&>());
    } else if (is_object || value.is_array()) {
        out += is_object ? '{' : '[';
        std::string_view separator;
        for (auto it = value.begin(); it != value.end(); ++it) {
            out += separator;
            if (is_object) out += string_text(it.key()) + ":";
            append(out, *it);
            separator = ",";
        }
        out += is_object ? '}' : ']';
    } else {
        out += value.dump();
    }
}

} // namespace

std::string go_text(const nlohmann::json& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string go_text(const nlohmann::ordered_json& value) {
    std::string out;
    append(out, value);
    return out;
}

} // namespace libcni::runtime
