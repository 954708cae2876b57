// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/plugin_main.hpp"

/// Has another plugin, the delegate, do the work, with a conf made from flannel's own conf and from
/// what flanneld has written (subnet.env). That conf is stored, since flanneld's file may be gone
/// or changed when the container is.
namespace flannel {

/// What was stored for a container stays on failure; else nothing stays but what could not be given
/// back, and then the conf with which a DEL can do it.
libcni::Result add(const libcni::Request& request);

/// DEL of the delegate with the stored conf; nothing without one. The conf goes when that has
/// succeeded, unless the container shares the sandbox of another one.
void del(const libcni::Request& request);

/// CHECK of the delegate with the stored conf and what the runtime says now.
void check(const libcni::Request& request);

/// Can an ADD succeed now? Codes 50 and 51 of the CNI spec.
void status(const libcni::Request& request);

/// GC of the delegate, which needs no subnet.env; then the stored confs of this network go whose
/// containers are not valid any more.
void gc(const libcni::Request& request);

} // namespace flannel
