// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnoverlay/sdnoverlay.hpp"

#include "libcni/log.hpp"

namespace sdnoverlay {

SdnOverlayEndpoint::SdnOverlayEndpoint(const libcni::Request& request)
    : OverlayEndpoint(request), flags_(plugins::read_sdn_flags(request.conf.reader())) {
    auto& conf = own_conf();
    conf.loopback_dsr = conf.loopback_dsr || flags_.loopback_dsr;
    if (request.conf.reader().find("additionalRoutes"))
        libcni::log::warning("conf.additionalRoutes has no effect: the gateway of an overlay is "
                             "its network's");
}

std::string_view SdnOverlay::about() const {
    return "CNI plugin that attaches Windows pods to an HNS network of type Overlay, for confs of "
           "Microsoft's sdnoverlay.";
}

std::unique_ptr<const plugins::EndpointKind>
SdnOverlay::kind_of(const libcni::Request& request) const {
    return std::make_unique<SdnOverlayEndpoint>(request);
}

} // namespace sdnoverlay
