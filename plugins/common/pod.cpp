// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/pod.hpp"

#include "hnsclient/abilities.hpp"
#include "hnsclient/guid.hpp"
#include "ipam/host-local/lease_holder.hpp"
#include "libcni/error.hpp"
#include "libcni/names.hpp"

namespace plugins {

using hnsclient::ApiVersion;
using hnsclient::Sandbox;
using libcni::Error;
using libcni::ErrorCode;

namespace {

ApiVersion api_for(const std::string& netns, bool joins) {
    return netns == "none" || joins ? ApiVersion::v1 : ApiVersion::v2;
}

std::optional<Sandbox> find_sandbox(const libcni::Request& request, ApiVersion api, bool joins) {
    if (hnsclient::abilities_of(api).namespaces) {
        const auto guid = hnsclient::parse_guid(request.netns);
        return guid ? std::optional(Sandbox::of_namespace(hnsclient::to_text(*guid)))
                    : std::nullopt;
    }
    if (request.netns != "none" && !joins) return std::nullopt;
    return Sandbox::of_container(request.container_id);
}

void name_endpoint(Pod& pod, const libcni::NetworkConfig& conf, bool is_api_known) {
    constexpr std::string_view usual_interface = "eth0";
    pod.endpoint_name = pod.sandbox_container_id + "_" + pod.network_name;
    if (pod.interface_name.empty()) return;
    if (hnsclient::abilities_of(pod.api).own_ids) {
        pod.endpoint_id =
            endpoint_id_of(pod.network_name, pod.sandbox_container_id, pod.interface_name);
        // It may have been made by HNS v1.
        if (!is_api_known) pod.second_name = pod.endpoint_name + ":" + pod.interface_name;
        return;
    }
    pod.second_name = pod.endpoint_name + ":" + pod.interface_name;
    // With neither ID nor lease only the name can tell.
    if (pod.interface_name != usual_interface && !host_local::keeps_leases(conf))
        pod.endpoint_name = pod.second_name;
}

} // namespace

Pod pod_of(const libcni::Request& request, std::optional<ApiVersion> wanted) {
    const auto shared = libcni::shared_sandbox(request);
    const ApiVersion api = wanted.value_or(api_for(request.netns, shared.has_value()));
    Pod pod{.container_id = request.container_id,
            .sandbox_container_id = shared.value_or(request.container_id),
            .interface_name = request.interface_name,
            .netns = request.netns,
            .network_name = request.conf.name,
            .endpoint_name = {},
            .api = api,
            .joins = shared.has_value(),
            .sandbox = find_sandbox(request, api, shared.has_value())};
    name_endpoint(pod, request.conf, wanted.has_value() || !request.netns.empty());
    return pod;
}

const Sandbox& sandbox_of(const Pod& pod) {
    if (pod.sandbox) return *pod.sandbox;
    const std::string netns = "CNI_NETNS \"" + pod.netns + "\"";
    if (hnsclient::abilities_of(pod.api).namespaces)
        throw Error(
            ErrorCode::invalid_environment,
            netns + " is not the GUID of an HNS namespace",
            "containerd passes a GUID; by hand, create one with \"wincni hns create namespace\"");
    throw Error(ErrorCode::invalid_environment,
                netns + " does not fit apiVersion 1, which attaches to containers",
                hnsclient::parse_guid(pod.netns)
                    ? "with containerd leave the conf's \"apiVersion\" out or set it to 2"
                    : "it must be \"none\", or \"container:<id>\" of the sandbox");
}

std::string endpoint_id_of(const std::string& network_name,
                           const std::string& container_id,
                           const std::string& interface_name) {
    // None of the three can hold a "/".
    return hnsclient::id_of_name(network_name + "/" + container_id + "/" + interface_name);
}

std::optional<EndpointName> read_endpoint_name(const std::string& endpoint_name,
                                               const std::string& network_name) {
    const std::string_view whole = endpoint_name;
    const auto colon = whole.find(':');
    const std::string_view first = whole.substr(0, colon);
    const std::string suffix = "_" + network_name;
    if (!first.ends_with(suffix)) return std::nullopt;
    EndpointName name{.container_id = std::string(first.substr(0, first.size() - suffix.size()))};
    if (!libcni::is_identifier(name.container_id)) return std::nullopt;
    if (colon == std::string_view::npos) return name;
    name.interface_name = whole.substr(colon + 1);
    if (name.interface_name.empty()) return std::nullopt;
    return name;
}

bool has_several_readings(const Pod& pod) {
    return pod.endpoint_name.find('_') != pod.endpoint_name.rfind('_');
}

} // namespace plugins
