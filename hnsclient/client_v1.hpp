// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"

namespace hnsclient {

/// HNS v1: HNSCall and, to attach endpoints to running containers, HCS; both are
/// vmcompute.dll. Neither is documented; hcsshim's internal/hns and internal/vmcompute are the
/// reference.
class ClientV1 final : public Client {
public:
    explicit ClientV1(const api::Functions& functions, CallOptions options = {});
    ~ClientV1() override;
    ClientV1(const ClientV1&) = delete;
    ClientV1& operator=(const ClientV1&) = delete;

    [[nodiscard]] const Abilities& abilities() const noexcept override {
        return abilities_of(ApiVersion::v1);
    }

    std::optional<Network> find_network(std::string_view name) override;
    std::optional<Network> find_network_with_address(std::string_view name) override;
    std::vector<Network> list_networks() override;
    Network create_network(const Network& network) override;
    void delete_network(const std::string& id) override;

    std::vector<std::string> endpoint_ids(std::string_view name) override;
    std::vector<Endpoint> find_endpoints(std::string_view name) override;
    std::vector<Endpoint> find_endpoints_of(const std::vector<std::string>& names) override;
    std::optional<Endpoint> read_endpoint(const std::string& id) override;
    bool has_endpoint(const std::string& id) override;
    std::vector<Endpoint> list_endpoints_of(const std::string& network_id) override;

    /// HNS chooses the ID. Of an endpoint whose answer was lost its name tells.
    Endpoint create_endpoint(const Endpoint& endpoint) override;
    Endpoint create_unseen(const Endpoint& endpoint) override;
    Endpoint look_at(const Endpoint& made) override;
    void delete_endpoint(const std::string& id) override;
    /// By its name, which must have been free before: HNS gives no ID before it answers.
    void remove_made(const Endpoint& wanted) override;

    Endpoint add_policies(const std::string& endpoint_id,
                          const std::vector<Policy>& policies) override;

    void open_sandbox(const Sandbox& container) override;
    void attach(const Sandbox& container, const std::string& endpoint_id) override;
    void detach(const Sandbox& container, const std::string& endpoint_id) override;
    /// Off the containers that share it. HNS v1 tells of namespaces, too, and cannot detach from
    /// them.
    void detach_all(const Endpoint& endpoint) override;
    void unshare(const std::string& container_id, const std::string& endpoint_id) override;

    void attach_to_host(const std::string& endpoint_id) override;
    void enable_forwarding(const libcni::Address& address) override;

    Version version() override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace hnsclient
