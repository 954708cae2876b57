// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "ipam/host-local/ranges.hpp"
#include "libcni/error.hpp"
#include "tests/unit/values.hpp"

using host_local::Address;
using host_local::address_of;
using host_local::AddressNumber;
using host_local::Cidr;
using host_local::number_of;
using host_local::Range;
using host_local::RangeSet;
using host_local::RoundRobin;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

/// Every address of a small subnet, its own address and its last one included.
std::vector<Address> all_of(const Cidr& subnet) {
    std::vector<Address> all{subnet.address()};
    while (all.back() != subnet.last())
        all.push_back(libcni::plus(all.back(), 1).value());
    return all;
}

/// The slow version: walks the whole subnet and leaves out what must not be given.
std::vector<Address> slow_assignable(const Range& range) {
    std::vector<Address> wanted;
    bool inside = false;
    for (const Address& address : all_of(range.subnet())) {
        inside = inside || address == range.start();
        const bool reserved = address == range.gateway() || address == range.subnet().address()
                              || (address.is_v4() && address == range.subnet().last());
        if (inside && !reserved) wanted.push_back(address);
        if (address == range.end()) break;
    }
    return wanted;
}

/// The slow version of a round: all addresses in order, those up to the last given one put last.
std::vector<Address> slow_round(const RangeSet& set, const std::optional<Address>& last_given) {
    std::vector<Address> behind;
    std::vector<Address> before;
    bool seen = !last_given || set.find(*last_given) == nullptr;
    for (const Range& range : set.ranges()) {
        for (const Address& address : all_of(range.subnet())) {
            const auto assignable = slow_assignable(range);
            const bool given =
                std::find(assignable.begin(), assignable.end(), address) != assignable.end();
            if (given) (seen ? behind : before).push_back(address);
            if (last_given && range.contains(address) && address == *last_given) seen = true;
        }
    }
    behind.insert(behind.end(), before.begin(), before.end());
    return behind;
}

std::vector<Address> round(const RangeSet& set, const std::optional<Address>& last_given) {
    std::vector<Address> found;
    RoundRobin robin(set, last_given);
    while (const auto address = robin.next())
        found.push_back(*address);
    return found;
}

/// One check for many cases: doctest's own checks cost too much to be made a million times.
bool agrees(const RangeSet& set, const std::optional<Address>& last_given) {
    const auto expected = slow_round(set, last_given);
    return round(set, last_given) == expected && set.capacity() == expected.size();
}

void compare_all(const Cidr& subnet, const Address& outside) {
    CAPTURE(subnet.to_string());
    const auto addresses = all_of(subnet);
    std::vector<Address> gateways = addresses;
    gateways.push_back(outside);
    std::size_t wrong = 0;
    for (std::size_t start = 0; start < addresses.size(); ++start)
        for (std::size_t end = start; end < addresses.size(); ++end)
            for (const Address& gateway : gateways) {
                const RangeSet set({Range({.subnet = subnet,
                                           .start = addresses[start],
                                           .end = addresses[end],
                                           .gateway = gateway})});
                wrong += agrees(set, std::nullopt) ? 0U : 1U;
                for (const Address& last : gateways)
                    wrong += agrees(set, last) ? 0U : 1U;
            }
    CHECK(wrong == 0);
}

