// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/client_v2.hpp"

#include <algorithm>

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

/// HNS's query language: the filter is a JSON object in a string.
std::u16string query(const json& filter = nullptr) {
    json object{{"SchemaVersion", {{"Major", 2}, {"Minor", 0}}}, {"Flags", 0}};
    if (!filter.is_null()) object["Filter"] = filter.dump();
    return libcni::to_utf16(object.dump());
}

api::Guid guid_of(const char* operation, const std::string& id) {
    const auto guid = parse_guid(id);
    if (!guid) throw HnsError(operation, hresult(0x803B0019U), "\"" + id + "\" is not a GUID");
    return *guid;
}

std::u16string settings_of(const json& object) {
    return libcni::to_utf16(text_of(object));
}

/// Runs `decode` on the text that HNS answered with.
template <class Decode>
auto decoded_text(const char* operation, const std::string& answer, Decode decode) {
    return decoded(operation, parsed(operation, answer), decode);
}

json endpoint_request(const char* type, const std::string& endpoint_id) {
    return {{"ResourceType", "Endpoint"},
            {"RequestType", type},
            {"Settings", {{"EndpointId", endpoint_id}}}};
}

bool holds(const std::vector<std::string>& ids, const std::string& id) {
    return std::ranges::any_of(ids, [&](const auto& other) { return same_guid(other, id); });
}

template <class Object, class Read>
std::vector<Object> read_all(const std::vector<std::string>& ids, Read read) {
    std::vector<Object> found;
    for (const auto& id : ids)
        if (auto object = read(id)) found.push_back(std::move(*object));
    return found;
}

} // namespace

struct ClientV2::State {
    State(const api::Functions& table, CallOptions options)
        : caller(table, std::move(options))
        , functions(caller.functions())
        , network(caller.closer("HcnCloseNetwork", functions.close_network))
        , hns_namespace(caller.closer("HcnCloseNamespace", functions.close_namespace))
        , made(no_endpoint()) {}

    Caller caller;
    const api::Functions& functions;
    NetworkHandle network;
    std::string network_id;
    NamespaceHandle hns_namespace;
    std::string namespace_id;
    /// The endpoint that was made last, until it was looked at for good.
    EndpointHandle made;
    std::string made_id;
    std::optional<Version> version;

    void forget_made() {
        made_id.clear();
        made.reset();
    }

    void open_network(const std::string& id) {
        if (same_guid(network_id, id)) return;
        network_id.clear();
        caller.call(
            "HcnOpenNetwork", functions.open_network, guid_of("HcnOpenNetwork", id), network.out());
        network_id = id;
    }

    void open_namespace(const std::string& id) {
        if (same_guid(namespace_id, id)) return;
        namespace_id.clear();
        caller.call("HcnOpenNamespace",
                    functions.open_namespace,
                    guid_of("HcnOpenNamespace", id),
                    hns_namespace.out());
        namespace_id = id;
    }

    EndpointHandle no_endpoint() {
        return EndpointHandle(caller.closer("HcnCloseEndpoint", functions.close_endpoint));
    }

    void open_endpoint(const std::string& id, EndpointHandle& endpoint) {
        constexpr auto operation = "HcnOpenEndpoint";
        caller.call(operation, functions.open_endpoint, guid_of(operation, id), endpoint.out());
    }

    /// The properties of an open object, from one of the HcnQuery*Properties.
    template <class Object>
    Object
    properties(const char* operation,
               api::HResult (*function)(api::Handle, api::WideIn, api::WideOut, api::WideOut),
               api::Handle handle,
               Object (*decode)(const JsonReader&)) {
        const auto answer = caller.answer(operation, function, handle, query().c_str());
        return decoded_text(operation, answer, decode);
    }

    Network query_network(Network (*decode)(const JsonReader&) = v2::decode_network) {
        return properties(
            "HcnQueryNetworkProperties", functions.query_network, network.get(), decode);
    }

    Namespace query_namespace(Namespace (*decode)(const JsonReader&) = v2::decode_namespace) {
        return properties(
            "HcnQueryNamespaceProperties", functions.query_namespace, hns_namespace.get(), decode);
    }

    Endpoint query_endpoint(const EndpointHandle& endpoint,
                            Endpoint (*decode)(const JsonReader&) = v2::decode_endpoint) {
        return properties(
            "HcnQueryEndpointProperties", functions.query_endpoint, endpoint.get(), decode);
    }

    // No value for what is not, or no longer, there.

    std::optional<Network> find(const std::string& id, Network (*decode)(const JsonReader&)) {
        const auto read = [&] {
            open_network(id);
            return query_network(decode);
        };
        return if_there(network_not_found, read, [&] { return holds(network_ids(nullptr), id); });
    }

