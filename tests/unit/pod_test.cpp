// SPDX-License-Identifier: Apache-2.0
// What a request means to HNS: which API, which endpoint, which sandbox.
#include <doctest/doctest.h>

#include "libcni/error.hpp"
#include "plugins/common/pod.hpp"
#include "tests/unit/plugin_requests.hpp"
#include "tests/unit/thrown.hpp"

using hnsclient::ApiVersion;
using hnsclient::Sandbox;
using libcni::ErrorCode;
using nlohmann::json;
using plugins::Pod;

namespace {

/// Container c1 on network cbr0.
Pod pod_with(const std::string& netns, std::optional<ApiVersion> wanted = {}) {
    auto request = request_with(json::object());
    request.netns = netns;
    return plugins::pod_of(request, wanted);
}

/// "namespace <id>" or "container <id>"; the code of the error when the pod has no sandbox.
std::string sandbox_with(const std::string& netns, std::optional<ApiVersion> wanted) {
    const Pod pod = pod_with(netns, wanted);
    std::string found;
    const auto error = error_of([&] {
        found = plugins::sandbox_of(pod).to_string();
        return 0;
    });
    CHECK(found.empty() == !pod.sandbox);
    return found.empty() ? std::to_string(static_cast<int>(error.code())) : found;
}

libcni::Error refusal_of(const std::string& netns, ApiVersion wanted) {
    return error_of([&] { return plugins::sandbox_of(pod_with(netns, wanted)); });
}

const std::string guid = "E0000000-FA4E-4000-A000-000000000001";

} // namespace

TEST_CASE("B48: without apiVersion the form of CNI_NETNS chooses the API") {
    struct Case {
        std::string netns;
        ApiVersion version;
    };

    const Case cases[] = {{guid, ApiVersion::v2},
                          {"{e0000000-fa4e-4000-a000-000000000001}", ApiVersion::v2},
                          {"none", ApiVersion::v1},
                          {"container:5a4d", ApiVersion::v1},
                          {"", ApiVersion::v2},
                          {"/var/run/netns/x", ApiVersion::v2}};
    for (const Case& one : cases) {
        CAPTURE(one.netns);
        CHECK(pod_with(one.netns).api == one.version);
        CHECK(pod_with(one.netns, ApiVersion::v1).api == ApiVersion::v1);
        CHECK(pod_with(one.netns, ApiVersion::v2).api == ApiVersion::v2);
        CHECK(pod_with(one.netns).joins == one.netns.starts_with("container:"));
        CHECK(pod_with(one.netns, ApiVersion::v2).joins == one.netns.starts_with("container:"));
    }
}

TEST_CASE("An endpoint is named by the sandbox and the network, whichever API is wanted") {
    for (const auto wanted : {std::optional<ApiVersion>(),
                              std::optional(ApiVersion::v1),
                              std::optional(ApiVersion::v2)}) {
        CHECK(pod_with(guid, wanted).endpoint_name == "c1_cbr0");
        CHECK(pod_with("none", wanted).endpoint_name == "c1_cbr0");
        CHECK(pod_with("", wanted).endpoint_name == "c1_cbr0");
        CHECK(pod_with("container:5a4d", wanted).endpoint_name == "5a4d_cbr0");
    }
}

TEST_CASE("A pod keeps what the request says of it") {
    const Pod pod = pod_with("container:5a4d");
    CHECK(pod.container_id == "c1");
    CHECK(pod.netns == "container:5a4d");
    CHECK(pod.network_name == "cbr0");
}

TEST_CASE("The sandbox is the namespace, or in HNS v1 the container itself") {
    struct Case {
        std::string netns;
        std::string of_v1;
        std::string of_v2;
        std::string of_form;
    };

    const std::string refused = "4";
    const std::string container = "container c1";
    const std::string in_namespace = "namespace " + guid;
    const Case cases[] = {
        {guid, refused, in_namespace, in_namespace},
        {"{e0000000-fa4e-4000-a000-000000000001}", refused, in_namespace, in_namespace},
        {"none", container, refused, container},
        {"container:5a4d", container, refused, container},
        {"", refused, refused, refused},
        {"/var/run/netns/x", refused, refused, refused}};
    for (const Case& one : cases) {
        CAPTURE(one.netns);
        CHECK(sandbox_with(one.netns, ApiVersion::v1) == one.of_v1);
        CHECK(sandbox_with(one.netns, ApiVersion::v2) == one.of_v2);
        CHECK(sandbox_with(one.netns, {}) == one.of_form);
    }
    CHECK(plugins::sandbox_of(pod_with("none")).kind() == Sandbox::Kind::container);
    CHECK(plugins::sandbox_of(pod_with(guid)).id() == guid);
}

TEST_CASE("A CNI_NETNS that does not fit the API is refused with the form that does") {
    const auto not_a_guid = refusal_of("/var/run/netns/x", ApiVersion::v2);
    CHECK(not_a_guid.code() == ErrorCode::invalid_environment);
    CHECK(missing_in(not_a_guid.msg(), {"CNI_NETNS \"/var/run/netns/x\"", "GUID"}) == "");
    CHECK(missing_in(not_a_guid.details(), {"wincni hns create namespace"}) == "");
    const auto guid_for_v1 = refusal_of(guid, ApiVersion::v1);
    CHECK(guid_for_v1.code() == ErrorCode::invalid_environment);
    CHECK(missing_in(guid_for_v1.msg(), {"CNI_NETNS \"" + guid + "\"", "apiVersion 1"}) == "");
    CHECK(missing_in(guid_for_v1.details(), {"\"apiVersion\" out or set it to 2"}) == "");
    CHECK(missing_in(refusal_of("", ApiVersion::v1).details(), {"\"none\"", "container:<id>"})
          == "");
}

TEST_CASE("The container is read from a name that ADD would give, and from no other") {
    using plugins::EndpointName;
    using plugins::read_endpoint_name;
    CHECK(read_endpoint_name("c1_cbr0", "cbr0") == EndpointName{"c1"});
    CHECK(read_endpoint_name("a_b_cbr0", "cbr0") == EndpointName{"a_b"});
    CHECK(read_endpoint_name("c1_cbr0:eth1", "cbr0") == EndpointName{"c1", "eth1"});
    for (const std::string name : {"cbr0_ep",
                                   "_cbr0",
                                   "cbr0",
                                   "c1_cbr0_ep",
                                   "c1_CBR0",
                                   "c1_vxlan0",
                                   "",
                                   "c 1_cbr0",
                                   "-_cbr0",
                                   "Ethernet (x)_cbr0"}) {
        CAPTURE(name);
        CHECK_FALSE(read_endpoint_name(name, "cbr0"));
    }
}
