// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/advice.hpp"

#include <algorithm>
#include <array>

namespace hnsclient {

namespace {

struct Special {
    api::HResult code;
    std::string_view advice;
};

constexpr std::array specials{
    Special{
        adapter_not_found,
        "HNS finds no such network adapter: see Get-NetAdapter; the conf names it in \"master\" "
        "or \"createNetwork.adapter\""},
    Special{degraded_operation,
            "HNS cannot use the object any more; what it is part of must be made anew, and often "
            "only Restart-Service hns or a restart of the node helps"},
    Special{address_reserved,
            "another endpoint has the address, or HNS keeps it for itself: check \"wincni hns list "
            "endpoints\""},
    Special{
        address_outside_subnets,
        "the address is in none of the network's subnets: pod subnet and network disagree; make "
        "the network anew, or correct the range"},
    Special{port_already_exists,
            "the host port is taken: check \"wincni hns list endpoints\" and netstat -ano"},
    Special{sharing_violation,
            "a process or another container has the host port: check netstat -ano and \"wincni hns "
            "list endpoints\""},
    Special{network_already_exists, "HNS has the name already: check \"wincni hns list networks\""},
    Special{hresult(0x80070422U),
            "the Host Network Service is disabled: Set-Service hns -StartupType Manual, "
            "Start-Service hns"},
    Special{element_not_found,
            "HNS does not find the network, or something that it is part of: check \"wincni hns "
            "list networks\"; after a restart of the node whoever makes the network may be late"},
};

} // namespace

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
        return "something else still uses it: check \"wincni hns list endpoints\"";
    case ErrorKind::invalid:
        return "HNS does not accept what it is asked for: check policies and addresses";
    case ErrorKind::unsupported:
        return "this version of Windows does not support it: see \"wincni hns version\"";
    case ErrorKind::access_denied:
        return "run as SYSTEM or as an administrator";
    case ErrorKind::unavailable:
        return "check that the Windows feature Containers is installed and that the Host Network "
               "Service runs: Get-Service hns, Start-Service hns; if it runs and does not answer, "
               "Restart-Service hns";
    case ErrorKind::other:
        break;
    }
    return "see the Windows event log Microsoft-Windows-Host-Network-Service-Admin";
}

std::string_view advice_for(api::HResult code) noexcept {
    const auto special = std::ranges::find(specials, code, &Special::code);
    return special == specials.end() ? advice_for(kind_of(code)) : special->advice;
}

} // namespace hnsclient
