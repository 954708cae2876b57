// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"

namespace hnsclient {

/// HCN: computenetwork.dll. Handles of the network and the namespace used last stay open until the
/// client goes: every open is a round trip to a service.
/// https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-top
class ClientV2 final : public Client {
public:
    explicit ClientV2(const api::Functions& functions, CallOptions options = {});
    ~ClientV2() override;
    ClientV2(const ClientV2&) = delete;
    ClientV2& operator=(const ClientV2&) = delete;

    [[nodiscard]] const Abilities& abilities() const noexcept override {
        return abilities_of(ApiVersion::v2);
    }

    std::optional<Network> find_network(std::string_view name) override;
    std::optional<Network> find_network_with_address(std::string_view name) override;
    std::optional<Network> read_network(const std::string& id);
    std::vector<Network> list_networks() override;
    /// With the ID that it has.
    Network create_network(const Network& network) override;
    void delete_network(const std::string& id) override;

    std::vector<std::string> endpoint_ids(std::string_view name) override;
    std::vector<Endpoint> find_endpoints(std::string_view name) override;
    std::optional<Endpoint> read_endpoint(const std::string& id) override;
    bool has_endpoint(const std::string& id) override;
    std::vector<Endpoint> list_endpoints();
    std::vector<Endpoint> list_endpoints_of(const std::string& network_id) override;

    /// With the ID that it has, so that it can be removed even when the answer was lost.
    Endpoint create_endpoint(const Endpoint& endpoint) override;
    Endpoint create_unseen(const Endpoint& endpoint) override;
    Endpoint look_at(const Endpoint& made) override;
    void delete_endpoint(const std::string& id) override;
    /// By its ID, which we gave.
    void remove_made(const Endpoint& wanted) override;

    Endpoint add_policies(const std::string& endpoint_id,
                          const std::vector<Policy>& policies) override;

    void open_sandbox(const Sandbox& hns_namespace) override;
    std::optional<Namespace> read_namespace(const std::string& id);
    std::vector<Namespace> list_namespaces();
    Namespace create_namespace(const Namespace& hns_namespace);
    void delete_namespace(const std::string& id);

    void attach(const Sandbox& hns_namespace, const std::string& endpoint_id) override;
    void detach(const Sandbox& hns_namespace, const std::string& endpoint_id) override;
    void detach_all(const Endpoint& endpoint) override;
    /// Throws HnsError(unsupported): in a namespace nothing is shared one by one.
    void unshare(const std::string& container_id, const std::string& endpoint_id) override;

    void attach_to_host(const std::string& endpoint_id) override;
    void enable_forwarding(const libcni::Address& address) override;

    Version version() override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace hnsclient
