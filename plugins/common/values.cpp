// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace plugins {

using libcni::Address;
using libcni::Cidr;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

constexpr std::string_view blanks = " \t\r\n";

constexpr const char* depth_sentence =
    "PowerShell's ConvertTo-Json writes lists and objects below its depth as one string: call it "
    "with -Depth 20";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

[[noreturn]] void
refuse(const std::string& place, std::string_view text, const char* what, const char* cure) {
    throw Error(
        ErrorCode::invalid_network_config, place + " \"" + std::string(text) + "\" " + what, cure);
}

/// What .NET calls an object of which PowerShell writes only the type.
bool is_type_of_net(std::string_view text) {
    return text.find("System.Object[]") != std::string_view::npos
           || (text.starts_with("System.") && text.ends_with("[]"))
           || text.starts_with("System.Collections.") || text.starts_with("System.Management.");
}

bool is_between(std::string_view text, std::string_view opening, std::string_view closing) {
    const auto first = text.find(opening);
    return first != std::string_view::npos
           && text.find(closing, first + opening.size()) != std::string_view::npos;
}

/// Marks that no address, name or GUID has.
bool is_placeholder(std::string_view text) {
    constexpr std::array<std::array<std::string_view, 2>, 6> marks{
        {{"<", ">"}, {"{{", "}}"}, {"${", "}"}, {"$(", ")"}, {"__", "__"}, {"%", "%"}}};
    return text.starts_with("$") || std::ranges::any_of(marks, [&](const auto& mark) {
               return is_between(text, mark[0], mark[1]);
           });
}

void require_filled_in(const std::string& place, std::string_view text) {
    if (is_type_of_net(text) || text.starts_with("@{"))
        refuse(place, text, "is what PowerShell writes instead of a value", depth_sentence);
    if (is_placeholder(text))
        refuse(place, text, "is a placeholder", "put the value of this cluster in its place");
}

/// For a text that is no value of its kind.
[[noreturn]] void
refuse_value(const std::string& place, std::string_view text, const char* what, const char* cure) {
    require_filled_in(place, text);
    if (trimmed(text).find_first_of(" \t\r\n,;") != std::string_view::npos)
        refuse(place,
               text,
               "holds several values in one string",
               "write a list: [\"...\", \"...\"]; PowerShell's ConvertTo-Json joins lists below "
               "its depth: call it with -Depth 20");
    refuse(place, text, what, cure);
}

std::optional<std::uint16_t> port_in(std::string_view text) {
    std::uint16_t port = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, port);
    if (error != std::errc{} || end != last) return std::nullopt;
    return port;
}

bool are_ports(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = port_in(text.substr(0, dash));
    if (dash == std::string_view::npos) return first.has_value();
    const auto last = port_in(text.substr(dash + 1));
    return first && last && *first <= *last;
}

/// Placeholders in the domain names of a conf, and lists joined in one string.
std::string read_word(const JsonReader& key) {
    const std::string text(trimmed(key.text()));
    require_filled_in(key.path(), text);
    if (text.find_first_of(" \t\r\n,;") != std::string::npos)
        refuse_value(key.path(), text, "is not a name", "write one name");
    return text;
}

bool is_empty_text(const JsonReader& value) {
    return value.is_string() && trimmed(value.text()).empty();
}

/// One text stands for a list of one.
std::vector<JsonReader> elements_of_list(const JsonReader& key) {
    if (key.is_string()) return {key};
    if (!key.is_array()) key.mismatch("an array of strings");
    return key.elements();
}

} // namespace

Cidr parse_prefix(const std::string& place, std::string_view text) {
    const std::string_view value = trimmed(text);
    if (const auto cidr = Cidr::parse(value)) return cidr->network();
    if (const auto address = libcni::parse_address(value))
        return {*address, libcni::address_bits(*address)};
    refuse_value(place, text, "is not a network", "write it like 10.244.0.0/16");
}

Cidr read_network(const JsonReader& key) {
    const std::string text = key.text();
    const auto cidr = Cidr::parse(trimmed(text));
    if (!cidr) refuse_value(key.path(), text, "is not a network", "write it like 10.244.0.0/16");
    return cidr->network();
}

Cidr read_prefix(const JsonReader& key) {
    return parse_prefix(key.path(), key.text());
}

Address parse_address_at(const std::string& place, std::string_view text) {
    if (const auto address = libcni::parse_address(trimmed(text))) return *address;
    refuse_value(place, text, "is not an IP address", "write it like 10.96.0.10");
}

Address read_address(const JsonReader& key) {
    return parse_address_at(key.path(), key.text());
}

std::string parse_ports(const std::string& place, std::string_view text) {
    const std::string_view value = trimmed(text);
    if (!are_ports(value))
        refuse_value(place,
                     text,
                     "is not a port",
                     "a port is a number up to 65535, several are "
                     "written like 80,443 or 8080-8090");
    return std::string(value);
}

std::vector<JsonReader> texts_in(const JsonReader& key) {
    for (const auto& element : elements_of_list(key)) {
        if (element.json().is_null() || is_empty_text(key))
            warn_of_empty(element);
        else
            require_not_empty(element);
    }
    return filled_texts_in(key);
}

std::vector<JsonReader> filled_texts_in(const JsonReader& key) {
    auto found = elements_of_list(key);
    std::erase_if(found, [](const JsonReader& element) {
        return element.json().is_null() || trimmed(element.text()).empty();
    });
    return found;
}

void require_not_empty(const JsonReader& value) {
    if (is_empty_text(value))
        refuse(value.path(),
               value.text(),
               "is empty",
               "write a value, or take the element out: a script leaves it so whose variable was "
               "not set");
}

void warn_of_empty(const JsonReader& value) {
    if (value.json().is_null() || is_empty_text(value))
        libcni::log::warning(value.path()
                             + " is empty and left out: a script leaves it so whose variable was "
                               "not set");
}

std::vector<std::string> read_addresses(const std::vector<JsonReader>& texts) {
    std::vector<std::string> addresses;
    for (const auto& element : texts) {
        const std::string address = read_address(element).to_string();
        if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
    }
    return addresses;
}

std::vector<std::string> read_words(const std::vector<JsonReader>& texts) {
    std::vector<std::string> words;
    for (const auto& element : texts)
        words.push_back(read_word(element));
    return words;
}

void require_filled_in(const JsonReader& value) {
    if (value.is_string()) return require_filled_in(value.path(), value.text());
    if (value.is_object())
        for (const auto& [name, member] : value.members())
            require_filled_in(member);
    if (value.is_array())
        for (const auto& element : value.elements())
            require_filled_in(element);
}

} // namespace plugins
