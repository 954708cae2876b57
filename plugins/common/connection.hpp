// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "hnsclient/client.hpp"
#include "libcni/undo.hpp"
#include "plugins/common/hns_to_cni.hpp"

namespace plugins {

/// A client of this node's HNS. Each of its calls is logged, and watched by the watchdog. Throws
/// hnsclient::HnsError when this system has no HNS.
std::unique_ptr<hnsclient::Client> connect(hnsclient::ApiVersion api);

/// Runs `body(client)` on this node's HNS; an HnsError leaves as libcni::Error.
template <class Body>
auto with_hns(hnsclient::ApiVersion api, Body body) {
    return translating([&] {
        const auto hns = connect(api);
        return body(*hns);
    });
}

/// Runs `body(undo)`. When it fails, what the undo stack holds is given back, and the error goes on
/// as a libcni::Error that says what stayed behind.
template <class Body>
auto giving_back(Body body) {
    return libcni::transaction(
        [&](libcni::Undo& undo) { return translating([&] { return body(undo); }); });
}

} // namespace plugins
