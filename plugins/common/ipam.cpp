// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/ipam.hpp"

#include <algorithm>

#include "libcni/base/text.hpp"
#include "libcni/delegate.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace plugins {

using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;
using libcni::Result;

namespace {

std::string addresses_in(const Result& result) {
    return libcni::joined(
        result.ips, ", ", [](const auto& ip) { return ip.address.address().to_string(); });
}

/// One that did not answer, or not with a result, may have taken addresses all the same.
bool may_have_taken(const Error& error) {
    return error.code() == ErrorCode::try_again_later
           || error.code() == ErrorCode::delegate_failure;
}

Result ask(const Request& request) {
    try {
        return libcni::delegate_add(request.conf.ipam_type, request, request.conf.bytes);
    } catch (Error& error) {
        if (!may_have_taken(error)) throw;
        libcni::Undo undo;
        undo.add("what IPAM may have reserved", [&] { release_addresses(request); });
        error.add_detail(undo.run());
        throw;
    }
}

void require_addresses(const Request& request, const Result& result) {
    if (result.ips.empty())
        throw Error(ErrorCode::delegate_failure,
                    "IPAM plugin \"" + request.conf.ipam_type + "\" gave no address",
                    "check the \"ipam\" section of the conf");
}

std::string shown_addresses(const Request& request, const Result& result) {
    return "the address " + addresses_in(result) + " of container " + request.container_id;
}

void give_back(const Request& request, const Result& result) {
    try {
        release_addresses(request);
    } catch (Error& error) {
        error.within("could not give back " + shown_addresses(request, result));
        throw;
    }
}

const libcni::IpConfig* find_reserved(const Driver& driver, const PlanInput& input) {
    const auto it = std::ranges::find_if(
        input.ipam.ips, [&](const libcni::IpConfig& ip) { return driver.is_reserved(input, ip); });
    return it == input.ipam.ips.end() ? nullptr : &*it;
}

[[noreturn]] void refuse_reserved(const Request& request, const std::string& address) {
    throw Error(ErrorCode::invalid_network_config,
                "IPAM gives only " + address + ", which is the host's own address on network \""
                    + request.conf.name + "\"",
                "let rangeStart begin behind it, or ask for another address");
}

} // namespace

void require_ipam(const Request& request) {
    if (!request.conf.ipam_type.empty())
        libcni::find_plugin(request.conf.ipam_type, request.plugin_path);
}

Result take_addresses(const Driver& driver,
                      const Request& request,
                      PlanInput input,
                      const std::function<bool()>& in_use,
                      libcni::Undo& undo) {
    if (request.conf.ipam_type.empty()) return {};
    input.ipam = ask(request);
    // Each range set can hand out at most one reserved address before it moves on.
    constexpr int attempts = 4;
    for (int attempt = 1; const auto* const reserved = find_reserved(driver, input); ++attempt) {
        const std::string address = reserved->address.address().to_string();
        give_back(request, input.ipam);
        if (attempt == attempts) refuse_reserved(request, address);
        libcni::log::info("IPAM gave the host's own address " + address + "; asking again");
        input.ipam = ask(request);
    }
    undo.add(shown_addresses(request, input.ipam), [&request, in_use] {
        if (in_use()) throw Error(ErrorCode::internal, "HNS still holds an endpoint with it");
        release_addresses(request);
    });
    require_addresses(request, input.ipam);
    return std::move(input.ipam);
}

void release_addresses(const Request& request) {
    pass_to_ipam(Command::del, request);
}

void pass_to_ipam(Command command, const Request& request) {
    if (!request.conf.ipam_type.empty())
        libcni::delegate(request.conf.ipam_type, command, request, request.conf.bytes);
}

} // namespace plugins
