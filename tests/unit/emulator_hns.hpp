// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/api.hpp"

/// The emulator's C functions as tests like to call them: text in, text out, nothing leaked.
namespace hns {

/// What a call gave back.
struct Result {
    hnsclient::api::HResult hr = 0;
    /// The answer as it came; empty when there was none.
    std::string response;
    /// The error record as it came; empty when there was none.
    std::string error;
    hnsclient::api::Handle handle = nullptr;

    /// The answer as JSON; throws when it is not.
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(response); }

    /// "0x803B0002"
    [[nodiscard]] std::string code() const;
};

const hnsclient::api::Functions& functions();

hnsclient::api::Guid guid(const std::string& text);

Result enumerate_networks(const std::string& query);
Result create_network(const std::string& id, const std::string& settings);
Result open_network(const std::string& id);
Result modify_network(hnsclient::api::Handle handle, const std::string& settings);
Result query_network(hnsclient::api::Handle handle, const std::string& query);
Result delete_network(const std::string& id);

Result enumerate_namespaces(const std::string& query);
Result create_namespace(const std::string& id, const std::string& settings);
Result open_namespace(const std::string& id);
Result modify_namespace(hnsclient::api::Handle handle, const std::string& settings);
Result query_namespace(hnsclient::api::Handle handle, const std::string& query);
Result delete_namespace(const std::string& id);

Result enumerate_endpoints(const std::string& query);
Result
create_endpoint(hnsclient::api::Handle network, const std::string& id, const std::string& settings);
Result open_endpoint(const std::string& id);
Result modify_endpoint(hnsclient::api::Handle handle, const std::string& settings);
Result query_endpoint(hnsclient::api::Handle handle, const std::string& query);
Result delete_endpoint(const std::string& id);

/// The container that runs under that ID. HCS's result is what these give as `error`.
Result open_compute_system(const std::string& id);
Result modify_compute_system(hnsclient::api::Handle handle, const std::string& configuration);

/// An ID as HCN writes it.
std::string lower_case(std::string id);

/// An ID as the store names its file.
std::string upper_case(std::string id);

/// HNSCall.
Result v1(const std::string& method, const std::string& path, const std::string& request = "");

/// {"Filter": "..."} as HCN wants it, the filter being a text of its own.
std::string filter(const nlohmann::json& filter);

/// An ID that HNS is to choose.
inline const std::string any = "00000000-0000-0000-0000-000000000000";

} // namespace hns
