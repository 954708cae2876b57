// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/client_v1.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include <nlohmann/json.hpp>

#include "hnsclient/answers.hpp"
#include "hnsclient/calls_v1.hpp"
#include "hnsclient/codec.hpp"
#include "hnsclient/guid.hpp"
#include "hnsclient/listed.hpp"
#include "hnsclient/removal.hpp"
#include "libcni/base/unicode.hpp"

namespace hnsclient {

using libcni::JsonReader;
using nlohmann::json;

namespace {

constexpr auto endpoints_path = "/endpoints/";

/// Makes a network or an endpoint. `find` looks for one that an earlier attempt made, of which the
/// answer was lost.
template <class Object, class Find>
Object create(Caller& caller,
              const std::string& path,
              const Object& wanted,
              Object (*decode)(const JsonReader&),
              Find find) {
    std::optional<Object> made;
    const auto is_done = [&] { return (made = find()).has_value(); };
    const json output = caller.hns_call("POST", path, text_of(v1::encode(wanted)), is_done);
    if (made) return std::move(*made);
    return decoded(hns_operation("POST", path), output, decode);
}

bool is_on(const JsonReader& endpoint, std::string_view network_id) {
    return same_guid(text_if_any(endpoint, "VirtualNetwork"), network_id);
}

std::string path_of(const std::string& endpoint_id) {
    return endpoints_path + endpoint_id;
}

} // namespace

struct ClientV1::State {
    State(const api::Functions& table, CallOptions options)
        : caller(table, std::move(options))
        , functions(caller.functions())
        , system(caller.closer("HcsCloseComputeSystem", functions.close_compute_system)) {}

    Caller caller;
    const api::Functions& functions;
    ComputeSystemHandle system;
    std::string system_id;
    std::optional<Version> version;

    std::vector<Endpoint>
    endpoints_if(const std::function<bool(const JsonReader&)>& is_wanted,
                 Endpoint (*decode)(const JsonReader&) = v1::decode_endpoint) {
        return v1::list(caller, endpoints_path, decode, is_wanted);
    }

    /// The endpoint that an earlier attempt made, of which the answer was lost.
    std::optional<Endpoint> find_made(const Endpoint& wanted) {
        auto found = endpoints_if([&](const JsonReader& other) {
            return v1::has_name(other, wanted.name) && is_on(other, wanted.network_id);
        });
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
    }

    void open(const std::string& id) {
        if (system_id == id) return;
        system_id.clear();
        const auto wide_id = libcni::to_utf16(id);
        caller.call_compute(
            "HcsOpenComputeSystem", functions.open_compute_system, wide_id.c_str(), system.out());
        system_id = id;
    }

