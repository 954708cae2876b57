// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hnsclient/client.hpp"
#include "hnsclient/error.hpp"

namespace hnsclient {

/// Runs `work`; what is gone needs no removing: others remove things between two calls, and an
/// answer that was lost may have been a good one.
template <class Work>
void unless_gone(Work work) {
    try {
        work();
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::not_found) throw;
    }
}

/// Removes one endpoint, taking it out of wherever it is when HNS insists. Gone is success; throws
/// HnsError.
void remove_endpoint(Client& hns, const std::string& id);

} // namespace hnsclient
