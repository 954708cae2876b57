// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tools/wincni/conf/fix.hpp"
#include "tools/wincni/conf/mend.hpp"
#include "tools/wincni/conf/spans.hpp"
#include "tools/wincni/conf/text.hpp"

using wincni::conf::edited;
using wincni::conf::Flaw;
using wincni::conf::mend;
using wincni::conf::Node;
using wincni::conf::Place;
using wincni::conf::Span;
using wincni::conf::Text;

namespace {

/// The text after the edits of all flaws of a kind.
std::string mended_by_edits(std::string_view text) {
    std::vector<wincni::conf::Edit> edits;
    for (const auto& one : mend(text).mends)
        edits.insert(edits.end(), one.edits.begin(), one.edits.end());
    return edited(text, edits);
}

std::vector<Flaw> flaws_in(std::string_view text) {
    std::vector<Flaw> flaws;
    for (const auto& one : mend(text).mends)
        flaws.push_back(one.flaw);
    return flaws;
}

Node tree_in(std::string_view text) {
    return wincni::conf::tree_of(mend(text));
}

} // namespace

TEST_CASE("lines and columns are those of an editor") {
    const Text text("{\r\n\t\"d\xC3\xBCns\": 1,\n\n  x}");
    CHECK(text.place_of(0) == Place{1, 1});
    CHECK(text.place_of(3) == Place{2, 1});
    CHECK(text.place_of(10) == Place{2, 7});
    CHECK(text.place_of(1000) == Place{4, 5});
}

TEST_CASE("a place leads back to its byte") {
    const Text text("{\r\n\t\"d\xC3\xBCns\": 1,\n\n  x}");
    for (const std::size_t offset : {0U, 3U, 4U, 8U, 11U, 17U})
        CHECK(text.offset_of(text.place_of(offset)) == offset);
}

TEST_CASE("a line comes without its line break") {
    const Text text("{\r\n\t\"d\xC3\xBCns\": 1,\n\n  x}");
    const std::vector<std::string_view> lines{
        text.line(0), text.line(1), text.line(2), text.line(3), text.line(4), text.line(5)};
    CHECK(lines == std::vector<std::string_view>{"", "{", "\t\"d\xC3\xBCns\": 1,", "", "  x}", ""});
}

TEST_CASE("every byte of a text without flaws comes back") {
    for (const char* text : {"",
                             "{}",
                             R"({"a": "\"\\\/\b\f\n\r\tÿ", "#": "// /* ' “"})",
                             "[1, -2.5e7, true, null]\r\n"}) {
        CHECK(mend(text).text == text);
        CHECK(mend(text).mends.empty());
    }
}

TEST_CASE("one pass finds all flaws, and their edits make JSON of the text") {
    struct Case {
        const char* text;
        std::vector<Flaw> flaws;
        const char* mended;
    };

    const std::vector<Case> cases{
        {"\xEF\xBB\xBF{}", {Flaw::byte_order_mark}, "{}"},
        {"{\xC2\xA0\"a\":\xC2\xA0\"\xC2\xA0\"}",
         {Flaw::no_break_space, Flaw::no_break_space},
         "{ \"a\": \"\xC2\xA0\"}"},
        {"{\n  # one\n  \"a\": 1 // two\n}/* three",
         {Flaw::comment, Flaw::comment, Flaw::comment},
         "{\n  \"a\": 1\n}"},
        {"{\"a\": /* in */ 1}", {Flaw::comment}, "{\"a\":  1}"},
        {"{\"a\": [1, ], }", {Flaw::trailing_comma, Flaw::trailing_comma}, "{\"a\": [1 ] }"},
        {"{\"a\": 1, // last\n}", {Flaw::trailing_comma, Flaw::comment}, "{\"a\": 1\n}"},
        {"{\"a\": 1\n \"b\": [{} {}]}",
         {Flaw::comma_missing, Flaw::comma_missing},
         "{\"a\": 1,\n \"b\": [{}, {}]}"},
        {R"({"a": "C:\run\cni"})", {Flaw::lone_backslash}, R"({"a": "C:\\run\\cni"})"},
        {R"({"a": "C:\k\", "b": "\users"})",
         {Flaw::lone_backslash, Flaw::lone_backslash},
         R"({"a": "C:\\k\\", "b": "\\users"})"},
        {"{'a': '\"it\\'s\"'}", {Flaw::wrong_quotes, Flaw::wrong_quotes}, R"({"a": "\"it's\""})"},
        {"{“a”: “b\", \"c”: 1}",
         {Flaw::wrong_quotes, Flaw::wrong_quotes, Flaw::wrong_quotes},
         R"({"a": "b", "c": 1})"}};
    for (const Case& one : cases) {
        CAPTURE(std::string(one.text));
        CHECK(flaws_in(one.text) == one.flaws);
        CHECK(mended_by_edits(one.text) == one.mended);
    }
}

TEST_CASE("what is open at the end is found where it begins, and is not guessed at") {
    struct Case {
        const char* text;
        std::size_t offset;
    };

    for (const Case& one :
         {Case{"{\"a\": [1", 6}, Case{"{\"a\": {}", 0}, Case{"{\"a\": \"b\n}", 6}}) {
        CHECK(flaws_in(one.text) == std::vector<Flaw>{Flaw::cut_off});
        const auto cut = mend(one.text).mends.front();
        CHECK(cut.span.offset == one.offset);
        CHECK(cut.edits.empty());
    }
}