    std::optional<Endpoint> find(const std::string& id, Endpoint (*decode)(const JsonReader&)) {
        const auto read = [&] {
            EndpointHandle endpoint = no_endpoint();
            open_endpoint(id, endpoint);
            return query_endpoint(endpoint, decode);
        };
        return if_there(endpoint_not_found, read, [&] { return holds(endpoint_ids(nullptr), id); });
    }

    std::optional<Namespace> find(const std::string& id, Namespace (*decode)(const JsonReader&)) {
        const auto read = [&] {
            open_namespace(id);
            return query_namespace(decode);
        };
        // HNS has no code of its own for a namespace that is not there.
        return if_there(element_not_found, read, [&] { return holds(namespace_ids(), id); });
    }

    /// All that are there, whoever made them.
    template <class Object, Object (*decode)(const JsonReader&)>
    std::vector<Object> find_all(const std::vector<std::string>& ids) {
        return read_all<Object>(
            ids, [&](const auto& id) { return find(id, &decode_listed<Object, decode>); });
    }

    /// The IDs of the objects that fit the filter, from one of the HcnEnumerate*.
    std::vector<std::string> ids(const char* operation,
                                 api::HResult (*function)(api::WideIn, api::WideOut, api::WideOut),
                                 const json& filter = nullptr) {
        const auto answer = caller.answer(operation, function, query(filter).c_str());
        return decoded_text(operation, answer, [](const JsonReader& list) { return list.texts(); });
    }

    std::vector<std::string> namespace_ids() {
        return ids("HcnEnumerateNamespaces", functions.enumerate_namespaces);
    }

    std::vector<std::string> network_ids(const json& filter) {
        return ids("HcnEnumerateNetworks", functions.enumerate_networks, filter);
    }

    std::vector<std::string> endpoint_ids(const json& filter) {
        return ids("HcnEnumerateEndpoints", functions.enumerate_endpoints, filter);
    }

    void modify_namespace(const Sandbox& sandbox, const json& request) {
        open_namespace(sandbox.id_of(Sandbox::Kind::hns_namespace));
        caller.call("HcnModifyNamespace",
                    functions.modify_namespace,
                    hns_namespace.get(),
                    settings_of(request).c_str());
    }
};

ClientV2::ClientV2(const api::Functions& functions, CallOptions options)
    : state_(std::make_unique<State>(functions, std::move(options))) {}

ClientV2::~ClientV2() = default;

std::optional<Network> ClientV2::find_network(std::string_view name) {
    for (const auto& id : state_->network_ids({{"Name", name}}))
        if (auto network = read_network(id); network && network->name == name) return network;
    return std::nullopt;
}

std::optional<Network> ClientV2::find_network_with_address(std::string_view name) {
    // One answer of HNS v1 has all of it, and saves the round trips of HCN.
    if (state_->functions.hns_call == nullptr) return find_network(name);
    return v1::find_network(state_->caller, name);
}

std::optional<Network> ClientV2::read_network(const std::string& id) {
    return state_->find(id, v2::decode_network);
}

std::vector<Network> ClientV2::list_networks() {
    return state_->find_all<Network, v2::decode_network>(state_->network_ids(nullptr));
}

Network ClientV2::create_network(const Network& network) {
    constexpr auto operation = "HcnCreateNetwork";
    state_->network_id.clear();
    state_->caller.call(operation,
                        state_->functions.create_network,
                        guid_of(operation, network.id),
                        settings_of(v2::encode(network)).c_str(),
                        state_->network.out());
    state_->network_id = network.id;
    return state_->query_network();
}

void ClientV2::delete_network(const std::string& id) {
    constexpr auto operation = "HcnDeleteNetwork";
    if (same_guid(state_->network_id, id)) {
        state_->network.reset();
        state_->network_id.clear();
    }
    state_->caller.call(operation, state_->functions.delete_network, guid_of(operation, id));
}

std::vector<std::string> ClientV2::endpoint_ids(std::string_view name) {
    return state_->endpoint_ids({{"Name", name}});
}

std::vector<Endpoint> ClientV2::find_endpoints(std::string_view name) {
    return read_all<Endpoint>(endpoint_ids(name),
                              [&](const auto& id) { return read_endpoint(id); });
}

std::optional<Endpoint> ClientV2::read_endpoint(const std::string& id) {
    return state_->find(id, v2::decode_endpoint);
}

bool ClientV2::has_endpoint(const std::string& id) {
    return holds(state_->endpoint_ids(nullptr), id);
}

std::vector<Endpoint> ClientV2::list_endpoints() {
    return state_->find_all<Endpoint, v2::decode_endpoint>(state_->endpoint_ids(nullptr));
}

std::vector<Endpoint> ClientV2::list_endpoints_of(const std::string& network_id) {
    // HCN still filters by the word of HNS v1.
    return state_->find_all<Endpoint, v2::decode_endpoint>(
        state_->endpoint_ids({{"VirtualNetwork", network_id}}));
}

