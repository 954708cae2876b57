// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/emulator_hns.hpp"

#include <algorithm>
#include <stdexcept>

#include "hnsclient/emulator/emulator.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/unicode.hpp"

namespace hns {

using hnsclient::api::Guid;
using hnsclient::api::Handle;
using hnsclient::api::HResult;
using hnsclient::api::WideIn;
using hnsclient::api::WideOut;

namespace {

/// Takes a string of HNS and gives it back.
std::string take(char16_t* text) {
    if (text == nullptr) return {};
    std::string result = libcni::to_utf8(text);
    functions().free_string(text);
    return result;
}

Result enumerate(HResult (*call)(WideIn, WideOut, WideOut), const std::string& query) {
    char16_t* response = nullptr;
    char16_t* error = nullptr;
    const HResult hr = call(libcni::to_utf16(query).c_str(), &response, &error);
    return {.hr = hr, .response = take(response), .error = take(error)};
}

Result create(HResult (*call)(const Guid&, WideIn, Handle*, WideOut),
              const std::string& id,
              const std::string& settings) {
    Handle handle = nullptr;
    char16_t* error = nullptr;
    const HResult hr = call(guid(id), libcni::to_utf16(settings).c_str(), &handle, &error);
    return {.hr = hr, .response = {}, .error = take(error), .handle = handle};
}

Result open(HResult (*call)(const Guid&, Handle*, WideOut), const std::string& id) {
    Handle handle = nullptr;
    char16_t* error = nullptr;
    const HResult hr = call(guid(id), &handle, &error);
    return {.hr = hr, .response = {}, .error = take(error), .handle = handle};
}

Result
modify(HResult (*call)(Handle, WideIn, WideOut), Handle handle, const std::string& settings) {
    char16_t* error = nullptr;
    const HResult hr = call(handle, libcni::to_utf16(settings).c_str(), &error);
    return {.hr = hr, .response = {}, .error = take(error)};
}

Result query_one(HResult (*call)(Handle, WideIn, WideOut, WideOut),
                 Handle handle,
                 const std::string& query) {
    char16_t* response = nullptr;
    char16_t* error = nullptr;
    const HResult hr = call(handle, libcni::to_utf16(query).c_str(), &response, &error);
    return {.hr = hr, .response = take(response), .error = take(error)};
}

Result remove(HResult (*call)(const Guid&, WideOut), const std::string& id) {
    char16_t* error = nullptr;
    const HResult hr = call(guid(id), &error);
    return {.hr = hr, .response = {}, .error = take(error)};
}

} // namespace

std::string Result::code() const {
    return hnsclient::emulator::hex_text(hr);
}

const hnsclient::api::Functions& functions() {
    return hnsclient::emulator::functions();
}

Guid guid(const std::string& text) {
    const auto parsed = hnsclient::parse_guid(text);
    if (!parsed) throw std::invalid_argument(text + " is not a GUID");
    return *parsed;
}

Result enumerate_networks(const std::string& query) {
    return enumerate(functions().enumerate_networks, query);
}

Result create_network(const std::string& id, const std::string& settings) {
    return create(functions().create_network, id, settings);
}

Result open_network(const std::string& id) {
    return open(functions().open_network, id);
}

Result modify_network(Handle handle, const std::string& settings) {
    return modify(functions().modify_network, handle, settings);
}

Result query_network(Handle handle, const std::string& query) {
    return query_one(functions().query_network, handle, query);
}

Result delete_network(const std::string& id) {
    return remove(functions().delete_network, id);
}

Result enumerate_namespaces(const std::string& query) {
    return enumerate(functions().enumerate_namespaces, query);
}

Result create_namespace(const std::string& id, const std::string& settings) {
    return create(functions().create_namespace, id, settings);
}

Result open_namespace(const std::string& id) {
    return open(functions().open_namespace, id);
}

Result modify_namespace(Handle handle, const std::string& settings) {
    return modify(functions().modify_namespace, handle, settings);
}

Result query_namespace(Handle handle, const std::string& query) {
    return query_one(functions().query_namespace, handle, query);
}

Result delete_namespace(const std::string& id) {
    return remove(functions().delete_namespace, id);
}

Result enumerate_endpoints(const std::string& query) {
    return enumerate(functions().enumerate_endpoints, query);
}

Result create_endpoint(Handle network, const std::string& id, const std::string& settings) {
    Handle handle = nullptr;
    char16_t* error = nullptr;
    const HResult hr = functions().create_endpoint(
        network, guid(id), libcni::to_utf16(settings).c_str(), &handle, &error);
    return {.hr = hr, .response = {}, .error = take(error), .handle = handle};
}

Result open_endpoint(const std::string& id) {
    return open(functions().open_endpoint, id);
}

Result modify_endpoint(Handle handle, const std::string& settings) {
    return modify(functions().modify_endpoint, handle, settings);
}

Result query_endpoint(Handle handle, const std::string& query) {
    return query_one(functions().query_endpoint, handle, query);
}

Result delete_endpoint(const std::string& id) {
    return remove(functions().delete_endpoint, id);
}

Result open_compute_system(const std::string& id) {
    Handle handle = nullptr;
    char16_t* error = nullptr;
    const HResult hr =
        functions().open_compute_system(libcni::to_utf16(id).c_str(), &handle, &error);
    return {.hr = hr, .response = {}, .error = take(error), .handle = handle};
}

Result modify_compute_system(Handle handle, const std::string& configuration) {
    return modify(functions().modify_compute_system, handle, configuration);
}

std::string lower_case(std::string id) {
    std::ranges::transform(id, id.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return id;
}

std::string upper_case(std::string id) {
    std::ranges::transform(id, id.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - ('a' - 'A')) : c;
    });
    return id;
}

Result v1(const std::string& method, const std::string& path, const std::string& request) {
    char16_t* response = nullptr;
    const HResult hr = functions().hns_call(libcni::to_utf16(method).c_str(),
                                            libcni::to_utf16(path).c_str(),
                                            libcni::to_utf16(request).c_str(),
                                            &response);
    return {.hr = hr, .response = take(response), .error = {}};
}

std::string filter(const nlohmann::json& filter) {
    return nlohmann::json{{"SchemaVersion", {{"Major", 2}, {"Minor", 0}}},
                          {"Filter", filter.dump()}}
        .dump();
}

} // namespace hns
