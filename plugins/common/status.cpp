// SPDX-License-Identifier: Apache-2.0
#include "libcni/status.hpp"

#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using libcni::Request;

namespace {

/// What ADD would have for a network: the one that is there, or one to be made.
void require_usable_network(hnsclient::Client& hns,
                            const Driver& driver,
                            const Request& request,
                            PlanInput& input) {
    auto network = find_network(hns, driver, request);
    if (!network && !input.conf.new_network) refuse_missing_network(hns, driver, request.conf.name);
    if (!network) return require_makeable(*input.conf.new_network);
    input.network = std::move(*network);
    driver.require(input);
}

} // namespace

void status(const Driver& driver, const Request& request) {
    PlanInput input{
        .endpoint_name = {}, .conf = driver.read_conf(request), .network = {}, .ipam = {}};
    const auto version = api_version_for(request, input.conf.api_version);
    check_new_network(driver, version, input.conf.new_network);
    libcni::as_not_available([&] {
        require_ipam(request);
        translating([&] {
            const auto hns = connect(version);
            require_usable_network(*hns, driver, request, input);
        });
        pass_to_ipam(libcni::Command::status, request);
    });
}

} // namespace plugins
