// SPDX-License-Identifier: Apache-2.0
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
