// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "hnsclient/error.hpp"
#include "hnsclient/sandbox.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::Endpoint;
using hnsclient::Sandbox;

namespace {

const std::string nowhere = "DEADBEEF-FA4E-4000-A000-000000000001";

bool is_in_namespace(const Endpoint& endpoint, const std::string& id) {
    return Sandbox::of_namespace(id).holds(endpoint);
}

bool is_in_container(const Endpoint& endpoint, const std::string& id) {
    return Sandbox::of_container(id).holds(endpoint);
}

} // namespace

TEST_CASE("An endpoint is in a namespace of any spelling, or in a container of the same ID") {
    Endpoint endpoint;
    CHECK_FALSE(is_in_namespace(endpoint, ""));
    CHECK_FALSE(is_in_container(endpoint, ""));
    CHECK_FALSE(is_in_namespace(endpoint, nowhere));
    endpoint.namespace_id = nowhere;
    CHECK(is_in_namespace(endpoint, nowhere));
    CHECK(is_in_namespace(endpoint, "{deadbeef-fa4e-4000-a000-000000000001}"));
    CHECK_FALSE(is_in_namespace(endpoint, "DEADBEEF-FA4E-4000-A000-000000000002"));
    CHECK_FALSE(is_in_namespace(endpoint, ""));
    CHECK_FALSE(is_in_container(endpoint, nowhere));
    endpoint.container_ids = {"c1", "c2"};
    CHECK(is_in_container(endpoint, "c2"));
    CHECK(is_in_namespace(endpoint, nowhere));
    for (const std::string other : {"C2", "c", "c12", ""})
        CHECK_FALSE(is_in_container(endpoint, other));
    CHECK_FALSE(is_in_namespace(endpoint, "c2"));
}

TEST_CASE("A sandbox has words of its own for messages") {
    const auto space = Sandbox::of_namespace("{deadbeef-fa4e-4000-a000-000000000001}");
    const auto container = Sandbox::of_container("c1");
    CHECK(space.to_string() == "namespace " + nowhere);
    CHECK(space.id() == nowhere);
    CHECK(space.kind_name() == "namespace");
    CHECK(container.to_string() == "container c1");
    CHECK(container.kind_name() == "container");
    Endpoint endpoint;
    CHECK(space.found_in(endpoint) == "none");
    CHECK(container.found_in(endpoint) == "none");
    endpoint.namespace_id = "n1";
    endpoint.container_ids = {"c2", "c3"};
    CHECK(space.found_in(endpoint) == "n1");
    CHECK(container.found_in(endpoint) == "c2, c3");
}

TEST_CASE("Sandboxes are the same when kind and ID are, however a GUID is spelt") {
    CHECK(Sandbox::of_namespace(nowhere)
          == Sandbox::of_namespace("{deadbeef-fa4e-4000-a000-000000000001}"));
    CHECK_FALSE(Sandbox::of_namespace(nowhere) == Sandbox::of_container(nowhere));
    CHECK_FALSE(Sandbox::of_container("c1") == Sandbox::of_container("C1"));
}

TEST_CASE("An API that cannot put endpoints into a sandbox of this kind says which it can") {
    const auto container = Sandbox::of_container("c1");
    CHECK(container.id_of(Sandbox::Kind::container) == "c1");
    try {
        (void)container.id_of(Sandbox::Kind::hns_namespace);
        FAIL("nothing was thrown");
    } catch (const hnsclient::HnsError& error) {
        CHECK(error.kind() == hnsclient::ErrorKind::invalid);
        CHECK(missing_in(error.what(), {"container c1", "namespace only"}) == "");
    }
}
