// SPDX-License-Identifier: Apache-2.0
#include "libcni/status.hpp"

#include "libcni/error.hpp"

namespace libcni {

void as_not_available(const std::function<void()>& body) {
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
