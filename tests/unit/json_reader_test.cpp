// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/json_reader.hpp"
#include "tests/unit/thrown.hpp"

using libcni::JsonReader;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

/// Reads `text` as a T; what() of the fault when it does not fit.
template <class T>
std::string fault_of_number(const std::string& text) {
    const json value = json::parse(text);
    return shape_fault_of([&] { return JsonReader(value, "conf.n").number<T>(); });
}

template <class T>
T number(const std::string& text) {
    const json value = json::parse(text);
    return JsonReader(value, "conf.n").number<T>();
}

} // namespace

TEST_CASE("A key is found in any case, and the exact spelling first") {
    const json one{{"NameServers", "a"}};
    CHECK(JsonReader(one, "conf").text_or_empty("nameservers") == "a");
    CHECK(JsonReader(one, "conf").text_or_empty("NAMESERVERS") == "a");
    // Whichever of them a sorted object holds first.
    const json several{{"NAME", "upper"}, {"Name", "title"}, {"name", "exact"}};
    CHECK(JsonReader(several, "conf").text_or_empty("name") == "exact");
    CHECK(JsonReader(several, "conf").text_or_empty("Name") == "title");
    CHECK(JsonReader(several, "conf").text_or_empty("NAME") == "upper");
}

TEST_CASE("A key that is null is absent") {
    const json conf{{"dns", nullptr}};
    const JsonReader reader(conf, "conf");
    CHECK_FALSE(reader.find("dns"));
    CHECK(reader.text_or_empty("dns").empty());
    CHECK(reader.texts_or_none("dns").empty());
    CHECK(shape_fault_of([&] { return reader.require("dns"); }) == "conf.dns is missing");
}

TEST_CASE("A message has the path as the author spelled it, through objects and lists") {
    const json conf = json::parse(R"({"IPAM": {"Routes": [{"dst": "a"}, {"DST": 7}]}})");
    const auto routes = JsonReader(conf, "conf").require("ipam").require("routes").elements();
    REQUIRE(routes.size() == 2);
    CHECK(routes[1].path() == "conf.IPAM.Routes[1]");
    CHECK(shape_fault_of([&] { return routes[1].require("dst").text(); })
          == "conf.IPAM.Routes[1].DST must be a string, not 7");
    CHECK(shape_fault_of([&] { return routes[0].require("gw"); })
          == "conf.IPAM.Routes[0].gw is missing");
    CHECK(JsonReader(conf, "conf").members().front().second.path() == "conf.IPAM");
}

TEST_CASE("A value of another type is refused with what it is") {
    const json conf{{"text", "x"}, {"list", {1, 2}}, {"object", {{"a", 1}}}, {"yes", true}};
    const JsonReader reader(conf, "conf");
    CHECK(shape_fault_of([&] { return reader.require("list").text(); })
          == "conf.list must be a string, not array");
    CHECK(shape_fault_of([&] { return reader.require("text").boolean(); })
          == "conf.text must be true or false, not \"x\"");
    CHECK(shape_fault_of([&] { return reader.require("text").elements(); })
          == "conf.text must be an array, not \"x\"");
    CHECK(shape_fault_of([&] { return reader.require("yes").find("a"); })
          == "conf.yes must be an object, not true");
    CHECK(shape_fault_of([&] { return reader.require("list").members(); })
          == "conf.list must be an object, not array");
    CHECK(shape_fault_of([&] { return reader.require("object").texts(); })
          == "conf.object must be an array of strings, not object");
    CHECK(shape_fault_of([&] { return reader.require("list").texts(); })
          == "conf.list[0] must be a string, not 1");
}

TEST_CASE("A long value is not repeated whole, and a value that is not UTF-8 does no harm") {
    const json lengthy = std::string(5000, 'x');
    const auto fault = shape_fault_of([&] { return JsonReader(lengthy, "conf").boolean(); });
    CHECK(fault.size() < 120);
    const json broken = "\xFF\xFE";
    CHECK(missing_in(shape_fault_of([&] { return JsonReader(broken, "conf").boolean(); }),
                     {"conf must be true or false"})
          == "");
}

TEST_CASE("A number is read when it fits its type, up to both ends") {
    CHECK(number<std::uint16_t>("65535") == 65535);
    CHECK(number<std::uint32_t>("4294967295") == 4294967295U);
    CHECK(number<std::uint64_t>("18446744073709551615") == UINT64_MAX);
    CHECK(number<int>("-2147483648") == INT32_MIN);
    CHECK(number<std::int64_t>("9223372036854775807") == INT64_MAX);
    CHECK(number<std::int64_t>("-9223372036854775808") == INT64_MIN);
    CHECK(number<unsigned>("-0") == 0);
}

TEST_CASE("A number that does not fit is refused with its bounds, never cut") {
    // get<int>() would make 3 of the first and the smallest int of the second.
    CHECK(fault_of_number<int>("4294967299")
          == "conf.n must be a whole number from -2147483648 to 2147483647, not 4294967299");
    CHECK(missing_in(fault_of_number<int>("1e300"), {"whole number", "1e+300"}) == "");
    CHECK(fault_of_number<std::uint16_t>("70000")
          == "conf.n must be a whole number from 0 to 65535, not 70000");
    for (const std::string text : {"-1",
                                   "65536",
                                   "1.5",
                                   "1.0",
                                   "\"80\"",
                                   "null",
                                   "[]",
                                   "true",
                                   "18446744073709551615",
                                   "-9223372036854775808"}) {
        CAPTURE(text);
        CHECK(missing_in(fault_of_number<std::uint16_t>(text), {"from 0 to 65535"}) == "");
    }
    CHECK(missing_in(fault_of_number<std::int64_t>("9223372036854775808"), {"whole number"}) == "");
    CHECK(missing_in(fault_of_number<std::uint64_t>("-1"), {"whole number"}) == "");
    CHECK(missing_in(fault_of_number<int>("-2147483649"), {"whole number"}) == "");
}

TEST_CASE("One string stands for a list of one; nulls and empty strings are left out") {
    struct Case {
        std::string text;
        Texts texts;
    };

    const Case cases[] = {{R"("10.96.0.10")", {"10.96.0.10"}},
                          {R"(["a", "b"])", {"a", "b"}},
                          {R"(["a", null, "", "b"])", {"a", "b"}},
                          {R"([])", {}},
                          {R"("")", {}},
                          {R"([null])", {}}};
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const json value = json::parse(one.text);
        CHECK(JsonReader(value, "conf").texts() == one.texts);
    }
}