Endpoint ClientV2::create_endpoint(const Endpoint& endpoint) {
    Endpoint seen = look_at(create_unseen(endpoint));
    state_->forget_made();
    return seen;
}

Endpoint ClientV2::create_unseen(const Endpoint& endpoint) {
    constexpr auto operation = "HcnCreateEndpoint";
    state_->forget_made();
    state_->open_network(endpoint.network_id);
    try {
        state_->caller.call(operation,
                            state_->functions.create_endpoint,
                            state_->network.get(),
                            guid_of(operation, endpoint.id),
                            settings_of(v2::encode(endpoint)).c_str(),
                            state_->made.out());
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::already_exists && error.kind() != ErrorKind::in_use) throw;
        // The ID is random, so this is ours, from an attempt whose answer was lost: HNS may say of
        // the next one that the address is taken.
        auto ours = read_endpoint(endpoint.id);
        if (!ours) throw;
        return *ours;
    }
    state_->made_id = endpoint.id;
    return endpoint;
}

Endpoint ClientV2::look_at(const Endpoint& made) {
    if (!same_guid(state_->made_id, made.id)) {
        state_->forget_made();
        state_->open_endpoint(made.id, state_->made);
        state_->made_id = made.id;
    }
    return state_->query_endpoint(state_->made);
}

void ClientV2::delete_endpoint(const std::string& id) {
    constexpr auto operation = "HcnDeleteEndpoint";
    state_->caller.call(operation, state_->functions.delete_endpoint, guid_of(operation, id));
}

void ClientV2::remove_made(const Endpoint& wanted) {
    remove_endpoint(*this, wanted.id);
}

Endpoint ClientV2::add_policies(const std::string& endpoint_id,
                                const std::vector<Policy>& policies) {
    const bool is_open = same_guid(state_->made_id, endpoint_id);
    EndpointHandle opened = state_->no_endpoint();
    if (!is_open) state_->open_endpoint(endpoint_id, opened);
    const EndpointHandle& endpoint = is_open ? state_->made : opened;
    json request{{"ResourceType", "Policy"}, {"RequestType", "Add"}};
    for (const auto& policy : policies)
        request["Settings"]["Policies"].push_back(v2::encode(policy));
    state_->caller.call("HcnModifyEndpoint",
                        state_->functions.modify_endpoint,
                        endpoint.get(),
                        settings_of(request).c_str());
    return state_->query_endpoint(endpoint);
}

void ClientV2::open_sandbox(const Sandbox& hns_namespace) {
    state_->open_namespace(hns_namespace.id_of(Sandbox::Kind::hns_namespace));
}

std::optional<Namespace> ClientV2::read_namespace(const std::string& id) {
    return state_->find(id, v2::decode_namespace);
}

std::vector<Namespace> ClientV2::list_namespaces() {
    return state_->find_all<Namespace, v2::decode_namespace>(state_->namespace_ids());
}

Namespace ClientV2::create_namespace(const Namespace& hns_namespace) {
    constexpr auto operation = "HcnCreateNamespace";
    state_->namespace_id.clear();
    state_->caller.call(operation,
                        state_->functions.create_namespace,
                        guid_of(operation, hns_namespace.id),
                        settings_of(v2::encode(hns_namespace)).c_str(),
                        state_->hns_namespace.out());
    state_->namespace_id = hns_namespace.id;
    return state_->query_namespace();
}

void ClientV2::delete_namespace(const std::string& id) {
    constexpr auto operation = "HcnDeleteNamespace";
    if (same_guid(state_->namespace_id, id)) {
        state_->hns_namespace.reset();
        state_->namespace_id.clear();
    }
    state_->caller.call(operation, state_->functions.delete_namespace, guid_of(operation, id));
}

void ClientV2::attach(const Sandbox& hns_namespace, const std::string& endpoint_id) {
    attach_once(*this, hns_namespace, endpoint_id, [&] {
        state_->modify_namespace(hns_namespace, endpoint_request("Add", endpoint_id));
    });
}

void ClientV2::detach(const Sandbox& hns_namespace, const std::string& endpoint_id) {
    state_->modify_namespace(hns_namespace, endpoint_request("Remove", endpoint_id));
}

void ClientV2::detach_all(const Endpoint& endpoint) {
    if (endpoint.namespace_id.empty()) return;
    unless_gone([&] { detach(Sandbox::of_namespace(endpoint.namespace_id), endpoint.id); });
}

void ClientV2::unshare(const std::string&, const std::string&) {
    throw HnsError("Detaching a container", hresult(0x80070032U), "HCN supports namespaces only");
}

void ClientV2::attach_to_host(const std::string& endpoint_id) {
    v1::attach_to_host(state_->caller, endpoint_id);
}

void ClientV2::enable_forwarding(const libcni::Address& address) {
    forward(state_->caller, address);
}

Version ClientV2::version() {
    if (!state_->version) state_->version = v1::service_version(state_->caller);
    return *state_->version;
}

} // namespace hnsclient