TEST_CASE("UTF-16 of either order is read, with a mark or without") {
    using namespace std::string_literals;
    for (std::string text : {"\xFF\xFE{\0}\0"s, "\xFE\xFF\0{\0}"s, "{\0}\0"s, "\0{\0}"s}) {
        CHECK(wincni::conf::take_from_utf16(text));
        CHECK(text == "{}");
    }
    std::string plain = "{}";
    CHECK(!wincni::conf::take_from_utf16(plain));
    CHECK(plain == "{}");
}

TEST_CASE("spans are those of the text before it was mended") {
    const std::string_view text = "\xEF\xBB\xBF{ # one\n 'a': [1,\xC2\xA0{\"b\": \"x\"},]}";
    const Text whole{std::string(text)};
    const Node root = tree_in(text);
    const Node& list = root.children.at(0);
    CHECK(whole.at(root.span) == text.substr(3));
    CHECK(whole.at(list.span) == "[1,\xC2\xA0{\"b\": \"x\"},]");
    CHECK(whole.at(list.children.at(1).span) == "{\"b\": \"x\"}");
    CHECK(whole.at(list.children.at(1).children.at(0).key_span) == "\"b\"");
    CHECK(whole.at(list.children.at(1).children.at(0).whole()) == "\"b\": \"x\"");
}

TEST_CASE("a member is found as plugins find it") {
    const Node root = tree_in(R"({"Dns": 1, "dns": 2, "dns": 3, "NAME": 4, "Name": 5, "a": null})");
    CHECK(root.find("dns")->text == "3");
    CHECK(root.find("Dns")->text == "1");
    CHECK(root.find("name")->text == "5");
    CHECK(root.find("a") == nullptr);
    CHECK(root.find("b") == nullptr);
}

TEST_CASE("paths lead to values, in any case and with dots in names") {
    const Node root = tree_in(R"({"a": [{"b.c": {"d": 1}}, 2], "cni.dev/x": 3})");
    CHECK(node_at(root, "conf.a[0].b.c.d")->text == "1");
    CHECK(node_at(root, "conf.A[1]")->text == "2");
    CHECK(node_at(root, "conf.cni.dev/x")->text == "3");
    CHECK(path_to(root, *node_at(root, "conf.a[0].b.c.d")) == "conf.a[0].b.c.d");
}

TEST_CASE("paths lead to the nearest value that is there") {
    const Node root = tree_in(R"({"a": [{"b.c": {"d": 1}}, 2]})");
    CHECK(node_at(root, "conf.a[7]") == root.find("a"));
    CHECK(rest_behind(root, "conf.a[7].x") == "[7].x");
    CHECK(node_at(root, "conf") == &root);
    CHECK(node_at(root, "other.a") == nullptr);
}

TEST_CASE("removing and putting in leave JSON, and the author's lines") {
    const Text text("{\n  \"a\": 1,\n  \"b\": [2, 3],\n  \"c\": {}\n}");
    const Node root = wincni::conf::tree_of(mend(text.bytes()));
    const auto after = [&](const wincni::conf::Edit& edit) { return edited(text.bytes(), {edit}); };
    CHECK(after(removal_of(root, root.children[0])) == "{\n  \"b\": [2, 3],\n  \"c\": {}\n}");
    CHECK(after(removal_of(root, root.children[2])) == "{\n  \"a\": 1,\n  \"b\": [2, 3]\n}");
    const Node& list = root.children[1];
    CHECK(after(removal_of(list, list.children[1]))
          == "{\n  \"a\": 1,\n  \"b\": [2],\n  \"c\": {}\n}");
    CHECK(after(insertion_into(text, root, "\"x\": 1"))
          == "{\n  \"x\": 1,\n  \"a\": 1,\n  \"b\": [2, 3],\n  \"c\": {}\n}");
    CHECK(after(insertion_into(text, root.children[2], "\"x\": 1")).ends_with("{\"x\": 1}\n}"));
}

TEST_CASE("of edits that overlap the first counts") {
    CHECK(edited("0123456789", {{{2, 3}, "a"}, {{4, 2}, "b"}, {{8, 1}, ""}, {{2, 0}, "c"}})
          == "01a5679");
    CHECK(edited("", {{{0, 0}, "x"}}) == "x");
}

TEST_CASE("differences are told as patch takes them") {
    CHECK(wincni::conf::difference("a\nb\n", "a\nb\n", "f").empty());
    CHECK(wincni::conf::difference("a\nb\nc\n", "a\nx\nc\n", "f")
          == "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    const std::string many = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    CHECK(wincni::conf::difference(many, "1\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", "f")
          == "--- f\n+++ f\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n@@ -10,3 +9,4 @@\n 10\n 11\n "
             "12\n+13\n");
}

TEST_CASE("texts of very many lines that differ throughout are told as one piece") {
    std::string before = "same\n";
    std::string after = before;
    for (int i = 0; i < 3000; ++i) {
        before += std::to_string(i) + "\n";
        after += std::to_string(i) + ",\n";
    }
    const auto told = wincni::conf::difference(before, after, "f");
    CHECK(told.starts_with("--- f\n+++ f\n@@ -1,3001 +1,3001 @@\n same\n-0\n-1\n"));
    CHECK(told.ends_with("+2998,\n+2999,\n"));
}