ErrorCode code_of_range(const char* json) {
    const auto parsed = nlohmann::json::parse(json);
    try {
        (void)host_local::read_range(JsonReader(parsed, "conf.ipam"));
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

Range range_of(const char* json) {
    const auto parsed = nlohmann::json::parse(json);
    return host_local::read_range(JsonReader(parsed, "conf.ipam"));
}

} // namespace

TEST_CASE("an address and its number are the same thing") {
    for (const char* text : {"0.0.0.0", "10.244.4.255", "255.255.255.255"}) {
        CAPTURE(text);
        CHECK(address_of(number_of(ip(text)), ip("0.0.0.0")) == ip(text));
    }
    for (const char* text : {"::", "fd00::1:0:0:ff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
        CAPTURE(text);
        CHECK(address_of(number_of(ip(text)), ip("::")) == ip(text));
    }
    CHECK(number_of(ip("::1:0:0:0:0")) == AddressNumber{1} << 64);
}

TEST_CASE("round robin agrees with the slow version on every small subnet") {
    compare_all(cidr("10.0.0.16/30"), ip("10.0.0.15"));
    compare_all(cidr("10.0.0.8/29"), ip("10.9.9.9"));
    compare_all(cidr("0.0.0.0/30"), ip("10.0.0.1"));
    compare_all(cidr("255.255.255.248/29"), ip("10.0.0.1"));
    compare_all(cidr("fd00::fffc/126"), ip("fd00::1"));
    compare_all(cidr("fd00::ffff:ffff:ffff:fff8/125"), ip("fd00::1"));
    compare_all(cidr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff8/125"), ip("fd00::1"));
}

TEST_CASE("round robin agrees with the slow version on sets of several ranges") {
    const std::vector<Range> ranges{
        Range({cidr("10.0.0.0/30"), {}, {}, {}}),
        Range({cidr("10.0.2.0/29"), ip("10.0.2.1"), ip("10.0.2.1"), {}}),
        Range({cidr("10.0.1.0/29"), ip("10.0.1.3"), {}, {}})};
    const RangeSet set(ranges);
    std::vector<std::optional<Address>> lasts{std::nullopt, ip("10.7.7.7"), ip("fd00::1")};
    for (const Range& range : ranges)
        for (const Address& address : all_of(range.subnet()))
            lasts.emplace_back(address);
    for (const auto& last : lasts) {
        CAPTURE((last ? last->to_string() : "none"));
        CHECK(agrees(set, last));
    }
}

TEST_CASE("a set in which nothing can be given ends at once") {
    const RangeSet only_gateway(
        {Range({cidr("10.0.0.0/24"), ip("10.0.0.9"), ip("10.0.0.9"), ip("10.0.0.9")})});
    CHECK(round(only_gateway, std::nullopt).empty());
    CHECK(round(only_gateway, ip("10.0.0.9")).empty());
    CHECK(only_gateway.capacity() == 0);
}

TEST_CASE("huge subnets neither overflow nor are walked") {
    const RangeSet everything({Range({cidr("::/0"), ip("::"), {}, {}})});
    CHECK(everything.capacity() == std::numeric_limits<std::uint64_t>::max());
    RoundRobin robin(everything, ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    CHECK(robin.next() == ip("::2"));
    CHECK(RangeSet({Range({cidr("0.0.0.0/0"), {}, {}, {}})}).capacity() == 4294967293U);
}

TEST_CASE("what a conf does not say is filled in as the Go plugin does") {
    CHECK(range_of(R"({"subnet": "10.244.4.0/24"})").to_string() == "10.244.4.1-10.244.4.254");
    CHECK(range_of(R"({"subnet": "10.244.4.0/24"})").gateway() == ip("10.244.4.1"));
    CHECK(range_of(R"({"subnet": "fd00::/64"})").to_string()
          == "fd00::1-fd00::ffff:ffff:ffff:ffff");
    CHECK(range_of(R"({"subnet": "10.0.0.0/30"})").to_string() == "10.0.0.1-10.0.0.2");
    CHECK(range_of(R"({"SUBNET": "10.0.0.0/24", "rangestart": "10.0.0.5"})").start()
          == ip("10.0.0.5"));
    CHECK(range_of(R"({"subnet": "10.0.0.0/24", "gateway": "", "rangeEnd": null})").gateway()
          == ip("10.0.0.1"));
    // Go takes a gateway from elsewhere; confs of routed networks use 169.254.1.1.
    CHECK(range_of(R"({"subnet": "10.0.0.0/24", "gateway": "169.254.1.1"})").gateway()
          == ip("169.254.1.1"));
    CHECK(range_of(R"({"subnet": "10.0.0.0/24", "rangeStart": "::ffff:10.0.0.7"})").start()
          == ip("10.0.0.7"));
}

TEST_CASE("ranges that cannot be are refused with code 7") {
    for (const char* json :
         {R"({"subnet": "10.0.0.1/24"})",
          R"({"subnet": "10.0.0.0/31"})",
          R"({"subnet": "10.0.0.0/32"})",
          R"({"subnet": "fd00::/127"})",
          R"({"subnet": "fd00::/128"})",
          R"({"subnet": "fd00::1/64"})",
          R"({"subnet": "::ffff:10.0.0.0/120"})",
          R"({"subnet": "10.0.0.0/24", "rangeStart": "10.0.1.5"})",
          R"({"subnet": "10.0.0.0/24", "rangeEnd": "10.0.1.5"})",
          R"({"subnet": "10.0.0.0/24", "rangeStart": "fd00::5"})",
          R"({"subnet": "10.0.0.0/24", "gateway": "fd00::1"})",
          R"({"subnet": "10.0.0.0/24", "rangeStart": "10.0.0.9", "rangeEnd": "10.0.0.5"})"}) {
        CAPTURE(json);
        CHECK(code_of_range(json) == ErrorCode::invalid_network_config);
    }
}

TEST_CASE("what is not a range at all is named by its key") {
    const auto message = [](const char* json) -> std::string {
        try {
            (void)range_of(json);
        } catch (const libcni::BadShape& error) {
            return error.what();
        }
        return "taken";
    };
    CHECK(message("{}") == "conf.ipam.subnet is missing");
    CHECK(message(R"({"subnet": ""})")
          == "conf.ipam.subnet must be a subnet such as \"10.244.4.0/24\", not \"\"");
    CHECK(message(R"({"subnet": "10.0.0.0/24", "gateway": "010.0.0.1"})")
          == "conf.ipam.gateway must be an IP address, not \"010.0.0.1\"");
    CHECK(message(R"({"subnet": "10.0.0.0/24", "rangeStart": 5})")
          == "conf.ipam.rangeStart must be a string, not 5");
}

TEST_CASE("a range set is of one family, not empty, and free of overlaps") {
    const Range a({cidr("10.0.0.0/24"), {}, {}, {}});
    const Range inside({cidr("10.0.0.0/25"), ip("10.0.0.20"), ip("10.0.0.30"), {}});
    const Range v6({cidr("fd00::/64"), {}, {}, {}});
    CHECK_THROWS_AS(RangeSet({}), Error);
    CHECK_THROWS_AS(RangeSet({a, v6}), Error);
    CHECK_THROWS_AS(RangeSet({a, inside}), Error);
    CHECK_THROWS_AS(RangeSet({inside, a}), Error);
    CHECK(RangeSet({a}).overlaps(RangeSet({inside})));
    CHECK_FALSE(RangeSet({a}).overlaps(RangeSet({v6})));
}

TEST_CASE("overlap agrees with the slow version") {
    const Cidr subnet = cidr("10.0.0.0/29");
    const auto addresses = all_of(subnet);
    std::vector<Range> ranges;
    for (std::size_t start = 0; start < addresses.size(); ++start)
        for (std::size_t end = start; end < addresses.size(); ++end)
            ranges.emplace_back(
                host_local::RangeConf{subnet, addresses[start], addresses[end], {}});
    std::size_t wrong = 0;
    for (const Range& a : ranges)
        for (const Range& b : ranges) {
            const bool shared = std::ranges::any_of(addresses, [&](const Address& address) {
                return a.contains(address) && b.contains(address);
            });
            wrong += a.overlaps(b) == shared ? 0U : 1U;
        }
    CHECK(wrong == 0);
}
