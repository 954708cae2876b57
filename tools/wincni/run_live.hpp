// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hnsclient/model.hpp"
#include "libcni/config.hpp"
#include "libcni/runtime/cache.hpp"

namespace wincni::run {

/// What of a network is alive.
struct Live {
    /// To be kept.
    std::vector<libcni::Attachment> attachments = {};
    /// Endpoints in use of which no cache knows whose they are.
    std::vector<hnsclient::Endpoint> unknown = {};
};

/// Of the entries of a network those whose namespace HNS still has, and those of which that cannot
/// be told: the namespace is none of HCN's, or not in the entry, as libcni before 1.2 leaves it
/// out. Of the network's endpoints those that are in a namespace, or used by a container, and
/// belong to none of them.
Live live_of(const std::vector<libcni::runtime::CacheEntry>& entries,
             const std::vector<hnsclient::Namespace>& namespaces,
             const std::vector<hnsclient::Endpoint>& endpoints);

} // namespace wincni::run
