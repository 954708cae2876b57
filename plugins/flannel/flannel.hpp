// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/plugin.hpp"

namespace flannel {

/// Has another plugin, the delegate, do the work, with a conf made from flannel's own conf and from
/// what flanneld has written (subnet.env). That conf is stored, since flanneld's file may be gone
/// or changed when the container is.
class Flannel final : public libcni::Plugin {
public:
    [[nodiscard]] std::string_view name() const override { return "flannel"; }

    [[nodiscard]] std::string_view about() const override {
        return "CNI plugin that writes a conf for win-bridge or win-overlay from flanneld's "
               "subnet.env, and calls that plugin.";
    }

    [[nodiscard]] bool takes_turns() const override { return true; }

    /// What was stored for a container stays on failure; else nothing stays but what could not be
    /// given back, and then the conf with which a DEL can do it.
    [[nodiscard]] libcni::Result add(const libcni::Request& request) const override;

    /// DEL of the delegate with the stored conf; nothing without one. The conf goes when that has
    /// succeeded, unless the container shares the sandbox of another one. Needs no more of
    /// flannel's own conf than dataDir.
    void del(const libcni::Request& request) const override;

    /// CHECK of the delegate with the stored conf and what the runtime says now.
    void check(const libcni::Request& request) const override;

    /// Can an ADD succeed now? Codes 50 and 51 of the CNI spec.
    void status(const libcni::Request& request) const override;

    /// GC of the delegate, which needs no subnet.env; then the stored confs of this network go
    /// whose containers are not valid any more.
    void gc(const libcni::Request& request) const override;
};

} // namespace flannel
