// SPDX-License-Identifier: Apache-2.0
// JSON as people and their tools write it, and what they are told when it is not.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/json_text.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
using libcni::parse_json;
using namespace std::string_literals;

namespace {

Error fault_of(std::string text) {
    return error_of([&] { return parse_json(text, "the conf"); });
}

/// UTF-16 without a byte-order mark, little end first.
std::string utf16le(std::string_view ascii) {
    std::string text;
    for (const char c : ascii)
        text += {c, '\0'};
    return text;
}

} // namespace

TEST_CASE("What people do to JSON is told with line, column, cause and cure") {
    struct Case {
        std::string name;
        std::string text;
        std::string place;
        std::string cause;
    };

    const Case cases[] = {
        {"a # comment",
         "{\n  \"a\": [\n    \"10.0.0.0/8\", # pods\n    \"b\"]\n}",
         "line 3, column 19",
         "comments are not allowed"},
        {"a // comment",
         "{\n  // the network\n  \"a\": 1}",
         "line 2, column 3",
         "comments are not allowed"},
        {"a /* comment */", "{ /* x */ }", "line 1, column 3", "comments are not allowed"},
        {"a comma before }",
         "{\"name\":\"x\",\n \"type\":\"y\",\n}",
         "line 3, column 1",
         "remove the comma"},
        {"a comma before ]", "{\"a\": [1, 2, ]}", "line 1, column 14", "remove the comma"},
        {"a no-break space", "{\n\xC2\xA0\xC2\xA0\"name\": 1}", "line 2, column 1", "U+00A0"},
        {"a single backslash", R"({"dataDir": "C:\k\cni"})", "line 1, column 17", "doubled"},
        {"a single backslash before P",
         R"({"d": "C:\Program Files"})",
         "line 1, column 11",
         "doubled"},
        {"a single backslash before u", R"({"d": "C:\users\k"})", "line 1, column 12", "doubled"},
        {"a single backslash before ude", R"({"d": "C:\udev\k"})", "line 1, column 14", "doubled"},
        {"a quote that stays open behind doubled backslashes",
         "{\"d\": \"C:\\\\u\n\"}",
         "line 1, column 13",
         ""},
        {"a cut file",
         "{\"name\": \"x\",\n \"type\": \"win-br",
         "line 2, column 17",
         "ends too early"},
        {"a bracket that stays open", "{\"name\": [1, 2\n", "line 2, column 1", "ends too early"},
        {"a NUL byte", "{\"name\": \0 1}"s, "line 1, column 10", "NUL"},
        {"single quotes", "{'name': 'x'}", "line 1, column 2", "double quotes"},
        {"something after the end", "{} x", "line 1, column 4", ""},
        {"a text that is not JSON at all", "subnet.env", "line 1, column 1", ""},
        {"a raw line end in a string", "{\"name\": \"x\n\"}", "line 1, column 12", ""},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        const Error error = fault_of(one.text);
        CHECK(error.code() == ErrorCode::decoding_failure);
        CHECK(missing_in(error.msg(), {"the conf is not valid JSON", one.place}) == "");
        CHECK(missing_in(error.details(), {one.cause}) == "");
        CHECK_FALSE(error.details().empty());
    }
}

TEST_CASE("A column counts characters, not bytes, as an editor does") {
    const Error error = fault_of("{\"\xE4\xBB\xA5\xE5\xA4\xAA\xE7\xBD\x91\": #}");
    CHECK(missing_in(error.msg(), {"line 1, column 9"}) == "");
}

TEST_CASE("A line ends with its line feed, with or without a carriage return") {
    CHECK(missing_in(fault_of("{\r\n\"a\": 1,\r\n#\r\n}").msg(), {"line 3, column 1"}) == "");
}

TEST_CASE("A UTF-8 byte-order mark is taken away, from what delegates get as well") {
    std::string text = "\xEF\xBB\xBF{\"name\": \"cbr0\"}";
    CHECK(parse_json(text, "the conf").at("name") == "cbr0");
    CHECK(text == "{\"name\": \"cbr0\"}");
}

TEST_CASE("UTF-16 is recognised by its mark or by its NULs, and named with the cure") {
    for (const std::string& text :
         {"\xFF\xFE" + utf16le("{}"), "\xFE\xFF\0{\0}"s, utf16le("{}"), "\0{\0}"s, "\xFF\xFE"s}) {
        const Error error = fault_of(text);
        CHECK(error.code() == ErrorCode::decoding_failure);
        CHECK(error.msg() == "the conf is UTF-16 text");
        CHECK(missing_in(error.details(), {"UTF-8"}) == "");
    }
}

TEST_CASE("An empty text is called empty") {
    for (const std::string text : {"", " \r\n\t", "\xEF\xBB\xBF"}) {
        CHECK(fault_of(text).code() == ErrorCode::decoding_failure);
        CHECK(fault_of(text).msg() == "the conf is empty");
    }
}

TEST_CASE("Of several equal keys the last one wins") {
    std::string text = R"({"name": "a", "name": "b"})";
    CHECK(parse_json(text, "the conf").at("name") == "b");
}

TEST_CASE("Nesting that no conf needs is refused instead of exhausting the stack later") {
    const std::string open(200'000, '[');
    const std::string closed(200'000, ']');
    std::string objects;
    for (int i = 0; i < 200'000; ++i)
        objects += "{\"a\":";
    for (const std::string& text :
         {open, open + closed, "{\"a\":" + open + closed + "}", objects}) {
        CHECK(fault_of(text).code() == ErrorCode::decoding_failure);
        CHECK(missing_in(fault_of(text).msg(), {"the conf", "nested"}) == "");
    }
    std::string usual = std::string(100, '[') + std::string(100, ']');
    CHECK_NOTHROW(parse_json(usual, "the conf"));
    std::string wide = "[" + std::string(5'000, ' ');
    for (int i = 0; i < 5'000; ++i)
        wide += "[],";
    wide += "0]";
    CHECK(parse_json(wide, "the conf").size() == 5'001);
    std::string brackets_in_text = "{\"a\": \"\\\"" + std::string(5'000, '[') + "\"}";
    CHECK(parse_json(brackets_in_text, "the conf").at("a").get<std::string>().size() == 5'001);
}

TEST_CASE("A large conf is read whole") {
    std::string text = R"({"name": "cbr0", "padding": ")" + std::string(4U << 20U, 'x') + "\"}";
    CHECK(parse_json(text, "the conf").at("padding").get<std::string>().size() == 4U << 20U);
}

TEST_CASE("Bytes that are not UTF-8 and numbers that no type holds are refused") {
    CHECK(fault_of("{\"name\": \"\xFF\"}").code() == ErrorCode::decoding_failure);
    CHECK(fault_of("{\"name\": 1e999}").code() == ErrorCode::decoding_failure);
    CHECK(missing_in(fault_of("{\"name\": 1e999}").details(), {"number", "too large"}) == "");
}
