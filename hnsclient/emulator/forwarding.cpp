// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/forwarding.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/hcn_call.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/networks.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

bool is_managements(const ObjectStore& store, const std::string& address) {
    return std::ranges::any_of(find_networks(store, json::object()), [&](const std::string& id) {
        return text_at(require_network(store, id), "ManagementIP") == address;
    });
}

bool is_host_endpoints(ObjectStore& store, const std::string& address) {
    return std::ranges::any_of(find_endpoints(store, json::object()), [&](const std::string& id) {
        const json endpoint = require_endpoint(store, id);
        if (!endpoint.contains("HostCompartment")) return false;
        const json addresses = list_at(endpoint, "IpConfigurations");
        return std::ranges::any_of(
            addresses, [&](const json& own) { return text_at(own, "IpAddress") == address; });
    });
}

} // namespace

api::HResult enable_forwarding(api::WideIn address, api::WideOut error) {
    Call call = hcn::call("SetIpInterfaceEntry", nullptr);
    const std::string wanted = hcn::narrow(address);
    call.details["address"] = wanted;
    return serve(std::move(call), {.error = error}, [&](Session& session) -> Answer {
        if (!is_managements(session.store, wanted) && !is_host_endpoints(session.store, wanted))
            throw Failure(Code::element_not_found);
        return {};
    });
}

} // namespace hnsclient::emulator
