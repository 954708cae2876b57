// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"
#include "plugins/common/pod.hpp"

// Whether the pod's sandbox is there. All throw libcni::Error (invalid_environment).
namespace plugins {

/// Throws when CNI_NETNS names no sandbox of the pod's API; asks HNS for nothing.
void require_sandbox_named(const Pod& pod);

/// Throws when HNS has no such sandbox; keeps it open for the attachment.
void require_sandbox(hnsclient::Client& hns, const Pod& pod);

/// The same for a namespace only. It takes its endpoints along when it goes, while those of a
/// container that has ended are still there to be found.
void require_namespace(hnsclient::Client& hns, const Pod& pod);

} // namespace plugins
