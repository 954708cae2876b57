// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hnsclient/caller.hpp"
#include "hnsclient/model.hpp"

namespace hnsclient {

/// HNS, as plugins and tools use it. Every function throws HnsError when HNS fails or answers
/// something that cannot be read. Objects that vanish between two calls are left out of lists.
/// Handles of the network and the namespace used last stay open until the client goes: every open
/// is a round trip to a service.
class Client {
public:
    explicit Client(const api::Functions& functions, CallOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The network of that name (exact case, as HNS compares), or no value.
    std::optional<Network> find_network(std::string_view name);
    std::optional<Network> read_network(const std::string& id);
    std::vector<Network> list_networks();
    Network create_network(const Network& network);
    void delete_network(const std::string& id);

    /// The IDs of all endpoints of that name: one round trip.
    std::vector<std::string> endpoint_ids(std::string_view name);
    /// All endpoints of that name.
    std::vector<Endpoint> find_endpoints(std::string_view name);
    std::optional<Endpoint> read_endpoint(const std::string& id);
    std::vector<Endpoint> list_endpoints();
    std::vector<Endpoint> list_endpoints_of(const std::string& network_id);

    /// Makes the endpoint with the ID that it has (so that it can be removed even when the answer
    /// was lost) and returns it with all that HNS filled in.
    Endpoint create_endpoint(const Endpoint& endpoint);
    void delete_endpoint(const std::string& id);

    /// Adds policies to an endpoint that is there; returns it as it is then.
    Endpoint add_policies(const std::string& endpoint_id, const std::vector<Policy>& policies);

    /// Throws HnsError(not_found) when HNS has no such namespace; keeps it open for attach().
    void open_namespace(const std::string& id);
    std::optional<Namespace> read_namespace(const std::string& id);
    std::vector<Namespace> list_namespaces();
    Namespace create_namespace(const Namespace& hns_namespace);
    void delete_namespace(const std::string& id);

    /// An endpoint that is in this namespace already is no error.
    void attach(const std::string& namespace_id, const std::string& endpoint_id);
    void detach(const std::string& namespace_id, const std::string& endpoint_id);

    /// The version of the HNS service; asked for once.
    Version version();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A new random GUID (version 4), upper case.
std::string new_id();

} // namespace hnsclient
