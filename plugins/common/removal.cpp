// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/removal.hpp"

#include <algorithm>

#include "hnsclient/removal.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using hnsclient::HnsError;
using libcni::Attachment;
using libcni::Error;
using libcni::ErrorCode;

namespace {

/// A failure is noted only: the sandbox may be gone, and removing the endpoint takes it out of any.
template <class Detach>
void detach_quietly(const std::string& endpoint_id, Detach detach) {
    try {
        detach();
    } catch (const HnsError& error) {
        libcni::log::info("detaching the endpoint " + endpoint_id + ": " + error.what());
    }
}

Error not_removed(const HnsError& error, const std::string& name, const std::string& id) {
    Error cni = to_cni_error(error);
    // Not the endpoint, which HNS still lists.
    if (error.kind() == hnsclient::ErrorKind::not_found)
        cni = Error(cni.code(),
                    cni.msg(),
                    "HNS still has the endpoint, and does not find something that it is part of: "
                    "Restart-Service hns, or a restart of the node, often helps");
    return cni.within("endpoint " + name + " (" + id + ") could not be removed");
}

bool is_garbage(const Endpoint& endpoint,
                const libcni::NetworkConfig& conf,
                const std::vector<Attachment>& valid) {
    if (endpoint.is_remote) return false;
    const auto name = read_endpoint_name(endpoint.name, conf.name);
    return name && !belongs_to_one_of(conf, *name, endpoint, valid);
}

} // namespace

void remove_endpoints(Client& hns, const Pod& pod, const Ownership& owner) {
    for (const auto& id : owner.ids(hns)) {
        if (pod.sandbox) detach_quietly(id, [&] { hns.detach(*pod.sandbox, id); });
        try {
            hnsclient::remove_endpoint(hns, id);
        } catch (const HnsError& error) {
            Error cni = not_removed(error, pod.endpoint_name, id);
            cni.add_detail("its address stays reserved until it is gone; DEL can be repeated");
            throw Error(std::move(cni));
        }
    }
}

void leave_endpoints(Client& hns, const Pod& pod, const Ownership& owner) {
    for (const auto& endpoint : owner.ours_among(hns, endpoints_named_for(hns, pod)))
        if (pod.sandbox && pod.sandbox->holds(endpoint))
            hnsclient::unless_gone([&] { hns.unshare(pod.container_id, endpoint.id); });
}

std::vector<Endpoint>
garbage(Client& hns, const libcni::NetworkConfig& conf, const std::vector<Attachment>& valid) {
    const auto network = hns.find_network(conf.name);
    if (!network) return {};
    auto endpoints = hns.list_endpoints_of(network->id);
    std::erase_if(endpoints,
                  [&](const Endpoint& endpoint) { return !is_garbage(endpoint, conf, valid); });
    return endpoints;
}

void remove_garbage(Client& hns, const Endpoint& endpoint) {
    libcni::log::info("removing the endpoint " + endpoint.name + " (" + endpoint.id
                      + ") of a container that is gone");
    detach_quietly(endpoint.id, [&] { hns.detach_all(endpoint); });
    try {
        hnsclient::remove_endpoint(hns, endpoint.id);
    } catch (const HnsError& error) {
        throw not_removed(error, endpoint.name, endpoint.id);
    }
}

void Faults::add(const Error& error) {
    const bool is_like_others = empty() || error.code() == code_;
    code_ = is_like_others ? error.code() : ErrorCode::hns_failure;
    sentences_.push_back(libcni::one_line(error));
}

void Faults::throw_if_any(const std::string& msg) const {
    if (empty()) return;
    throw Error(code_, msg, libcni::joined(sentences_, "; "));
}

} // namespace plugins
