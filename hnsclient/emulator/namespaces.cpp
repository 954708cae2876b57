// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/namespaces.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/later.hpp"
#include "hnsclient/emulator/networks.hpp"
#include "libcni/base/text.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

constexpr unsigned highest_number = 0xFFFFFFFFU;

std::string checked_type(const std::string& wanted) {
    if (wanted.empty()) return "Host";
    constexpr std::array<std::string_view, 4> types{"Host", "HostDefault", "Guest", "GuestDefault"};
    for (const auto type : types)
        if (libcni::same_ignoring_case(type, wanted)) return std::string(type);
    throw Failure(Code::invalid_argument, wanted + " is not a namespace type. ");
}

unsigned free_compartment(const ObjectStore& store) {
    std::set<unsigned> taken;
    for (const auto& id : store.ids(Kind::name_space))
        if (const auto other = store.find(Kind::name_space, id))
            taken.insert(number_at(*other, "NamespaceId", highest_number));
    unsigned free = 2;
    while (taken.contains(free))
        ++free;
    return free;
}

bool contains(const json& list, const std::string& text) {
    return std::ranges::find(list, json(text)) != list.end();
}

void erase(json& list, const std::string& text) {
    const auto found = std::ranges::find(list, json(text));
    if (found != list.end()) list.erase(found);
}

/// The endpoints say where they are; the namespace's own list keeps the order.
json members(ObjectStore& store, const json& name_space) {
    const std::string id = text_at(name_space, "ID");
    const auto& endpoints = store.endpoints();
    json result = json::array();
    for (const auto& listed : list_at(name_space, "Endpoints")) {
        const auto found = endpoints.find(listed.get<std::string>());
        if (found != endpoints.end() && found->second.namespace_id == id) result.push_back(listed);
    }
    for (const auto& [endpoint_id, endpoint] : endpoints)
        if (endpoint.namespace_id == id && !contains(result, endpoint_id))
            result.push_back(endpoint_id);
    return result;
}

void require_all_startable(ObjectStore& store, const json& name_space) {
    for (const auto& member : list_at(name_space, "Endpoints")) {
        try {
            require_startable(store, require_endpoint(store, member.get<std::string>()));
        } catch (const Failure&) {
            throw Failure(Code::namespace_attach_failed);
        }
    }
}

void modify_containers(ObjectStore& store, json name_space, const json& request) {
    const std::string container = text_at(object_at(request, "Settings"), "ContainerId");
    auto& containers = name_space["Containers"];
    erase(containers, container);
    if (text_at(request, "RequestType") == "Add") {
        require_all_startable(store, name_space);
        containers.push_back(container);
    }
    store.put(Kind::name_space, name_space);
}

std::string endpoint_of(const json& request) {
    std::string id = id_at(object_at(request, "Settings"), "EndpointId");
    if (id.empty()) throw Failure(Code::invalid_json, "Settings has no EndpointId. ");
    return id;
}

} // namespace

json create_namespace(ObjectStore& store, const std::string& id, const std::string& type) {
    if (!id.empty() && store.find(Kind::name_space, id)) throw Failure(Code::object_already_exists);
    json name_space{{"ID", id.empty() ? fresh_id() : id},
                    {"Type", checked_type(type)},
                    {"NamespaceId", free_compartment(store)},
                    {"Endpoints", json::array()},
                    {"Containers", json::array()}};
    store.put(Kind::name_space, name_space);
    return name_space;
}

json require_namespace(ObjectStore& store, const std::string& id) {
    auto name_space = store.find(Kind::name_space, id);
    if (!name_space) throw Failure(Code::element_not_found);
    (*name_space)["Endpoints"] = members(store, *name_space);
    return std::move(*name_space);
}

void modify_namespace(ObjectStore& store,
                      const Config& config,
                      const std::string& id,
                      const json& request) {
    json name_space = require_namespace(store, id);
    const std::string request_type = text_at(request, "RequestType");
    const std::string resource = text_at(request, "ResourceType");
    if (request_type != "Add" && request_type != "Remove")
        throw Failure(Code::invalid_argument, "RequestType is neither Add nor Remove. ");
    if (resource == "Container") return modify_containers(store, std::move(name_space), request);
    if (resource != "Endpoint") throw Failure(Code::request_unsupported);
    if (request_type == "Add") return attach_endpoint(store, config, id, endpoint_of(request));
    detach_endpoint(store, id, endpoint_of(request));
}

void attach_endpoint(ObjectStore& store,
                     const Config& config,
                     const std::string& id,
                     const std::string& endpoint_id) {
    json name_space = require_namespace(store, id);
    json endpoint = require_endpoint(store, endpoint_id);
    if (!text_at(endpoint, "NamespaceID").empty()) throw Failure(Code::namespace_already_exists);
    if ((number_at(endpoint, "Flags", highest_number) & 1U) != 0)
        throw Failure(Code::invalid_remote_endpoint_operation);
    endpoint["NamespaceID"] = id;
    set_over_time(endpoint, "State", config.attached_states);
    store.put(Kind::endpoint, endpoint);
    name_space["Endpoints"].push_back(endpoint_id);
    store.put(Kind::name_space, name_space);
}

void detach_endpoint(ObjectStore& store, const std::string& id, const std::string& endpoint_id) {
    require_namespace(store, id);
    json endpoint = require_endpoint(store, endpoint_id);
    if (text_at(endpoint, "NamespaceID") != id) throw Failure(Code::element_not_found);
    endpoint["NamespaceID"] = "";
    forget(endpoint, "State");
    store.put(Kind::endpoint, endpoint);
    forget_endpoint(store, id, endpoint_id);
}

void delete_namespace(ObjectStore& store, const std::string& id) {
    const json name_space = require_namespace(store, id);
    if (!list_at(name_space, "Containers").empty()) throw Failure(Code::request_unsupported);
    for (const auto& member : name_space.at("Endpoints")) {
        json endpoint = require_endpoint(store, member.get<std::string>());
        endpoint["NamespaceID"] = "";
        forget(endpoint, "State");
        store.put(Kind::endpoint, endpoint);
    }
    store.erase(Kind::name_space, id);
}

void forget_endpoint(ObjectStore& store, const std::string& id, const std::string& endpoint_id) {
    auto name_space = id.empty() ? std::nullopt : store.find(Kind::name_space, id);
    if (!name_space || !contains(list_at(*name_space, "Endpoints"), endpoint_id)) return;
    erase((*name_space)["Endpoints"], endpoint_id);
    store.put(Kind::name_space, *name_space);
}

std::vector<std::string> find_namespaces(const ObjectStore& store, const json& filter) {
    const bool by_id = !text_at(filter, "ID").empty();
    const bool by_compartment = filter.contains("NamespaceId");
    const std::string wanted = id_at(filter, "ID");
    std::vector<std::string> result;
    for (const auto& id : store.ids(Kind::name_space)) {
        if (by_id && id != wanted) continue;
        const auto found = by_compartment ? store.find(Kind::name_space, id) : std::nullopt;
        if (by_compartment && (!found || (*found)["NamespaceId"] != filter["NamespaceId"]))
            continue;
        result.push_back(id);
    }
    return result;
}

} // namespace hnsclient::emulator
