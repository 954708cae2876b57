// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/hns_to_cni.hpp"

namespace plugins {

using hnsclient::ErrorKind;
using libcni::Error;
using libcni::ErrorCode;

namespace {

const char* hint_for(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::not_found:
        return "HNS no longer has the object: something else removed it meanwhile";
    case ErrorKind::already_exists:
        return "another endpoint has what this one asks for: check \"wincni hns list endpoints\"";
    case ErrorKind::already_attached:
        return "the endpoint is in another namespace";
    case ErrorKind::in_use:
        return "another endpoint or the host has this address: check \"wincni hns list "
               "endpoints\"; with host-local "
               "the next attempt gets another address";
    case ErrorKind::invalid:
        return "HNS does not accept what the conf asks for: check its policies and addresses";
    case ErrorKind::unsupported:
        return "this version of Windows cannot do it: see \"wincni hns version\"";
    case ErrorKind::access_denied:
        return "run as SYSTEM or as an administrator";
    case ErrorKind::unavailable:
        return "check the Host Network Service: Get-Service hns, Restart-Service hns";
    case ErrorKind::other:
        break;
    }
    return "see the Windows event log Microsoft-Windows-Host-Network-Service-Admin";
}

} // namespace

Error to_cni_error(const hnsclient::HnsError& error) {
    const bool worth_a_retry = error.kind() == ErrorKind::unavailable;
    return {worth_a_retry ? ErrorCode::try_again_later : ErrorCode::hns_failure,
            error.what(),
            hint_for(error.kind())};
}

} // namespace plugins
