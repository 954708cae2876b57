// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/advice.hpp"

namespace hnsclient {

std::string_view advice_for(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::not_found:
        return "HNS no longer has the object: something else removed it meanwhile; \"wincni hns "
               "list networks\" shows what is there";
    case ErrorKind::already_exists:
        return "something else already has what this asks for: check \"wincni hns list endpoints\"";
    case ErrorKind::already_attached:
        return "the endpoint is in another namespace: check \"wincni hns list endpoints\"";
    case ErrorKind::in_use:
        return "something else still uses it or has this address: check \"wincni hns list "
               "endpoints\"; with host-local the next attempt gets another address";
    case ErrorKind::invalid:
        return "HNS does not accept what it is asked for: check policies and addresses";
    case ErrorKind::unsupported:
        return "this version of Windows does not support it: see \"wincni hns version\"";
    case ErrorKind::access_denied:
        return "run as SYSTEM or as an administrator";
    case ErrorKind::unavailable:
        return "check that the Windows feature Containers is installed and that the Host Network "
               "Service runs: Get-Service hns, Restart-Service hns";
    case ErrorKind::other:
        break;
    }
    return "see the Windows event log Microsoft-Windows-Host-Network-Service-Admin";
}

} // namespace hnsclient
