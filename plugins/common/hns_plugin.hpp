// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "libcni/plugin.hpp"
#include "plugins/common/endpoint_kind.hpp"

namespace plugins {

/// A plugin that attaches pods to HNS networks. The commands are the same for all of them; what
/// differs is the kind of endpoint. CNI spec 1.1.0, section 2, "CNI operations".
class HnsPlugin : public libcni::Plugin {
public:
    /// What the conf of this request asks for. Throws libcni::Error (code 7) or BadShape for what
    /// cannot be honoured.
    [[nodiscard]] virtual std::unique_ptr<const EndpointKind>
    kind_of(const libcni::Request& request) const = 0;

    [[nodiscard]] bool takes_turns() const final { return true; }

    /// Makes the pod's endpoint and puts it into its sandbox. Gives back on failure what this call
    /// took.
    [[nodiscard]] libcni::Result add(const libcni::Request& request) const final;

    /// Removes the pod's endpoint, then releases its address: never an address that HNS still holds
    /// an endpoint for. What is gone already is success. Reads no key of the conf that it does not
    /// need.
    void del(const libcni::Request& request) const final;

    /// Compares what HNS holds with what ADD would make; lists every difference.
    void check(const libcni::Request& request) const final;

    /// Can an ADD succeed now? Codes 50 and 51 of the CNI spec.
    void status(const libcni::Request& request) const final;

    /// Removes the endpoints that ADD of this conf made for containers that are not valid any more.
    void gc(const libcni::Request& request) const final;
};

} // namespace plugins
