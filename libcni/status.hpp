// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/error.hpp"

namespace libcni {

/// Runs what an ADD would need: whatever would make that fail leaves as code 50, "not available",
/// for STATUS; codes 50 and 51 as they are (CNI spec 1.1.0, section "STATUS").
template <class Body>
void as_not_available(Body body) {
    try {
        body();
    } catch (const Error& error) {
        if (error.code() == ErrorCode::plugin_not_available
            || error.code() == ErrorCode::limited_connectivity)
            throw;
        throw Error(ErrorCode::plugin_not_available, error.msg(), error.details());
    }
}

} // namespace libcni
