// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/hcn.hpp"
#include "hnsclient/emulator/hcn_call.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/later.hpp"
#include "hnsclient/emulator/spelling_v2.hpp"
#include "hnsclient/guid.hpp"

namespace hnsclient::emulator::hcn {

using api::Guid;
using api::Handle;
using api::HResult;
using api::WideIn;
using api::WideOut;

namespace {

HResult enumerate_endpoints(WideIn query, WideOut endpoints, WideOut error) {
    return serve(
        call("HcnEnumerateEndpoints", query),
        {.response = endpoints, .error = error},
        [&](Session& session) -> Answer {
            require_out(endpoints);
            return {v2::spelled_ids(find_endpoints(session.store, filter_of(narrow(query)))), {}};
        });
}

Answer create(Session& session, const EndpointPlace& place, const std::string& settings) {
    const auto request = parse_object(settings);
    const std::string network = id_at(request, "HostComputeNetwork");
    if (!network.empty() && network != place.network_id)
        throw Failure(Code::invalid_endpoint,
                      "HostComputeNetwork is not the network that the handle stands for. ");
    const auto made =
        emulator::create_endpoint(session.store, session.config, place, v2::read_endpoint(request));
    return opened(Kind::endpoint, text_at(made, "ID"));
}

HResult
create_endpoint(Handle network, const Guid& id, WideIn settings, Handle* endpoint, WideOut error) {
    Call this_call = call("HcnCreateEndpoint", Kind::network, network, settings);
    if (this_call.details.contains("id")) this_call.details["network"] = this_call.details["id"];
    this_call.details["id"] = to_text(id);
    return serve(std::move(this_call), {.handle = endpoint, .error = error}, [&](Session& session) {
        require_out(endpoint);
        return create(session,
                      {.id = wanted_id(id), .network_id = require_handle(Kind::network, network)},
                      narrow(settings));
    });
}

HResult open_endpoint(const Guid& id, Handle* endpoint, WideOut error) {
    return serve(call("HcnOpenEndpoint", id, nullptr),
                 {.handle = endpoint, .error = error},
                 [&](Session& session) {
                     require_out(endpoint);
                     require_endpoint(session.store, to_text(id));
                     return opened(Kind::endpoint, to_text(id));
                 });
}

HResult modify_endpoint(Handle endpoint, WideIn settings, WideOut error) {
    return serve(call("HcnModifyEndpoint", Kind::endpoint, endpoint, settings),
                 {.error = error},
                 [&](Session& session) -> Answer {
                     const std::string id = require_handle(Kind::endpoint, endpoint);
                     emulator::modify_endpoint(
                         session.store, session.config, id, parse_object(narrow(settings)));
                     return {};
                 });
}

nlohmann::json told(Session& session, const nlohmann::json& endpoint) {
    const auto network = session.store.find(Kind::network, text_at(endpoint, "NetworkID"));
    auto answer = v2::write_endpoint(
        endpoint, network.value_or(nlohmann::json::object()), session.config.version);
    was_told(session.store, Kind::endpoint, endpoint);
    return answer;
}

HResult query_endpoint(Handle endpoint, WideIn query, WideOut properties, WideOut error) {
    return serve(call("HcnQueryEndpointProperties", Kind::endpoint, endpoint, query),
                 {.response = properties, .error = error},
                 [&](Session& session) -> Answer {
                     require_out(properties);
                     const std::string id = require_handle(Kind::endpoint, endpoint);
                     filter_of(narrow(query));
                     return {told(session, require_endpoint(session.store, id)), {}};
                 });
}

HResult delete_endpoint(const Guid& id, WideOut error) {
    return serve(
        call("HcnDeleteEndpoint", id, nullptr), {.error = error}, [&](Session& session) -> Answer {
            emulator::delete_endpoint(session.store, to_text(id));
            return {};
        });
}

HResult close_endpoint(Handle endpoint) {
    return close("HcnCloseEndpoint", Kind::endpoint, endpoint);
}

} // namespace

void add_endpoint_functions(api::Functions& table) {
    table.enumerate_endpoints = enumerate_endpoints;
    table.create_endpoint = create_endpoint;
    table.open_endpoint = open_endpoint;
    table.modify_endpoint = modify_endpoint;
    table.query_endpoint = query_endpoint;
    table.delete_endpoint = delete_endpoint;
    table.close_endpoint = close_endpoint;
}

} // namespace hnsclient::emulator::hcn
