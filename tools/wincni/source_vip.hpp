// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hnsclient/client_v2.hpp"
#include "tools/wincni/answer.hpp"

namespace wincni {

struct SourceVipOptions {
    /// The HNS network, by name or ID; empty for that of the conf, or the only overlay.
    std::string network;
    /// A conf or list of the pods, which names the network and where its leases are.
    std::string conf;
    /// Where the leases of all networks are; empty for what the conf says, or host-local's default.
    std::string data_dir;
    /// Gives the address back instead.
    bool release = false;
    /// Gets the address in JSON, as the scripts of kube-proxy read it.
    std::string file;
    Format format = Format::text;
};

/// `wincni source-vip`: leases the address that kube-proxy puts on its packets of an overlay, once:
/// again it is the same, also when RKE2 or the SDN scripts leased it. One that is outside of the
/// network's subnet is given back first. Throws Refusal, hnsclient::HnsError, libcni::Error.
/// https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/network-topologies
Answer source_vip(hnsclient::ClientV2& client, const SourceVipOptions& options);

} // namespace wincni
