// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/sandbox.hpp"

#include "hnsclient/error.hpp"
#include "libcni/error.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::Sandbox;
using libcni::Error;
using libcni::ErrorCode;

namespace {

[[noreturn]] void refuse_missing(const Sandbox& sandbox) {
    if (sandbox.kind() == Sandbox::Kind::container)
        throw Error(ErrorCode::invalid_environment,
                    "CNI_CONTAINERID: no container \"" + sandbox.id() + "\" is running",
                    "apiVersion 1 attaches endpoints to running containers; with containerd leave "
                    "\"apiVersion\" out or set it to 2");
    throw Error(ErrorCode::invalid_environment,
                "CNI_NETNS: HNS has no namespace " + sandbox.id(),
                "the pod's namespace is gone, so the pod is too; by hand, create one with \"wincni "
                "hns create namespace\"");
}

} // namespace

void require_sandbox(Client& hns, const Sandbox& sandbox) {
    try {
        hns.open_sandbox(sandbox);
    } catch (const hnsclient::HnsError& error) {
        if (error.kind() != hnsclient::ErrorKind::not_found) throw;
        refuse_missing(sandbox);
    }
}

} // namespace plugins
