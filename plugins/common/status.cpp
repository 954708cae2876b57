// SPDX-License-Identifier: Apache-2.0
#include "libcni/error.hpp"
#include "plugins/common/hns_to_cni.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/session.hpp"

namespace plugins {

using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;

namespace {

bool is_status(const Error& error) {
    return error.code() == ErrorCode::plugin_not_available
           || error.code() == ErrorCode::limited_connectivity;
}

/// Whatever would make an ADD fail means "not available" here.
template <class Body>
void as_not_available(Body body) {
    try {
        body();
    } catch (const Error& error) {
        if (is_status(error)) throw;
        throw Error(ErrorCode::plugin_not_available, error.msg(), error.details());
    }
}

} // namespace

void status(const Driver& driver, const Request& request) {
    const EndpointConf conf = driver.read_conf(request);
    const auto version = api_version_for(request, conf.api_version);
    check_new_network(driver, version, conf.new_network);
    as_not_available([&] {
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
