// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/hns_to_cni.hpp"

#include <string>

#include "hnsclient/advice.hpp"

namespace plugins {

using hnsclient::ErrorKind;
using libcni::ErrorCode;

libcni::Error to_cni_error(const hnsclient::HnsError& error) {
    const bool worth_a_retry = error.kind() == ErrorKind::unavailable;
    return {worth_a_retry ? ErrorCode::try_again_later : ErrorCode::hns_failure,
            error.what(),
            std::string(hnsclient::advice_for(error.code()))};
}

} // namespace plugins
