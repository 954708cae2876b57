// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/hns_call.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/hcn_call.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/later.hpp"
#include "hnsclient/emulator/namespaces.hpp"
#include "hnsclient/emulator/networks.hpp"
#include "hnsclient/emulator/policies.hpp"
#include "hnsclient/emulator/spelling_v1.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

/// A call once its path is taken apart: "/endpoints/<id>/attach".
struct Request {
    Session& session;
    std::string id;
    json body;
};

using Handler = json (*)(const Request&);

json network_answer(const Request& request, const std::string& id) {
    const json network = require_network(request.session.store, id);
    const auto count = find_endpoints(request.session.store, {{"VirtualNetwork", id}}).size();
    json answer = v1::write_network(network, count, request.session.config.version);
    was_told(request.session.store, Kind::network, network);
    return answer;
}

json list_networks(const Request& request) {
    json list = json::array();
    for (const auto& id : find_networks(request.session.store, json::object()))
        list.push_back(network_answer(request, id));
    return list;
}

json get_network(const Request& request) {
    return network_answer(request, request.id);
}

json post_network(const Request& request) {
    const json made = create_network(request.session.store,
                                     request.session.config,
                                     id_at(request.body, "ID"),
                                     v1::read_network(request.body));
    return network_answer(request, text_at(made, "ID"));
}

json remove_network(const Request& request) {
    delete_network(request.session.store, request.id);
    return nullptr;
}

json network_of(const Request& request, const json& endpoint) {
    return request.session.store.find(Kind::network, text_at(endpoint, "NetworkID"))
        .value_or(json::object());
}

json endpoint_answer(const Request& request, const std::string& id) {
    const json endpoint = require_endpoint(request.session.store, id);
    json answer =
        v1::write_endpoint(endpoint, network_of(request, endpoint), request.session.config.version);
    was_told(request.session.store, Kind::endpoint, endpoint);
    return answer;
}

/// Reads each network once, not once an endpoint.
json list_endpoints(const Request& request) {
    std::map<std::string, json> networks;
    json list = json::array();
    for (const auto& id : find_endpoints(request.session.store, json::object())) {
        const json endpoint = require_endpoint(request.session.store, id);
        const std::string network = text_at(endpoint, "NetworkID");
        if (!networks.contains(network)) networks[network] = network_of(request, endpoint);
        list.push_back(
            v1::write_endpoint(endpoint, networks[network], request.session.config.version));
        was_told(request.session.store, Kind::endpoint, endpoint);
    }
    return list;
}

json get_endpoint(const Request& request) {
    return endpoint_answer(request, request.id);
}

json post_endpoint(const Request& request) {
    // HNS v1 does not say what it is that it does not find.
    if (!request.session.store.find(Kind::network, id_at(request.body, "VirtualNetwork")))
        throw Failure(Code::element_not_found);
    const json made = create_endpoint(
        request.session.store,
        request.session.config,
        {.id = id_at(request.body, "ID"), .network_id = id_at(request.body, "VirtualNetwork")},
        v1::read_endpoint(request.body));
    return endpoint_answer(request, text_at(made, "ID"));
}

/// What a POST to an endpoint that exists may change: its policies.
json update_endpoint(const Request& request) {
    json endpoint = require_endpoint(request.session.store, request.id);
    endpoint["Policies"] = from_v1(list_at(request.body, "Policies"));
    check_endpoint_policies(endpoint["Policies"], request.session.config.version);
    request.session.store.put(Kind::endpoint, endpoint);
    return endpoint_answer(request, request.id);
}

json remove_endpoint(const Request& request) {
    delete_endpoint(request.session.store, request.id);
    return nullptr;
}

std::string container_of(const Request& request) {
    for (const auto& [key, value] : request.body.items())
        if (libcni::same_ignoring_case(key, "ContainerId") && value.is_string())
            return value.get<std::string>();
    throw Failure(Code::invalid_json, "The request has no ContainerId. ");
}

json post_attach(const Request& request) {
    if (libcni::same_ignoring_case(text_at(request.body, "SystemType"), "Host")) {
        attach_to_host(request.session.store, request.id);
        return nullptr;
    }
    attach_container(
        request.session.store, request.session.config, request.id, container_of(request));
    return nullptr;
}

json post_detach(const Request& request) {
    detach_container(request.session.store, request.id, container_of(request));
    return nullptr;
}

json endpoint_stats(const Request& request) {
    require_endpoint(request.session.store, request.id);
    return {{"EndpointId", request.id},
            {"BytesReceived", 0},
            {"BytesSent", 0},
            {"PacketsReceived", 0},
            {"PacketsSent", 0},
            {"DroppedPacketsIncoming", 0},
            {"DroppedPacketsOutgoing", 0}};
}

