// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "libcni/joined.hpp"

using libcni::joined;

TEST_CASE("Elements are joined with a separator between them only") {
    CHECK(joined(std::vector<std::string>{}, ", ") == "");
    CHECK(joined(std::vector<std::string>{"a"}, ", ") == "a");
    CHECK(joined(std::array<std::string_view, 3>{"a", "b", "c"}, ", ") == "a, b, c");
}

TEST_CASE("Elements are shown as they are asked to be") {
    struct Named {
        std::string name;
    };

    const auto doubled = [](int number) { return std::to_string(2 * number); };
    CHECK(joined(std::vector{1, 2}, "; ", doubled) == "2; 4");
    CHECK(joined(std::vector<Named>{{"x"}, {"y"}}, ",", &Named::name) == "x,y");
}
