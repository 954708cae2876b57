// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/error.hpp"
#include "libcni/undo.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
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

TEST_CASE("An error with bytes that are no UTF-8 is JSON all the same") {
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

TEST_CASE("An unexpected exception is undone as well and becomes an internal error") {
    bool undone = false;
    const Error error = error_of([&] {
        return transaction([&](Undo& undo) -> int {
            undo.add("x", [&] { undone = true; });
            throw std::runtime_error("surprise");
        });
    });
    CHECK(undone);
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.msg() == "surprise");
}
