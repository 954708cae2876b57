// SPDX-License-Identifier: Apache-2.0
// Removing an endpoint from an HNS that answers as a test wants it.
#include <doctest/doctest.h>

#include "hnsclient/removal.hpp"
#include "tests/unit/fake_hns.hpp"

using Texts = std::vector<std::string>;

namespace {

constexpr std::uint32_t not_found = 0x803B0002U;
constexpr std::uint32_t in_use = 0x803B002CU;
constexpr std::uint32_t already_attached = 0x803B0014U;
constexpr std::uint32_t access_denied = 0x80070005U;

/// The calls that removing the endpoint takes; "failed" at their end when it throws.
Texts calls_to_remove(std::vector<std::uint32_t> deletes,
                      std::uint32_t detaches = 0,
                      bool is_there = true) {
    FakeHns hns;
    hns.deletes = std::move(deletes);
    hns.detaches = detaches;
    hns.is_there = is_there;
    try {
        hnsclient::remove_endpoint(hns, "e1");
    } catch (const hnsclient::HnsError&) {
        hns.calls.emplace_back("failed");
    }
    return hns.calls;
}

} // namespace

TEST_CASE(
    "Removing an endpoint takes one call; that it is gone is success, other failures are not") {
    CHECK(calls_to_remove({}) == Texts{"delete e1"});
    CHECK(calls_to_remove({not_found}) == Texts{"delete e1"});
    CHECK(calls_to_remove({access_denied}) == Texts{"delete e1", "failed"});
}

TEST_CASE("An endpoint that HNS holds on to is taken out of whatever it is in, then removed") {
    for (const auto code : {in_use, already_attached})
        CHECK(calls_to_remove({code}) == Texts{"delete e1", "read e1", "detach e1", "delete e1"});
    CHECK(calls_to_remove({in_use, in_use})
          == Texts{"delete e1", "read e1", "detach e1", "delete e1", "failed"});
    CHECK(calls_to_remove({in_use}, access_denied)
          == Texts{"delete e1", "read e1", "detach e1", "failed"});
}

TEST_CASE("What else HNS does not find says nothing of the endpoint: its list decides") {
    for (const std::uint32_t code : {0x803B0001U,
                                     0x803B0004U,
                                     0x803B0006U,
                                     0x803B0007U,
                                     0x803B0009U,
                                     0x80070490U,
                                     0x8000FFFFU}) {
        CAPTURE(code);
        CHECK(calls_to_remove({code}) == Texts{"delete e1", "look for e1", "failed"});
        CHECK(calls_to_remove({code}, 0, false) == Texts{"delete e1", "look for e1"});
        CHECK(calls_to_remove({in_use, code})
              == Texts{"delete e1", "read e1", "detach e1", "delete e1", "look for e1", "failed"});
    }
    // Nobody could tell.
    CHECK(calls_to_remove({0x800706BAU}) == Texts{"delete e1", "failed"});
}

TEST_CASE("What goes while an endpoint is being removed is as good as removed") {
    CHECK(calls_to_remove({in_use}, 0, false) == Texts{"delete e1", "read e1"});
    CHECK(calls_to_remove({in_use, not_found})
          == Texts{"delete e1", "read e1", "detach e1", "delete e1"});
}
