// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/pod.hpp"

#include "hnsclient/abilities.hpp"
#include "hnsclient/guid.hpp"
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

} // namespace

Pod pod_of(const libcni::Request& request, std::optional<ApiVersion> wanted) {
    const auto shared = libcni::shared_sandbox(request);
    const ApiVersion api = wanted.value_or(api_for(request.netns, shared.has_value()));
    return {.container_id = request.container_id,
            .netns = request.netns,
            .network_name = request.conf.name,
            .endpoint_name = shared.value_or(request.container_id) + "_" + request.conf.name,
            .api = api,
            .joins = shared.has_value(),
            .sandbox = find_sandbox(request, api, shared.has_value())};
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

std::optional<std::string> container_of(const std::string& endpoint_name,
                                        const std::string& network_name) {
    const std::string suffix = "_" + network_name;
    if (!endpoint_name.ends_with(suffix)) return std::nullopt;
    std::string container = endpoint_name.substr(0, endpoint_name.size() - suffix.size());
    if (!libcni::is_identifier(container)) return std::nullopt;
    return container;
}

} // namespace plugins
