// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <doctest/doctest.h>

#include "ipam/host-local/allocator.hpp"
#include "libcni/error.hpp"
#include "tests/unit/values.hpp"

using host_local::Address;
using host_local::Book;
using host_local::Choice;
using host_local::choose;
using host_local::Cidr;
using host_local::Range;
using host_local::RangeSet;
using libcni::Error;
using libcni::ErrorCode;

namespace {

RangeSet set_of(std::string_view subnet) {
    return RangeSet({Range({cidr(subnet), {}, {}, {}})});
}

/// Leases in memory.
struct Leases {
    std::vector<Address> held;
    std::set<Address> taken;
    std::optional<Address> last;

    [[nodiscard]] Book book() const {
        return {.held = held,
                .is_taken = [this](const Address& a) { return taken.contains(a); },
                .holder = [](const Address&) { return std::string("container c9"); },
                .last_given = [this](std::size_t) { return last; }};
    }
};

std::string given(const std::vector<RangeSet>& sets,
                  const std::vector<Address>& requested,
                  const Leases& leases) {
    std::string text;
    for (const Choice& choice : choose(sets, requested, leases.book()))
        text += (text.empty() ? "" : " ") + std::string(choice.is_new ? "" : "held ")
                + choice.address.to_string() + " via " + choice.gateway.to_string();
    return text;
}

Error error_of(const std::vector<RangeSet>& sets,
               const std::vector<Address>& requested,
               const Leases& leases) {
    try {
        (void)choose(sets, requested, leases.book());
    } catch (const Error& error) {
        return error;
    }
    return {ErrorCode::limited_connectivity, "nothing was wrong"};
}

} // namespace

TEST_CASE("one address out of each range set, whatever the family comes first") {
    CHECK(given({set_of("10.0.0.0/24"), set_of("fd00::/64")}, {}, {})
          == "10.0.0.2/24 via 10.0.0.1 fd00::2/64 via fd00::1");
    CHECK(given({set_of("fd00::/64"), set_of("10.0.0.0/24")}, {}, {})
          == "fd00::2/64 via fd00::1 10.0.0.2/24 via 10.0.0.1");
}

TEST_CASE("the next address is looked for behind the last one that was given") {
    Leases leases;
    leases.last = ip("10.0.0.9");
    CHECK(given({set_of("10.0.0.0/24")}, {}, leases) == "10.0.0.10/24 via 10.0.0.1");
    leases.taken = {ip("10.0.0.10"), ip("10.0.0.11")};
    CHECK(given({set_of("10.0.0.0/24")}, {}, leases) == "10.0.0.12/24 via 10.0.0.1");
    leases.last = ip("10.0.0.254");
    CHECK(given({set_of("10.0.0.0/24")}, {}, leases) == "10.0.0.2/24 via 10.0.0.1");
    leases.last = ip("10.7.0.1");
    CHECK(given({set_of("10.0.0.0/24")}, {}, leases) == "10.0.0.2/24 via 10.0.0.1");
}

TEST_CASE("the whole set is given, each address once, then it is full") {
    Leases leases;
    const std::vector<RangeSet> sets{set_of("10.0.0.0/27")};
    for (int i = 0; i < 29; ++i) {
        const Address address = choose(sets, {}, leases.book()).front().address.address();
        CHECK(leases.taken.insert(address).second);
        leases.last = address;
    }
    const Error error = error_of(sets, {}, leases);
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.msg() == "no address is free in range set 0 (10.0.0.1-10.0.0.30)");
}

TEST_CASE("what the container holds already is given again, never a second address") {
    Leases leases;
    leases.held = {ip("fd00::7"), ip("10.9.9.9")};
    leases.taken = {ip("fd00::7"), ip("10.9.9.9")};
    CHECK(given({set_of("10.0.0.0/24"), set_of("fd00::/64")}, {}, leases)
          == "10.0.0.2/24 via 10.0.0.1 held fd00::7/64 via fd00::1");
    CHECK(given({set_of("fd00::/64")}, {ip("fd00::7")}, leases) == "held fd00::7/64 via fd00::1");
    const Error error = error_of({set_of("fd00::/64")}, {ip("fd00::8")}, leases);
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.msg().find("fd00::7") != std::string::npos);
    CHECK(error.msg().find("fd00::8") != std::string::npos);
}

TEST_CASE("requested addresses find their range set in any order") {
    CHECK(given({set_of("10.0.0.0/24"), set_of("fd00::/64")}, {ip("fd00::9"), ip("10.0.0.9")}, {})
          == "10.0.0.9/24 via 10.0.0.1 fd00::9/64 via fd00::1");
    CHECK(given({set_of("10.0.0.0/24"), set_of("fd00::/64")}, {ip("fd00::9"), ip("fd00::9")}, {})
          == "10.0.0.2/24 via 10.0.0.1 fd00::9/64 via fd00::1");
}

TEST_CASE("a requested address that these ranges never give is refused by name") {
    const std::vector<RangeSet> sets{set_of("10.0.0.0/24")};
    for (const char* text : {"10.9.9.9", "10.0.0.1", "10.0.0.0", "10.0.0.255", "fd00::5"}) {
        CAPTURE(text);
        const Error error = error_of(sets, {ip(text)}, {});
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(error.msg().find(text) != std::string::npos);
    }
    const Error two = error_of(sets, {ip("10.0.0.5"), ip("10.0.0.6")}, {});
    CHECK(two.code() == ErrorCode::invalid_network_config);
}

TEST_CASE("network and broadcast address are not given even when the range names them") {
    const Cidr subnet = cidr("10.0.0.0/30");
    const std::vector<RangeSet> sets{
        RangeSet({Range({subnet, ip("10.0.0.0"), ip("10.0.0.3"), {}})})};
    CHECK(given(sets, {}, {}) == "10.0.0.2/30 via 10.0.0.1");
    CHECK(error_of(sets, {ip("10.0.0.0")}, {}).code() == ErrorCode::invalid_network_config);
    CHECK(error_of(sets, {ip("10.0.0.3")}, {}).code() == ErrorCode::invalid_network_config);
}

TEST_CASE("a requested address that is taken names its holder") {
    Leases leases;
    leases.taken = {ip("10.0.0.5")};
    const Error error = error_of({set_of("10.0.0.0/24")}, {ip("10.0.0.5")}, leases);
    CHECK(error.msg() == "requested address 10.0.0.5 is taken");
    CHECK(error.details() == "it is held by container c9");
}
