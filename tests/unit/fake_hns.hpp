// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hnsclient/client.hpp"
#include "hnsclient/error.hpp"

/// An HNS that knows one endpoint, fails with the codes that it is given, and records the calls
/// that read or remove the endpoint, put it into sandboxes or take it out, or ask for the version.
class FakeHns final : public hnsclient::Client {
public:
    hnsclient::ApiVersion api = hnsclient::ApiVersion::v2;
    hnsclient::Version service{9, 2};
    bool is_there = true;
    /// What deleting does, one code a call, then success; what taking out of sandboxes does always.
    std::vector<std::uint32_t> deletes;
    std::uint32_t detaches = 0;
    /// What putting into a sandbox does.
    std::uint32_t attaches = 0;
    std::vector<std::string> calls;

    [[nodiscard]] const hnsclient::Abilities& abilities() const noexcept override {
        return hnsclient::abilities_of(api);
    }

    std::optional<hnsclient::Network> find_network(std::string_view) override { return {}; }

    std::optional<hnsclient::Network> find_network_with_address(std::string_view) override {
        return {};
    }

    std::vector<hnsclient::Network> list_networks() override { return {}; }

    hnsclient::Network create_network(const hnsclient::Network& network) override {
        return network;
    }

    void delete_network(const std::string& id) override { record("delete network " + id, 0); }

    std::vector<std::string> endpoint_ids(std::string_view) override { return {}; }

    std::vector<hnsclient::Endpoint> find_endpoints(std::string_view) override { return {}; }

    std::optional<hnsclient::Endpoint> read_endpoint(const std::string& id) override {
        record("read " + id, 0);
        return is_there ? std::optional(hnsclient::Endpoint{.id = id}) : std::nullopt;
    }

    bool has_endpoint(const std::string& id) override {
        record("look for " + id, 0);
        return is_there;
    }

    std::vector<hnsclient::Endpoint> list_endpoints_of(const std::string&) override { return {}; }

    hnsclient::Endpoint create_endpoint(const hnsclient::Endpoint& made) override { return made; }

    hnsclient::Endpoint create_unseen(const hnsclient::Endpoint& made) override { return made; }

    hnsclient::Endpoint look_at(const hnsclient::Endpoint& made) override { return made; }

    void delete_endpoint(const std::string& id) override {
        std::uint32_t code = 0;
        if (!deletes.empty()) {
            code = deletes.front();
            deletes.erase(deletes.begin());
        }
        record("delete " + id, code);
    }

    void remove_made(const hnsclient::Endpoint&) override {}

    hnsclient::Endpoint add_policies(const std::string&,
                                     const std::vector<hnsclient::Policy>&) override {
        return {};
    }

    void open_sandbox(const hnsclient::Sandbox&) override {}

    void attach(const hnsclient::Sandbox& sandbox, const std::string& id) override {
        record("attach " + id + " to " + sandbox.to_string(), attaches);
    }

    void detach(const hnsclient::Sandbox&, const std::string&) override {}

    void detach_all(const hnsclient::Endpoint& endpoint) override {
        record("detach " + endpoint.id, detaches);
    }

    void unshare(const std::string&, const std::string&) override {}

    void attach_to_host(const std::string& id) override {
        record("attach " + id + " to the host", attaches);
    }

    void enable_forwarding(const libcni::Address& address) override {
        record("forward on " + address.to_string(), 0);
    }

    hnsclient::Version version() override {
        record("version", 0);
        return service;
    }

private:
    void record(const std::string& call, std::uint32_t code) {
        calls.push_back(call);
        if (code != 0) throw hnsclient::HnsError(call, hnsclient::hresult(code), "");
    }
};
