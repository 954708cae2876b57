// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tools/wincni/run_live.hpp"

using hnsclient::Endpoint;
using hnsclient::Namespace;
using libcni::runtime::CacheEntry;
using wincni::run::Live;
using wincni::run::live_of;

using Texts = std::vector<std::string>;

namespace {

const std::string there = "A1111111-2222-4333-8444-555555555501";
const std::string gone = "A1111111-2222-4333-8444-555555555502";
const std::vector<Namespace> namespaces{{.id = there}};

CacheEntry entry(const std::string& container, const std::string& netns) {
    return {.network = "n", .attached = {.container_id = container, .netns = netns}};
}

Endpoint endpoint(const std::string& name, const std::string& namespace_id) {
    Endpoint made;
    made.name = name;
    made.namespace_id = namespace_id;
    return made;
}

Texts kept(const Live& live) {
    Texts containers;
    for (const auto& attachment : live.attachments)
        containers.push_back(attachment.container_id);
    return containers;
}

Texts unknown(const Live& live) {
    Texts names;
    for (const auto& one : live.unknown)
        names.push_back(one.name);
    return names;
}

} // namespace

TEST_CASE("Alive is what has its namespace, or of which that cannot be told") {
    const std::string lower = "{a1111111-2222-4333-8444-555555555501}";
    const Live live = live_of({entry("c1", there),
                               entry("c2", gone),
                               entry("c3", lower),
                               entry("c4", ""),
                               entry("c5", "none"),
                               entry("c6", "container:c1")},
                              namespaces,
                              {});
    CHECK(kept(live) == Texts{"c1", "c3", "c4", "c5", "c6"});
    CHECK(unknown(live).empty());
}

TEST_CASE("An endpoint in use belongs to a living entry by its namespace or its name") {
    const std::vector<Endpoint> endpoints{endpoint("odd name", there), endpoint("c4_n", there)};
    CHECK(unknown(live_of({entry("c1", there)}, namespaces, endpoints)).empty());
    CHECK(unknown(live_of({entry("c4", "")}, namespaces, endpoints)) == Texts{"odd name"});
    CHECK(unknown(live_of({entry("c", "none"), entry("c2", gone)}, namespaces, endpoints))
          == Texts{"odd name", "c4_n"});
}

TEST_CASE("Endpoints that nobody uses are no reason to stop") {
    Endpoint remote = endpoint("remote", there);
    remote.is_remote = true;
    Endpoint of_container = endpoint("docker", "");
    of_container.container_ids = {"d"};
    const Live live = live_of({},
                              namespaces,
                              {endpoint("dead", gone),
                               endpoint("nowhere", ""),
                               remote,
                               of_container,
                               endpoint("dead_n", gone)});
    CHECK(unknown(live) == Texts{"docker"});
}
