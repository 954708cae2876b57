// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "libcni/ip.hpp"
#include "tests/unit/values.hpp"

using libcni::Address;
using libcni::Cidr;
using libcni::parse_address;
using libcni::plus;

namespace {

/// "none" for an address past the end.
std::string further(std::string_view text, std::uint64_t places) {
    const auto sum = plus(ip(text), places);
    return sum ? sum->to_string() : "none";
}

/// The slow version of network membership: bit by bit.
bool has_same_prefix(std::uint32_t a, std::uint32_t b, unsigned bits) {
    for (unsigned bit = 0; bit < bits; ++bit)
        if (((a ^ b) >> (31 - bit) & 1U) != 0) return false;
    return true;
}

Address v4(std::uint32_t number) {
    return plus(ip("0.0.0.0"), number).value();
}

} // namespace

TEST_CASE("An address in its plain spelling is read") {
    for (const std::string text :
         {"0.0.0.0", "10.244.3.7", "255.255.255.255", "::", "::1", "fd00:1::2"}) {
        CAPTURE(text);
        REQUIRE(parse_address(text));
        CHECK(parse_address(text)->to_string() == text);
    }
    CHECK(ip("FD00:0001:0:0:0:0:0:2") == ip("fd00:1::2"));
    CHECK(ip("::10.0.0.1").is_v6());
}

TEST_CASE("What Windows or inet_aton would take for an address, but Go would not, is refused") {
    for (const std::string text : {"10.1",
                                   "010.0.0.1",
                                   "10.0.0.08",
                                   "0x0a.0.0.1",
                                   "1",
                                   "167772161",
                                   "10.0.0.1:80",
                                   "[::1]:80",
                                   "[::1]",
                                   "fe80::1%4",
                                   "fe80::1%eth",
                                   " 10.0.0.1",
                                   "10.0.0.1 ",
                                   "10.0.0.1\n",
                                   "10.0.0.1/24",
                                   "10.0.0.1.",
                                   "10..0.1",
                                   "10.0.0.256",
                                   "",
                                   "localhost",
                                   "1.2.3.4.5",
                                   "fd00:::1",
                                   "::1::",
                                   "12345::",
                                   "1:2:3:4:5:6",
                                   "::1.2.3.010",
                                   "::ffff:010.0.0.1",
                                   "64:ff9b::0x0a.0.0.1",
                                   "::10.0.0.1:80",
                                   "10.0.0.\xD9\xA1",
                                   "-1.0.0.0",
                                   "+1.0.0.0"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_address(text));
    }
    using namespace std::string_literals;
    CHECK_FALSE(parse_address("10.0.0.1\0"s));
    CHECK_FALSE(parse_address("::1\0x"s));
}

TEST_CASE("An IPv4 address written as IPv6 is the IPv4 address, as in Go") {
    CHECK(ip("::ffff:10.0.0.1") == ip("10.0.0.1"));
    CHECK(ip("::FFFF:0a00:0001") == ip("10.0.0.1"));
    CHECK(ip("::fffe:10.0.0.1").is_v6());
}

TEST_CASE("Addresses of different families are different, whatever their bits") {
    CHECK(ip("0.0.0.0") != ip("::"));
    CHECK(ip("10.0.0.1") != ip("::10.0.0.1"));
    CHECK(libcni::address_bits(ip("10.0.0.1")) == 32);
    CHECK(libcni::address_bits(ip("::1")) == 128);
}

