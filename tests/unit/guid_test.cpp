// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "hnsclient/guid.hpp"

using hnsclient::parse_guid;
using hnsclient::same_guid;
using hnsclient::to_text;

TEST_CASE("A GUID is read in either case, with or without braces, and written as HNS does") {
    const std::string text = "E0000000-FA4E-4000-A000-0000000000E1";
    for (const char* spelling : {"E0000000-FA4E-4000-A000-0000000000E1",
                                 "e0000000-fa4e-4000-a000-0000000000e1",
                                 "{E0000000-fa4e-4000-A000-0000000000e1}"}) {
        const auto guid = parse_guid(spelling);
        REQUIRE(guid);
        CHECK(to_text(*guid) == text);
    }
    const auto guid = parse_guid("01234567-89AB-CDEF-0123-456789ABCDEF");
    REQUIRE(guid);
    CHECK(guid->data1 == 0x01234567);
    CHECK(guid->data2 == 0x89AB);
    CHECK(guid->data3 == 0xCDEF);
    CHECK(guid->data4[0] == 0x01);
    CHECK(guid->data4[7] == 0xEF);
}

TEST_CASE("What is nearly a GUID is not one") {
    for (const char* text : {"",
                             "none",
                             "E0000000FA4E4000A0000000000000E1",
                             "E0000000-FA4E-4000-A000-0000000000E",
                             "E0000000-FA4E-4000-A000-0000000000E11",
                             "{E0000000-FA4E-4000-A000-0000000000E1",
                             "E0000000-FA4E-4000-A000-0000000000E1}",
                             " E0000000-FA4E-4000-A000-0000000000E1",
                             "G0000000-FA4E-4000-A000-0000000000E1",
                             "-0000000-FA4E-4000-A000-0000000000E1",
                             "0x000000-FA4E-4000-A000-0000000000E1",
                             "E0000000-FA4E-4000-A0000-000000000E1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_guid(text));
        CHECK_FALSE(same_guid(text, text));
    }
}

TEST_CASE("The same GUID in two spellings is the same") {
    CHECK(same_guid("{e0000000-fa4e-4000-a000-0000000000e1}",
                    "E0000000-FA4E-4000-A000-0000000000E1"));
    CHECK_FALSE(
        same_guid("E0000000-FA4E-4000-A000-0000000000E1", "E0000000-FA4E-4000-A000-0000000000E2"));
}
