// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/text.hpp"
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

/// A failure is noted only: the namespace may be gone, and removing the endpoint takes it out of
/// any.
void detach_quietly(Client& hns, const Request& request, const std::string& id) {
    if (!hnsclient::parse_guid(request.netns)) return;
    try {
        hns.detach(request.netns, id);
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

} // namespace

void del(const Driver&, const Request& request) {
    // A container that shares its sandbox's endpoint took nothing, and must not end what others
    // use.
    if (shares_sandbox(request)) return;
    translating([&] {
        Client hns = connect();
        remove_endpoints(hns, request);
    });
    release_addresses(request);
}

} // namespace plugins
