// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tools/wincni/table.hpp"

using wincni::display_width;
using wincni::printable;
using wincni::Table;

TEST_CASE("columns are as wide as their widest cell, and the last is not padded") {
    Table table({"NAME", "ID"});
    table.add({"cbr0", "1"});
    table.add({"a-longer-name", "2"});
    CHECK(table.text()
          == "NAME           ID\n"
             "cbr0           1\n"
             "a-longer-name  2\n");
}

TEST_CASE("an empty cell shows a dash, so that columns can be counted") {
    Table table({"NAME", "NAMESPACE", "ID"});
    table.add({"", "", "1"});
    CHECK(table.text()
          == "NAME  NAMESPACE  ID\n"
             "-     -          1\n");
}

TEST_CASE("a table without rows is its header, and knows that it is empty") {
    Table table({"NAME", "ID"});
    CHECK(table.empty());
    CHECK(table.text() == "NAME  ID\n");
    table.add({"x", "y"});
    CHECK_FALSE(table.empty());
}

TEST_CASE("a table without header is its rows, which may have different lengths") {
    Table table;
    table.add({"Name", "cbr0"});
    table.add({"A longer label"});
    CHECK(table.text()
          == "Name            cbr0\n"
             "A longer label\n");
}

TEST_CASE("letters beyond ASCII are one column, East Asian ones two, combining marks none") {
    CHECK(display_width("") == 0);
    CHECK(display_width("cbr0") == 4);
    CHECK(display_width("Brücke") == 6);
    CHECK(display_width("u\u0308") == 1);
    CHECK(display_width("ネットワーク") == 12);
    CHECK(display_width("\U0001F600") == 2);
    CHECK(display_width("\U00010400") == 1);
}

TEST_CASE("rows with such letters stay aligned") {
    Table table({"NAME", "ID"});
    table.add({"Brücke", "1"});
    table.add({"網", "2"});
    CHECK(table.text()
          == "NAME    ID\n"
             "Brücke  1\n"
             "網      2\n");
}

TEST_CASE("names cannot steer the terminal or break a line") {
    CHECK(printable("a\x1b[2Jb") == "a\uFFFD[2Jb");
    CHECK(printable("a\r\nb\tc") == "a\uFFFD\uFFFDb\uFFFDc");
    CHECK(printable("a\u202Eb\u2028c\u0085") == "a\uFFFDb\uFFFDc\uFFFD");
    CHECK(printable("Brücke 網") == "Brücke 網");
}

TEST_CASE("what is not UTF-8 is replaced and counts one column each") {
    CHECK(printable("a\xFFz") == "a\uFFFDz");
    CHECK(display_width("a\xFFz") == 3);
    Table table({"NAME", "ID"});
    table.add({"\xC3", "1"});
    CHECK(table.text() == "NAME  ID\n\uFFFD     1\n");
}

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
    Lines lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

wincni::Table of_endpoints() {
    wincni::Table table({"NAME", "ADDRESSES", "ID"});
    table.add({std::string(40, 'a'), "10.244.4.3/24", "7C1E0B52-9A41-4F0E-8D35-0E7B6A1C41AF"});
    table.add({"web", "10.244.4.4/24", "7C1E0B52-9A42-4F0E-8D35-0E7B6A1C41AF"});
    return table;
}

} // namespace

TEST_CASE("a table that fits is not changed") {
    const auto table = of_endpoints();
    CHECK(table.text(200) == table.text());
    CHECK(table.text(40 + 2 + 13 + 2 + 36) == table.text());
}

TEST_CASE("IDs are shortened first, to what tells them apart") {
    const auto lines = lines_of(of_endpoints().text(40 + 2 + 13 + 2 + 35));
    CHECK(lines[1] == std::string(40, 'a') + "  10.244.4.3/24  7C1E0B52-9A41");
    CHECK(lines[2].ends_with("  7C1E0B52-9A42"));
    wincni::Table one({"ID", "TYPE"});
    one.add({"7C1E0B52-9A41-4F0E-8D35-0E7B6A1C41AF", "Host"});
    CHECK(one.text(20) == "ID        TYPE\n7C1E0B52  Host\n");
}

TEST_CASE("then the widest cells are cut, and every line fits") {
    for (const std::size_t columns : {80U, 70U, 60U, 50U, 44U, 40U}) {
        CAPTURE(columns);
        for (const auto& line : lines_of(of_endpoints().text(columns)))
            CHECK(wincni::display_width(line) <= columns);
    }
    CHECK(lines_of(of_endpoints().text(50))[1]
          == std::string(19, 'a') + "…  10.244.4.3/24  7C1E0B52-9A41");
}

TEST_CASE("what cannot fit is as narrow as can be read") {
    for (const auto& line : lines_of(of_endpoints().text(3)))
        CHECK(wincni::display_width(line) <= 3 * 10 + 4);
    wincni::Table wide({"NAME"});
    wide.add({"日本日本日本日本日本"});
    wide.add({"\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600"});
    for (const auto& line : lines_of(wide.text(10))) {
        CHECK(wincni::display_width(line) <= 10);
        CHECK(line.find("\uFFFD") == std::string::npos);
    }
}
