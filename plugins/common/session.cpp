// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/session.hpp"

#include <algorithm>

#include "hnsclient/features.hpp"
#include "hnsclient/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/watchdog.hpp"

namespace plugins {

using hnsclient::Client;
using hnsclient::ErrorKind;
using hnsclient::HnsError;
using libcni::Error;
using libcni::ErrorCode;

namespace {

template <class Texts>
std::string joined(const Texts& texts) {
    std::string all;
    for (const auto& text : texts)
        all += (all.empty() ? "" : ", ") + std::string(text);
    return all;
}

std::vector<std::string> network_names(Client& hns) {
    std::vector<std::string> names;
    for (const auto& network : hns.list_networks())
        names.push_back(network.name + " (" + network.type + ")");
    return names;
}

bool is_kind(const HnsError& error, std::initializer_list<ErrorKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), error.kind()) != kinds.end();
}

[[noreturn]] void
refuse_missing_network(Client& hns, const Driver& driver, const std::string& name) {
    const std::string known = joined(network_names(hns));
    // HNS networks do not outlive a reboot: whoever makes them may only be late.
    throw Error(ErrorCode::try_again_later,
                "HNS has no network \"" + name + "\"",
                (known.empty() ? "it has no networks at all" : "it has: " + known)
                    + "; the network is made by flanneld, by a start-up script, or by hand: wincni "
                      "hns create network "
                    + name + " --type " + std::string(driver.network_types.front())
                    + " --subnet <pod subnet of this node>");
}

} // namespace

Client connect() {
    hnsclient::CallOptions options;
    options.watch = [](const std::string& operation) {
        libcni::log::debug("calling " + operation);
        return std::make_shared<libcni::Activity>(operation);
    };
    options.on_retry = [](const HnsError& error) {
        libcni::log::warning(std::string(error.what()) + "; trying again");
    };
    return Client(hnsclient::api::load(), std::move(options));
}

std::string namespace_of(const libcni::Request& request) {
    const auto guid = hnsclient::parse_guid(request.netns);
    if (!guid)
        throw Error(
            ErrorCode::invalid_environment,
            "CNI_NETNS \"" + request.netns + "\" is not the GUID of an HNS namespace",
            "containerd passes a GUID; by hand, make one with \"wincni hns create namespace\"");
    return hnsclient::to_text(*guid);
}

hnsclient::Network
require_network(Client& hns, const Driver& driver, const libcni::Request& request) {
    auto network = hns.find_network(request.conf.name);
    if (!network) refuse_missing_network(hns, driver, request.conf.name);
    const auto is_type = [&](std::string_view type) {
        return libcni::same_ignoring_case(type, network->type);
    };
    if (std::ranges::none_of(driver.network_types, is_type))
        throw Error(ErrorCode::invalid_network_config,
                    "HNS network \"" + network->name + "\" is of type " + network->type,
                    std::string(driver.name) + " works on networks of type "
                        + joined(driver.network_types)
                        + ": correct the conf's \"type\" or \"name\"");
    return std::move(*network);
}

void drop_loopback_dsr_if_unsupported(Client& hns, EndpointConf& conf) {
    using hnsclient::Feature;
    if (!conf.loopback_dsr || hnsclient::supports(hns.version(), Feature::loopback_dsr)) return;
    libcni::log::warning("loopbackDSR is left out: this HNS has no "
                         + std::string(hnsclient::name_of(Feature::loopback_dsr)) + " (versions "
                         + std::string(hnsclient::versions_of(Feature::loopback_dsr))
                         + " have them)");
    conf.loopback_dsr = false;
}

void remove_endpoint(Client& hns, const std::string& id) {
    try {
        return hns.delete_endpoint(id);
    } catch (const HnsError& error) {
        if (error.kind() == ErrorKind::not_found) return;
        if (!is_kind(error, {ErrorKind::in_use, ErrorKind::already_attached})) throw;
    }
    const auto endpoint = hns.read_endpoint(id);
    if (!endpoint) return;
    if (!endpoint->namespace_id.empty()) hns.detach(endpoint->namespace_id, id);
    hns.delete_endpoint(id);
}

} // namespace plugins
