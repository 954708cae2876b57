// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hnsclient/client.hpp"
#include "hnsclient/error.hpp"

namespace hnsclient {

/// Runs `work`; not finding something is success: others remove things between two calls, and an
/// answer that was lost may have been a good one. Not for removing an endpoint, with which an
/// address is given back: not every failure to find something says that the endpoint is gone.
template <class Work>
void unless_gone(Work work) {
    try {
        work();
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::not_found) throw;
    }
}

/// Runs `work`; a failure with the code that says that the object is gone is success.
template <class Work>
void unless_gone(api::HResult gone, Work work) {
    try {
        work();
    } catch (const HnsError& error) {
        if (error.code() != gone) throw;
    }
}

/// Removes one endpoint, taking it out of wherever it is when HNS insists. Gone is success, and
/// only endpoint_not_found says so; where HNS fails to find something else, or says what nobody
/// knows, its list of endpoints decides. Throws HnsError.
void remove_endpoint(Client& hns, const std::string& id);

} // namespace hnsclient