json namespace_answer(const Request& request, const std::string& id) {
    return v1::write_namespace(require_namespace(request.session.store, id),
                               request.session.config.version);
}

json list_namespaces(const Request& request) {
    json list = json::array();
    for (const auto& id : find_namespaces(request.session.store, json::object()))
        list.push_back(namespace_answer(request, id));
    return list;
}

json get_namespace(const Request& request) {
    return namespace_answer(request, request.id);
}

json post_namespace(const Request& request) {
    const bool is_default = request.body.value("IsDefault", json()) == true;
    const json made = create_namespace(
        request.session.store, id_at(request.body, "ID"), is_default ? "HostDefault" : "Host");
    return namespace_answer(request, text_at(made, "ID"));
}

json remove_namespace(const Request& request) {
    delete_namespace(request.session.store, request.id);
    return nullptr;
}

/// {"Type": "Endpoint", "Data": {"Id": "/endpoints/<id>"}}
std::string resource_of(const Request& request) {
    if (text_at(request.body, "Type") != "Endpoint") throw Failure(Code::request_unsupported);
    const std::string path = text_at(object_at(request.body, "Data"), "Id");
    const auto guid = parse_guid(std::string_view(path).substr(path.rfind('/') + 1));
    if (!guid) throw Failure(Code::invalid_json, "Data has no Id of an endpoint. ");
    return to_text(*guid);
}

json add_resource(const Request& request) {
    attach_endpoint(
        request.session.store, request.session.config, request.id, resource_of(request));
    return nullptr;
}

json remove_resource(const Request& request) {
    detach_endpoint(request.session.store, request.id, resource_of(request));
    return nullptr;
}

json no_policy_lists(const Request&) {
    return json::array();
}

json version(const Request& request) {
    const auto& version = request.session.config.version;
    return {{"Major", version.major}, {"Minor", version.minor}};
}

/// A path with its ID as "*".
struct Route {
    std::string_view method;
    std::string_view path;
    Handler handler;
};

constexpr std::array routes{
    Route{"GET", "/networks", list_networks},
    Route{"POST", "/networks", post_network},
    Route{"GET", "/networks/*", get_network},
    Route{"DELETE", "/networks/*", remove_network},
    Route{"GET", "/endpoints", list_endpoints},
    Route{"POST", "/endpoints", post_endpoint},
    Route{"GET", "/endpoints/*", get_endpoint},
    Route{"POST", "/endpoints/*", update_endpoint},
    Route{"DELETE", "/endpoints/*", remove_endpoint},
    Route{"POST", "/endpoints/*/attach", post_attach},
    Route{"POST", "/endpoints/*/detach", post_detach},
    Route{"GET", "/endpointstats/*", endpoint_stats},
    Route{"GET", "/namespaces", list_namespaces},
    Route{"POST", "/namespaces", post_namespace},
    Route{"GET", "/namespaces/*", get_namespace},
    Route{"DELETE", "/namespaces/*", remove_namespace},
    Route{"POST", "/namespaces/*/addresource", add_resource},
    Route{"POST", "/namespaces/*/removeresource", remove_resource},
    Route{"GET", "/policylists", no_policy_lists},
    Route{"GET", "/globals/version", version},
};

/// Where a path leads: its pattern, and the ID in it.
struct Target {
    std::string pattern;
    std::string id;
};

Target target_of(std::string_view path) {
    Target target;
    for (const auto part : libcni::split(path, '/')) {
        if (part.empty()) continue;
        const auto guid = parse_guid(part);
        if (guid) target.id = to_text(*guid);
        target.pattern += "/" + (guid ? "*" : std::string(part));
    }
    return target;
}

json answer(Session& session, const CallName& name, const std::string& body) {
    const Target target = target_of(name.path);
    for (const Route& route : routes) {
        if (route.method != name.method || !libcni::same_ignoring_case(route.path, target.pattern))
            continue;
        return route.handler({.session = session,
                              .id = target.id,
                              .body = name.method == "POST" ? parse_object(body) : json::object()});
    }
    throw Failure(Code::element_not_found, "HNS emulator: no " + name.method + " " + name.path);
}

} // namespace

api::HResult
hns_call(api::WideIn method, api::WideIn path, api::WideIn request, api::WideOut response) {
    Call call = hcn::call("HNSCall", request);
    call.name.method = hcn::narrow(method);
    call.name.path = hcn::narrow(path);
    // HNS v1 sends an empty text where there is nothing to say, and the traces show it.
    if (call.details.empty()) call.details["request"] = "";
    return serve_v1(call, response, [&](Session& session) -> Answer {
        hcn::require_out(response);
        json output = answer(session, call.name, hcn::narrow(request));
        if (output.is_null()) return {};
        return {std::move(output), {}};
    });
}

} // namespace hnsclient::emulator