    void modify(const Sandbox& sandbox, const char* request_type, const std::string& endpoint_id) {
        open(sandbox.id_of(Sandbox::Kind::container));
        const auto request = libcni::to_utf16(text_of({{"ResourceType", "Network"},
                                                       {"RequestType", request_type},
                                                       {"Settings", endpoint_id}}));
        caller.call_compute("HcsModifyComputeSystem",
                            functions.modify_compute_system,
                            system.get(),
                            request.c_str());
    }
};

ClientV1::ClientV1(const api::Functions& functions, CallOptions options)
    : state_(std::make_unique<State>(functions, std::move(options))) {}

ClientV1::~ClientV1() = default;

std::optional<Network> ClientV1::find_network(std::string_view name) {
    return v1::find_network(state_->caller, name);
}

std::optional<Network> ClientV1::find_network_with_address(std::string_view name) {
    return find_network(name);
}

std::vector<Network> ClientV1::list_networks() {
    return v1::list(state_->caller,
                    v1::networks_path,
                    &decode_listed<Network, v1::decode_network>,
                    [](const JsonReader& network) { return !text_if_any(network, "ID").empty(); });
}

Network ClientV1::create_network(const Network& network) {
    return create(state_->caller, v1::networks_path, network, &v1::decode_network, [&] {
        return find_network(network.name);
    });
}

void ClientV1::delete_network(const std::string& id) {
    state_->caller.hns_call("DELETE", v1::networks_path + id);
}

std::vector<std::string> ClientV1::endpoint_ids(std::string_view name) {
    std::vector<std::string> ids;
    std::ranges::transform(find_endpoints(name), std::back_inserter(ids), &Endpoint::id);
    return ids;
}

std::vector<Endpoint> ClientV1::find_endpoints(std::string_view name) {
    return state_->endpoints_if(
        [&](const JsonReader& endpoint) { return v1::has_name(endpoint, name); });
}

std::vector<Endpoint> ClientV1::find_endpoints_of(const std::vector<std::string>& names) {
    return state_->endpoints_if([&](const JsonReader& endpoint) {
        return std::ranges::any_of(
            names, [&](const std::string& name) { return v1::has_name(endpoint, name); });
    });
}

std::optional<Endpoint> ClientV1::read_endpoint(const std::string& id) {
    const auto read = [&] {
        return decoded(hns_operation("GET", path_of(id)),
                       state_->caller.hns_call("GET", path_of(id)),
                       v1::decode_endpoint);
    };
    return if_there(endpoint_not_found, read, [&] { return has_endpoint(id); });
}

bool ClientV1::has_endpoint(const std::string& id) {
    const auto found = state_->endpoints_if(
        [&](const JsonReader& endpoint) { return same_guid(text_if_any(endpoint, "ID"), id); },
        &decode_listed<Endpoint, v1::decode_endpoint>);
    return !found.empty();
}

std::vector<Endpoint> ClientV1::list_endpoints_of(const std::string& network_id) {
    return state_->endpoints_if(
        [&](const JsonReader& endpoint) { return is_on(endpoint, network_id); },
        &decode_listed<Endpoint, v1::decode_endpoint>);
}

Endpoint ClientV1::create_endpoint(const Endpoint& endpoint) {
    return create_unseen(endpoint);
}

Endpoint ClientV1::create_unseen(const Endpoint& endpoint) {
    return create(state_->caller, endpoints_path, endpoint, &v1::decode_endpoint, [&] {
        return state_->find_made(endpoint);
    });
}

Endpoint ClientV1::look_at(const Endpoint& made) {
    return made;
}

void ClientV1::delete_endpoint(const std::string& id) {
    state_->caller.hns_call("DELETE", path_of(id));
}

void ClientV1::remove_made(const Endpoint& wanted) {
    for (const auto& id : endpoint_ids(wanted.name))
        remove_endpoint(*this, id);
}

Endpoint ClientV1::add_policies(const std::string& endpoint_id,
                                const std::vector<Policy>& policies) {
    const std::string path = path_of(endpoint_id);
    // A POST replaces what was there, so all of it goes back.
    json endpoint = state_->caller.hns_call("GET", path);
    // Only what reads as an endpoint can take policies.
    (void)decoded(hns_operation("GET", path), endpoint, v1::decode_endpoint);
    for (const auto& policy : policies)
        endpoint["Policies"].push_back(v1::encode(policy));
    return decoded(hns_operation("POST", path),
                   state_->caller.hns_call("POST", path, text_of(endpoint)),
                   v1::decode_endpoint);
}

void ClientV1::open_sandbox(const Sandbox& container) {
    state_->open(container.id_of(Sandbox::Kind::container));
}

void ClientV1::attach(const Sandbox& container, const std::string& endpoint_id) {
    attach_once(
        *this, container, endpoint_id, [&] { state_->modify(container, "Add", endpoint_id); });
}

void ClientV1::detach(const Sandbox& container, const std::string& endpoint_id) {
    state_->modify(container, "Remove", endpoint_id);
}

void ClientV1::detach_all(const Endpoint& endpoint) {
    for (const auto& container : endpoint.container_ids)
        unless_gone([&] { unshare(container, endpoint.id); });
}

void ClientV1::unshare(const std::string& container_id, const std::string& endpoint_id) {
    state_->caller.hns_call("POST",
                            path_of(endpoint_id) + "/detach",
                            text_of({{"ContainerId", container_id}, {"SystemType", "Container"}}));
}

void ClientV1::attach_to_host(const std::string& endpoint_id) {
    v1::attach_to_host(state_->caller, endpoint_id);
}

void ClientV1::enable_forwarding(const libcni::Address& address) {
    forward(state_->caller, address);
}

Version ClientV1::version() {
    if (!state_->version) state_->version = v1::service_version(state_->caller);
    return *state_->version;
}

} // namespace hnsclient
