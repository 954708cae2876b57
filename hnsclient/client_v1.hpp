// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/client.hpp"

namespace hnsclient {

/// HNS version 1: HNSCall and, to attach endpoints to running containers, HCS; both are
/// vmcompute.dll. Neither is documented; hcsshim's internal/hns and internal/vmcompute are the
/// reference.
class ClientV1 final : public Client {
public:
    explicit ClientV1(const api::Functions& functions, CallOptions options = {});
    ~ClientV1() override;
    ClientV1(const ClientV1&) = delete;
    ClientV1& operator=(const ClientV1&) = delete;

    [[nodiscard]] ApiVersion api_version() const noexcept override { return ApiVersion::v1; }

    std::optional<Network> find_network(std::string_view name) override;
    std::optional<Network> find_network_with_address(std::string_view name) override;
    std::vector<Network> list_networks() override;
    Network create_network(const Network& network) override;

    std::vector<std::string> endpoint_ids(std::string_view name) override;
    std::vector<Endpoint> find_endpoints(std::string_view name) override;
    std::optional<Endpoint> read_endpoint(const std::string& id) override;
    std::vector<Endpoint> list_endpoints_of(const std::string& network_id) override;

    /// HNS chooses the ID. Of an endpoint whose answer was lost its name tells.
    Endpoint create_endpoint(const Endpoint& endpoint) override;
    void delete_endpoint(const std::string& id) override;

    Endpoint add_policies(const std::string& endpoint_id,
                          const std::vector<Policy>& policies) override;

    void open_sandbox(const std::string& container_id) override;
    void attach(const std::string& container_id, const std::string& endpoint_id) override;
    void detach(const std::string& container_id, const std::string& endpoint_id) override;
    void unshare(const std::string& container_id, const std::string& endpoint_id) override;

    Version version() override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace hnsclient
