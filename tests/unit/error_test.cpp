// SPDX-License-Identifier: Apache-2.0
#include <new>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/error.hpp"
#include "libcni/undo.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
using libcni::LeftBehind;
using libcni::sentence_on;
using libcni::transaction;
using libcni::Undo;
using nlohmann::json;

TEST_CASE("An error is printed as the spec says, with the version that the conf asks for") {
    const Error error(ErrorCode::invalid_network_config, "no network \"cbr0\"", "make it");
    const json text = json::parse(encode(error, "0.4.0"));
    CHECK(text
          == json{{"cniVersion", "0.4.0"},
                  {"code", 7},
                  {"msg", "no network \"cbr0\""},
                  {"details", "make it"}});
    const json short_one = json::parse(encode(Error(ErrorCode::try_again_later, "m"), "1.1.0"));
    CHECK(short_one == json{{"cniVersion", "1.1.0"}, {"code", 11}, {"msg", "m"}});
}

TEST_CASE("An error with bytes that are not UTF-8 is JSON all the same") {
    const Error error(ErrorCode::io_failure, "cannot read C:\\\xFC", "a\xE6\x97");
    const json text = json::parse(encode(error, "1.1.0"));
    CHECK(text.at("msg") == "cannot read C:\\\xEF\xBF\xBD");
}

TEST_CASE("Context is put in front and sentences are added behind while an error travels") {
    Error error(ErrorCode::hns_failure, "refused", "");
    error.within("endpoint c1").within("network \"cbr0\"");
    error.add_detail("").add_detail("first").add_detail("").add_detail("second");
    CHECK(error.msg() == "network \"cbr0\": endpoint c1: refused");
    CHECK(error.what() == error.msg());
    CHECK(error.details() == "first; second");
    CHECK(one_line(error) == "network \"cbr0\": endpoint c1: refused (first; second)");
    CHECK(one_line(Error(ErrorCode::internal, "m")) == "m");
}

TEST_CASE("What was taken is given back newest first when a later step fails") {
    std::string order;
    const Error error = error_of([&] {
        return transaction([&](Undo& undo) -> int {
            undo.add("the address", [&] { order += "address "; });
            undo.add("the endpoint", [&] { order += "endpoint "; });
            throw Error(ErrorCode::hns_failure, "attach failed", "hint");
        });
    });
    CHECK(order == "endpoint address ");
    CHECK(error.code() == ErrorCode::hns_failure);
    CHECK(error.msg() == "attach failed");
    CHECK(error.details() == "hint");
}

TEST_CASE("One step that cannot be undone is named and does not keep the others from it") {
    bool address_is_free = false;
    const Error error = error_of([&] {
        return transaction([&](Undo& undo) -> int {
            undo.add("address 10.0.0.7", [&] { address_is_free = true; });
            undo.add("lease x", [] { throw std::runtime_error("disk full"); });
            undo.add("endpoint c1_cbr0",
                     [] { throw Error(ErrorCode::io_failure, "no", "really"); });
            throw Error(ErrorCode::hns_failure, "attach failed");
        });
    });
    CHECK(address_is_free);
    CHECK(error.msg() == "attach failed");
    CHECK(missing_in(error.details(),
                     {"could not give back endpoint c1_cbr0 (no (really))",
                      "could not give back lease x (disk full)"})
          == "");
    CHECK(missing_in(error.details(), {"10.0.0.7"}) != "");
}

TEST_CASE("Nothing is undone when all went well") {
    bool undone = false;
    const int value = transaction([&](Undo& undo) {
        undo.add("x", [&] { undone = true; });
        return 7;
    });
    CHECK(value == 7);
    CHECK_FALSE(undone);
}

namespace {

/// Any type may be thrown.
struct Custom {
    int value;
};

/// Runs a transaction that takes something, throws `thrown`, and fails to give back what it took
/// when `leaves` says so. Rethrows what comes of it.
template <class Thrown>
void fail_with(const Thrown& thrown, bool leaves, bool& undone) {
    transaction([&](Undo& undo) {
        undo.add("x", [&] {
            undone = true;
            if (leaves) throw std::runtime_error("stuck");
        });
        throw thrown;
    });
}

} // namespace

TEST_CASE("With nothing left behind the very same exception goes on, whatever its type") {
    bool undone = false;
    CHECK_THROWS_WITH_AS(
        fail_with(std::runtime_error("surprise"), false, undone), "surprise", std::runtime_error);
    CHECK(undone);
    CHECK_THROWS_AS(fail_with(std::bad_alloc(), false, undone), std::bad_alloc);
    CHECK_THROWS_WITH_AS(
        fail_with(libcni::BadShape("conf.x"), false, undone), "conf.x", libcni::BadShape);
    try {
        fail_with(Custom{7}, false, undone);
        FAIL("nothing was thrown");
    } catch (const Custom& custom) {
        CHECK(custom.value == 7);
    }
    const Error error = error_of([&] {
        fail_with(Error(ErrorCode::hns_failure, "m", "d"), false, undone);
        return 0;
    });
    CHECK(error.details() == "d");
}

TEST_CASE("What is not an Error becomes an internal one where something is left behind") {
    const auto error_with = [](const auto& thrown) {
        return error_of([&] {
            bool undone = false;
            fail_with(thrown, true, undone);
            return 0;
        });
    };
    for (const Error& error : {error_with(std::runtime_error("surprise")), error_with(Custom{7})}) {
        CHECK(error.code() == ErrorCode::internal);
        CHECK(error.details() == "could not give back x (stuck): a DEL will try again");
    }
    CHECK(error_with(std::runtime_error("surprise")).msg() == "surprise");
    CHECK(error_with(Error(ErrorCode::hns_failure, "refused", "hint")).details()
          == "hint; could not give back x (stuck): a DEL will try again");
}

TEST_CASE("Words for people are the caller's: it is told what is left, newest first") {
    std::vector<LeftBehind> told;
    const auto tell = [&](const std::vector<LeftBehind>& left) { told = left; };
    const auto run = [&](bool leaves) {
        transaction(
            [&](Undo& undo) {
                undo.add("namespace", [&] {
                    if (leaves) throw std::runtime_error("busy");
                });
                undo.add("endpoint", [&] {
                    if (leaves) throw Error(ErrorCode::io_failure, "no", "really");
                });
                undo.add("nothing", [&] {
                    if (leaves) throw Custom{1};
                });
                throw Custom{7};
            },
            tell);
    };
    CHECK_THROWS_AS(run(false), Custom);
    CHECK(told.empty());
    CHECK_THROWS_AS(run(true), Custom);
    REQUIRE(told.size() == 3);
    CHECK_FALSE(told[0].reason.empty());
    CHECK(told[1] == LeftBehind{"endpoint", "no (really)"});
    CHECK(told[2] == LeftBehind{"namespace", "busy"});
    CHECK(sentence_on({}) == "");
    CHECK(missing_in(sentence_on(told),
                     {"could not give back endpoint (no (really)): a DEL will try again; could not "
                      "give back namespace (busy)"})
          == "");
}