TEST_CASE("Adding places to an address carries through every byte and stops at the family's end") {
    struct Case {
        std::string address;
        std::uint64_t places;
        std::string sum;
    };

    constexpr std::uint64_t most = UINT64_MAX;
    const Case cases[] = {
        {"10.244.1.0", 2, "10.244.1.2"},
        {"10.244.1.255", 1, "10.244.2.0"},
        {"10.255.255.254", 2, "11.0.0.0"},
        {"0.0.0.0", 0xFFFFFFFFU, "255.255.255.255"},
        {"255.255.255.255", 0, "255.255.255.255"},
        {"255.255.255.255", 1, "none"},
        {"0.0.0.0", 0x100000000U, "none"},
        {"10.0.0.1", most, "none"},
        {"fd00::ff", 1, "fd00::100"},
        {"fd00::ffff:ffff:ffff:ffff", 1, "fd00:0:0:1::"},
        {"fd00::1", most, "fd00:0:0:1::"},
        {"::", most, "::ffff:ffff:ffff:ffff"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", 1, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, "none"},
        {"ffff:ffff:ffff:ffff::1", most, "none"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.address);
        CAPTURE(one.places);
        CHECK(further(one.address, one.places) == one.sum);
    }
}

TEST_CASE("A CIDR keeps its host bits until its network is asked for") {
    CHECK(cidr("10.244.3.7/24").to_string() == "10.244.3.7/24");
    CHECK(cidr("10.244.3.7/24").network().to_string() == "10.244.3.0/24");
    CHECK(cidr("10.244.3.7/24").last() == ip("10.244.3.255"));
    CHECK(cidr("172.27.16.0/12").network().to_string() == "172.16.0.0/12");
    CHECK(cidr("0.0.0.0/0").last() == ip("255.255.255.255"));
    CHECK(cidr("10.0.0.1/32").last() == ip("10.0.0.1"));
    CHECK(cidr("fd00:1:2:3::4/64").network().to_string() == "fd00:1:2:3::/64");
    CHECK(cidr("fd00::/126").last() == ip("fd00::3"));
    CHECK(cidr("fd00::/7").last().to_string() == "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    CHECK(cidr("::/0").last().to_string() == "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    CHECK(cidr("fd00::1/128").last() == ip("fd00::1"));
    CHECK(cidr("10.244.3.7/24") != cidr("10.244.3.0/24"));
}

TEST_CASE("A CIDR is one address and one decimal prefix length of its family, nothing else") {
    for (const std::string text : {"10.0.0.0",
                                   "10.0.0.0/",
                                   "/24",
                                   "10.0.0.0/33",
                                   "10.0.0.0/-1",
                                   "10.0.0.0/+8",
                                   "10.0.0.0/ 8",
                                   "10.0.0.0/8 ",
                                   "10.0.0.0/0x8",
                                   "10.0.0.0/8/8",
                                   "10.0.0.0/255.0.0.0",
                                   "10.0/8",
                                   "fd00::/129",
                                   "::1%4/64",
                                   "10.0.0.0/4294967304",
                                   "10.0.0.0/18446744073709551624",
                                   "",
                                   "/"}) {
        CAPTURE(text);
        CHECK_FALSE(Cidr::parse(text));
    }
    CHECK(cidr("10.0.0.0/08") == cidr("10.0.0.0/8"));
    CHECK_THROWS_AS(Cidr(ip("10.0.0.1"), 33), std::out_of_range);
    CHECK_NOTHROW(Cidr(ip("::1"), 128));
    CHECK_THROWS_AS(Cidr(ip("::1"), 129), std::out_of_range);
}

TEST_CASE("A prefix that is written as mapped IPv6 counts 128 bits, as in Go") {
    const auto mapped = cidr("::ffff:10.0.0.0/120");
    CHECK_FALSE(mapped.is_v4());
    CHECK(mapped.prefix_length() == 120);
}

TEST_CASE("Network, last address and membership agree with a bit by bit count on small prefixes") {
    const std::uint32_t base = 0x0AF401F0U; // 10.244.1.240: prefixes cross a byte.
    for (unsigned bits = 24; bits <= 32; ++bits) {
        for (std::uint32_t host = 0; host < 16; ++host) {
            const Cidr prefix(v4(base + host), bits);
            std::uint32_t first = UINT32_MAX;
            std::uint32_t last = 0;
            for (std::uint32_t other = base - 300; other < base + 300; ++other) {
                const bool inside = has_same_prefix(base + host, other, bits);
                if (prefix.contains(v4(other)) != inside) {
                    CAPTURE(prefix.to_string());
                    CAPTURE(v4(other).to_string());
                    REQUIRE(prefix.contains(v4(other)) == inside);
                }
                if (!inside) continue;
                first = std::min(first, other);
                last = std::max(last, other);
            }
            CHECK(prefix.network().address() == v4(first));
            CHECK(prefix.last() == v4(last));
        }
    }
}

TEST_CASE("An address is in no prefix of the other family") {
    CHECK_FALSE(cidr("0.0.0.0/0").contains(ip("::1")));
    CHECK_FALSE(cidr("::/0").contains(ip("10.0.0.1")));
    CHECK(cidr("::/0").contains(ip("fd00::1")));
    CHECK(cidr("fd00:1::/32").contains(ip("fd00:1:ffff::1")));
    CHECK_FALSE(cidr("fd00:1::/32").contains(ip("fd00:2::")));
}

TEST_CASE("The default route is that of the address's family") {
    CHECK(libcni::default_route_of(ip("10.0.0.1")).to_string() == "0.0.0.0/0");
    CHECK(libcni::default_route_of(ip("fd00::1")).to_string() == "::/0");
}
