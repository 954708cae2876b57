// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Endpoint;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;

namespace {

/// One that ADD of this conf made, for a container that is not valid any more. Endpoints of
/// flannel, kube-proxy and other nodes have names that ADD would not give, or are remote.
bool is_garbage(const Endpoint& endpoint, const Request& request) {
    if (endpoint.is_remote) return false;
    const auto container = container_of(endpoint.name, request.conf.name);
    if (!container) return false;
    return std::ranges::find(
               *request.conf.valid_attachments, *container, &libcni::Attachment::container_id)
           == request.conf.valid_attachments->end();
}

template <class Body>
void gather(std::vector<std::string>& faults, Body body) {
    try {
        translating(body);
    } catch (const Error& error) {
        faults.push_back(one_line(error));
    }
}

void remove(Client& hns, const Endpoint& endpoint) {
    libcni::log::info("removing the endpoint " + endpoint.name + " (" + endpoint.id
                      + ") of a container that is gone");
    try {
        detach_all(hns, endpoint);
    } catch (const hnsclient::HnsError& error) {
        libcni::log::info(std::string("detaching it: ") + error.what());
    }
    remove_endpoint(hns, endpoint.id);
}

void remove_garbage(const Request& request, std::vector<std::string>& faults) {
    const auto version = api_version_for(request, read_api_version(request.conf.reader()));
    const auto hns = connect(version);
    const auto network = hns->find_network(request.conf.name);
    if (!network) return;
    for (const auto& endpoint : hns->list_endpoints_of(network->id))
        if (is_garbage(endpoint, request)) gather(faults, [&] { remove(*hns, endpoint); });
}

} // namespace

void gc(const Driver&, const Request& request) {
    libcni::require_valid_attachments(request.conf);
    std::vector<std::string> faults;
    gather(faults, [&] { remove_garbage(request, faults); });
    // An address must stay reserved while HNS holds an endpoint with it.
    if (faults.empty()) gather(faults, [&] { pass_to_ipam(libcni::Command::gc, request); });
    if (faults.empty()) return;
    throw Error(ErrorCode::hns_failure,
                "GC of network \"" + request.conf.name + "\" is not complete",
                libcni::joined(faults, "; "));
}

} // namespace plugins
