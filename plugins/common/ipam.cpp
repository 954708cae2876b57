// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/ipam.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "ipam/host-local/lease_holder.hpp"
#include "libcni/base/text.hpp"
#include "libcni/delegate.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"

namespace plugins {

using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;
using libcni::Result;

namespace {

/// Plugins of ours, which are no IPAM.
bool gives_no_addresses(std::string_view type) {
    constexpr std::array names{
        "win-bridge", "win-overlay", "nat", "sdnbridge", "sdnoverlay", "flannel", "wincni"};
    return std::ranges::any_of(names,
                               [&](const char* name) { return libcni::means_plugin(type, name); });
}

Result ask(const Request& request) {
    return libcni::transaction([&](libcni::Undo& undo) {
        try {
            return libcni::keeping_what_may_come(undo, [&] {
                return libcni::delegate_add(
                    libcni::ipam_type_of(request.conf), request, request.conf.bytes);
            });
        } catch (const Error& error) {
            // One that did not answer with a result may have taken addresses all the same.
            if (error.code() == ErrorCode::delegate_failure)
                undo.add("what IPAM may have reserved", [&] { release_addresses(request); });
            throw;
        }
    });
}

void require_addresses(const Request& request, const Result& result) {
    if (result.ips.empty())
        throw Error(ErrorCode::delegate_failure,
                    "IPAM plugin \"" + libcni::ipam_type_of(request.conf) + "\" gave no address",
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

const libcni::IpConfig*
find_reserved(const EndpointKind& kind, const hnsclient::Network& network, const Result& given) {
    const auto it = std::ranges::find_if(
        given.ips, [&](const libcni::IpConfig& ip) { return kind.is_reserved(network, ip); });
    return it == given.ips.end() ? nullptr : &*it;
}

[[noreturn]] void refuse_reserved(const Request& request, const std::string& address) {
    throw Error(ErrorCode::invalid_network_config,
                "IPAM gives only " + address
                    + ", which is a gateway or the host's own address on network \""
                    + request.conf.name + "\"",
                "set rangeStart to a later address, or ask for another address");
}

/// What IPAM gives that is neither a gateway's nor the host's.
Result
ask_for_free(const EndpointKind& kind, const Request& request, const hnsclient::Network& network) {
    // The range sets of both families can hand out the network's gateway and the host's address
    // before they move on.
    constexpr int attempts = 6;
    for (int attempt = 1;; ++attempt) {
        Result given = ask(request);
        const auto* const reserved = find_reserved(kind, network, given);
        if (reserved == nullptr) return given;
        const std::string address = reserved->address.address().to_string();
        give_back(request, given);
        if (attempt == attempts) refuse_reserved(request, address);
        libcni::log::info("IPAM gave " + address
                          + ", which is a gateway or the host's own; asking again");
    }
}

std::string conf_that_asks_for(const libcni::NetworkConfig& conf,
                               const std::vector<std::string>& addresses) {
    nlohmann::json asking = *conf.json;
    asking.merge_patch({{"args", {{"cni", {{"ips", addresses}}}}}});
    return asking.dump();
}

} // namespace

void require_ipam(const Request& request) {
    const auto type = libcni::ipam_type_of(request.conf);
    if (type.empty()) return;
    if (gives_no_addresses(type))
        throw Error(ErrorCode::invalid_network_config,
                    "conf.ipam.type is \"" + type + "\", a plugin that gives no addresses",
                    "name an IPAM plugin, as host-local: this one would ask another one, or itself "
                    "in a circle");
    libcni::find_delegate(type, request.plugin_path);
}

bool lacks_ipam(const Request& request) {
    try {
        require_ipam(request);
        return false;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::invalid_network_config) throw;
        libcni::log::warning(one_line(error));
        return true;
    }
}

std::string addresses_in(const Result& result) {
    return libcni::joined(
        result.ips, ", ", [](const auto& ip) { return ip.address.address().to_string(); });
}

Result AddressSource::take() {
    if (libcni::ipam_type_of(request_.conf).empty()) return {};
    lease_ = std::make_shared<Lease>(Lease{.given = ask_for_free(kind_, request_, network_)});
    push_release();
    require_addresses(request_, lease_->given);
    return lease_->given;
}

Result AddressSource::take_another() {
    give_back(request_, lease_->given);
    lease_->is_held = false;
    return take();
}

void AddressSource::push_release() {
    const auto release = [this_lease = lease_, &hns = hns_, &request = request_, &owner = owner_] {
        if (!this_lease->is_held) return;
        if (!owner.ids(hns).empty())
            throw Error(ErrorCode::internal, "HNS still holds an endpoint with it");
        release_addresses(request);
    };
    undo_.add(shown_addresses(request_, lease_->given), release);
}

void renew_leases(const Request& request, const hnsclient::Endpoint& endpoint) {
    if (!host_local::keeps_leases(request.conf)) return;
    std::vector<std::string> addresses;
    bool is_lost = false;
    for (const auto& own : endpoint.addresses) {
        addresses.push_back(own.address.to_string());
        // Old plugins wrote no interface, by which those of a container are told apart.
        const auto holder = host_local::find_holder(request.conf, own.address);
        is_lost = is_lost || !holder || holder->interface_name.empty();
    }
    if (!is_lost) return;
    libcni::log::warning("the lease of " + libcni::joined(addresses, ", ") + ", which endpoint "
                         + endpoint.name + " has, is lost or names no interface; leasing it again");
    try {
        libcni::delegate_add(libcni::ipam_type_of(request.conf),
                             request,
                             conf_that_asks_for(request.conf, addresses));
    } catch (const Error& error) {
        libcni::log::warning("it could not be leased: " + one_line(error));
    }
}

void release_addresses(const Request& request) {
    pass_to_ipam(Command::del, request);
}

void pass_to_ipam(Command command, const Request& request) {
    if (const auto type = libcni::ipam_type_of(request.conf); !type.empty())
        libcni::delegate(type, command, request, request.conf.bytes);
}

} // namespace plugins
