// SPDX-License-Identifier: Apache-2.0
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::HnsError;
using libcni::Error;
using libcni::Request;

namespace {

/// No value when CNI_NETNS does not tell: it may be empty, and the sandbox gone.
std::optional<std::string> find_sandbox(const Client& hns, const Request& request) {
    try {
        return sandbox_of(hns.api_version(), request);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// A failure is noted only: the sandbox may be gone, and removing the endpoint takes it out of any.
void detach_quietly(Client& hns, const Request& request, const std::string& id) {
    const auto sandbox = find_sandbox(hns, request);
    if (!sandbox) return;
    try {
        hns.detach(*sandbox, id);
    } catch (const HnsError& error) {
        libcni::log::info("detaching the endpoint " + id + ": " + error.what());
    }
}

void remove_endpoints(Client& hns, const Request& request) {
    const std::string name = endpoint_name(request);
    for (const auto& id : hns.endpoint_ids(name)) {
        detach_quietly(hns, request, id);
        try {
            remove_endpoint(hns, id);
        } catch (const HnsError& error) {
            Error cni = to_cni_error(error);
            cni.within("endpoint " + name + " (" + id + ") could not be removed");
            cni.add_detail("its address stays reserved until it is gone; DEL can be repeated");
            throw cni;
        }
    }
}

/// A container that shares its sandbox's endpoint took nothing, and must not end what others use.
void leave(Client& hns, const Request& request) {
    for (const auto& endpoint : hns.find_endpoints(endpoint_name(request)))
        if (hnsclient::is_in(endpoint, request.container_id))
            unless_gone([&] { hns.unshare(request.container_id, endpoint.id); });
}

/// A conf that ADD refused must not keep a pod from being removed.
std::optional<unsigned> wanted_api_version(const Request& request) {
    try {
        return read_api_version(request.conf.reader());
    } catch (const std::exception& error) {
        libcni::log::warning(error.what());
        return std::nullopt;
    }
}

} // namespace

void del(const Driver&, const Request& request) {
    const auto version = api_version_for(request, wanted_api_version(request));
    const bool shared = shares_sandbox(request);
    // In a namespace nothing is shared one by one.
    if (shared && version == hnsclient::ApiVersion::v2) return;
    translating([&] {
        const auto hns = connect(version);
        shared ? leave(*hns, request) : remove_endpoints(*hns, request);
    });
    if (!shared) release_addresses(request);
}

} // namespace plugins
