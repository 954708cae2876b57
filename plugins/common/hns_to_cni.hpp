// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/error.hpp"
#include "libcni/error.hpp"

namespace plugins {

/// The one translation of what HNS says into a CNI error: unavailable is code 11, everything else
/// 100, with a hint on what to do in the details.
libcni::Error to_cni_error(const hnsclient::HnsError& error);

/// Runs `body`; an HnsError leaves as libcni::Error.
template <class Body>
auto translating(Body body) {
    try {
        return body();
    } catch (const hnsclient::HnsError& error) {
        throw to_cni_error(error);
    }
}

} // namespace plugins
