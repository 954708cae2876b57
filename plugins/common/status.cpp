// SPDX-License-Identifier: Apache-2.0
#include "libcni/status.hpp"

#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using libcni::Request;

void status(const Driver& driver, const Request& request) {
    const EndpointConf conf = driver.read_conf(request);
    const auto version = api_version_for(request, conf.api_version);
    check_new_network(driver, version, conf.new_network);
    libcni::as_not_available([&] {
        require_ipam(request);
        translating([&] {
            const auto hns = connect(version);
            const auto network = find_network(*hns, driver, request);
            if (!network && !conf.new_network)
                refuse_missing_network(*hns, driver, request.conf.name);
        });
        pass_to_ipam(libcni::Command::status, request);
    });
}

} // namespace plugins
