// SPDX-License-Identifier: Apache-2.0
// What is left out because HNS, or the API that is spoken, cannot do it.
#include <doctest/doctest.h>

#include "plugins/common/supported.hpp"
#include "tests/unit/fake_hns.hpp"
#include "tests/unit/plugin_pods.hpp"

using hnsclient::ApiVersion;
using libcni::Result;
using plugins::EndpointConf;
using Texts = std::vector<std::string>;

namespace {

Result supported_by(ApiVersion api, const Result& addresses) {
    return plugins::supported_addresses(hnsclient::abilities_of(api), addresses);
}

} // namespace

TEST_CASE("HNS v1 has one address of a family, no routes but the gateway, no DNS options") {
    Result given;
    given.routes = {route("10.96.0.0/12"), route("0.0.0.0/0")};
    given.dns.options = {"ndots:1"};
    for (const char* address : {"10.244.3.7/24", "fd00::7/64", "10.244.4.7/24"})
        given.ips.push_back({.address = cidr(address)});
    EndpointConf wanted;
    wanted.dns.options = {"ndots:5"};
    wanted.dns.search = {"a"};
    FakeHns hns;
    const Result of_v2 = supported_by(ApiVersion::v2, given);
    CHECK(of_v2 == given);
    CHECK(of_v2.routes.size() == 2);
    CHECK(of_v2.ips.size() == 3);
    CHECK(plugins::supported_conf(hns.abilities(), wanted).dns.options == Texts{"ndots:5"});
    hns.api = ApiVersion::v1;
    const Result of_v1 = supported_by(ApiVersion::v1, given);
    REQUIRE(of_v1.ips.size() == 2);
    CHECK(of_v1.ips[0].address.to_string() == "10.244.3.7/24");
    CHECK(of_v1.ips[1].address.to_string() == "fd00::7/64");
    REQUIRE(of_v1.routes.size() == 1);
    CHECK(of_v1.routes[0].destination.to_string() == "0.0.0.0/0");
    CHECK(of_v1.dns.options.empty());
    const EndpointConf conf = plugins::supported_conf(hns.abilities(), wanted);
    CHECK(conf.dns.options.empty());
    CHECK(conf.dns.search == Texts{"a"});
}

TEST_CASE("Loopback DSR is left out where HNS lacks it, and HNS is asked only when it is wanted") {
    struct Case {
        hnsclient::Version version;
        bool kept;
    };

    const Case cases[] = {{{9, 2}, false}, {{9, 3}, true}, {{10, 1}, false}, {{10, 2}, true}};
    for (const Case& one : cases) {
        FakeHns hns;
        hns.service = one.version;
        EndpointConf conf;
        CHECK_FALSE(plugins::supported_here(hns, conf).loopback_dsr);
        CHECK(hns.calls.empty());
        conf.loopback_dsr = true;
        CHECK(plugins::supported_here(hns, conf).loopback_dsr == one.kept);
        CHECK(hns.calls == Texts{"version"});
    }
}
