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
    read_endpoint_conf(request);
    as_not_available([&] {
        require_ipam(request);
        translating([&] {
            hnsclient::Client hns = connect();
            require_network(hns, driver, request);
        });
        pass_to_ipam(libcni::Command::status, request);
    });
}

} // namespace plugins
