// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;
using libcni::Result;

namespace {

[[noreturn]] void fail(const std::string& name, const std::vector<std::string>& sentences) {
    throw Error(ErrorCode::check_failed,
                "endpoint " + name + " is not as ADD made it",
                libcni::joined(sentences, "; "));
}

Endpoint require_endpoint(Client& hns, const PlanInput& input) {
    for (auto& endpoint : hns.find_endpoints(input.endpoint_name))
        if (hnsclient::same_guid(endpoint.network_id, input.network.id)) return std::move(endpoint);
    fail(input.endpoint_name,
         {"HNS has no such endpoint on network \"" + input.network.name + "\""});
}

Result addresses_of(const Endpoint& endpoint, const hnsclient::Network& network) {
    return result_for(endpoint, network, {}, {}, {});
}

/// The addresses that HNS chose are not in the plan; the result of ADD has them. The MAC address is
/// of HNS's choosing then, too.
void expect_chosen_addresses(Endpoint& plan, const Result& previous) {
    plan.mac.clear();
    plan.addresses.clear();
    plan.routes.clear();
    for (const auto& ip : previous.ips) {
        plan.addresses.push_back({ip.address.address(), std::nullopt});
        if (ip.gateway) plan.routes.push_back({libcni::default_route_of(*ip.gateway), ip.gateway});
    }
}

/// What ADD would make now, with the addresses and the MAC that it reported then.
Endpoint expected(const Client& hns,
                  const Driver& driver,
                  const Request& request,
                  PlanInput input,
                  const Endpoint& found) {
    const auto& previous = request.conf.prev_result;
    input.ipam = previous ? *previous : addresses_of(found, input.network);
    drop_what_api_lacks(hns, input);
    Endpoint plan = driver.plan(input);
    if (request.conf.ipam_type.empty()) expect_chosen_addresses(plan, input.ipam);
    if (previous && !previous->interfaces.empty()) plan.mac = previous->interfaces.front().mac;
    return plan;
}

/// An empty text when the endpoint is in its sandbox.
std::string misplaced(const Client& hns, const Endpoint& found, const std::string& sandbox) {
    if (hnsclient::is_in(found, sandbox)) return {};
    if (hns.api_version() == hnsclient::ApiVersion::v2)
        return "namespace: expected " + sandbox + ", found "
               + (found.namespace_id.empty() ? "none" : found.namespace_id);
    return "containers: expected " + sandbox + ", found "
           + (found.container_ids.empty() ? "none" : libcni::joined(found.container_ids, ", "));
}

void compare(Client& hns, const Driver& driver, const Request& request, PlanInput input) {
    const std::string sandbox = sandbox_of(hns.api_version(), request);
    input.network = require_network(hns, driver, request);
    const Endpoint found = require_endpoint(hns, input);
    drop_loopback_dsr_if_unsupported(hns, input.conf);
    auto sentences = differences(expected(hns, driver, request, input, found), found);
    if (auto sentence = misplaced(hns, found, sandbox); !sentence.empty())
        sentences.push_back(std::move(sentence));
    if (!sentences.empty()) fail(input.endpoint_name, sentences);
}

} // namespace

void check(const Driver& driver, const Request& request) {
    PlanInput input{.endpoint_name = endpoint_name(request),
                    .conf = driver.read_conf(request),
                    .network = {},
                    .ipam = {}};
    translating([&] {
        const auto hns = connect(api_version_for(request, input.conf.api_version));
        compare(*hns, driver, request, std::move(input));
    });
    // The address is the sandbox's, not that of a container that shares it.
    if (!shares_sandbox(request)) pass_to_ipam(libcni::Command::check, request);
}

} // namespace plugins
