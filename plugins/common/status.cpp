// SPDX-License-Identifier: Apache-2.0
#include "libcni/status.hpp"

#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using libcni::Request;

void status(const Driver& driver, const Request& request) {
    read_endpoint_conf(request);
    libcni::as_not_available([&] {
        require_ipam(request);
        translating([&] {
            hnsclient::Client hns = connect();
            require_network(hns, driver, request);
        });
        pass_to_ipam(libcni::Command::status, request);
    });
}

} // namespace plugins
