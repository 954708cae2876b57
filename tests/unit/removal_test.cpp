// SPDX-License-Identifier: Apache-2.0
// Removing an endpoint from an HNS that answers as a test wants it.
#include <doctest/doctest.h>

#include "hnsclient/removal.hpp"

using hnsclient::Endpoint;
using hnsclient::HnsError;
using hnsclient::Network;
using hnsclient::Sandbox;
using Texts = std::vector<std::string>;

namespace {

constexpr std::uint32_t not_found = 0x803B0002U;
constexpr std::uint32_t in_use = 0x803B002CU;
constexpr std::uint32_t already_attached = 0x803B0014U;
constexpr std::uint32_t access_denied = 0x80070005U;

/// Knows one endpoint, and fails with the codes that it is given.
class FakeHns final : public hnsclient::Client {
public:
    bool is_there = true;
    /// What deleting does, one code a call, then success; what taking out of a sandbox does always.
    std::vector<std::uint32_t> deletes;
    std::uint32_t detaches = 0;
    Texts calls;

    [[nodiscard]] const hnsclient::Abilities& abilities() const noexcept override {
        return hnsclient::abilities_of(hnsclient::ApiVersion::v2);
    }

    std::optional<Network> find_network(std::string_view) override { return {}; }

    std::optional<Network> find_network_with_address(std::string_view) override { return {}; }

    std::vector<Network> list_networks() override { return {}; }

    Network create_network(const Network& network) override { return network; }

    Texts endpoint_ids(std::string_view) override { return {}; }

    std::vector<Endpoint> find_endpoints(std::string_view) override { return {}; }

    std::optional<Endpoint> read_endpoint(const std::string& id) override {
        record("read " + id, 0);
        Endpoint endpoint;
        endpoint.id = id;
        return is_there ? std::optional(endpoint) : std::nullopt;
    }

    std::vector<Endpoint> list_endpoints_of(const std::string&) override { return {}; }

    Endpoint create_endpoint(const Endpoint& made) override { return made; }

    void delete_endpoint(const std::string& id) override {
        std::uint32_t code = 0;
        if (!deletes.empty()) {
            code = deletes.front();
            deletes.erase(deletes.begin());
        }
        record("delete " + id, code);
    }

    void remove_made(const Endpoint&) override {}

    Endpoint add_policies(const std::string&, const std::vector<hnsclient::Policy>&) override {
        return {};
    }

    void open_sandbox(const Sandbox&) override {}

    void attach(const Sandbox&, const std::string&) override {}

    void detach(const Sandbox&, const std::string&) override {}

    void detach_all(const Endpoint& endpoint) override {
        record("detach " + endpoint.id, detaches);
    }

    void unshare(const std::string&, const std::string&) override {}

    hnsclient::Version version() override { return {}; }

private:
    void record(const std::string& call, std::uint32_t code) {
        calls.push_back(call);
        if (code != 0) throw HnsError(call, hnsclient::hresult(code), "");
    }
};

/// The calls that removing the endpoint takes; "failed" at their end when it throws.
Texts calls_to_remove(std::vector<std::uint32_t> deletes,
                      std::uint32_t detaches = 0,
                      bool is_there = true) {
    FakeHns hns;
    hns.deletes = std::move(deletes);
    hns.detaches = detaches;
    hns.is_there = is_there;
    try {
        hnsclient::remove_endpoint(hns, "e1");
    } catch (const HnsError&) {
        hns.calls.emplace_back("failed");
    }
    return hns.calls;
}

} // namespace

TEST_CASE(
    "Removing an endpoint takes one call; that it is gone is success, other failures are not") {
    CHECK(calls_to_remove({}) == Texts{"delete e1"});
    CHECK(calls_to_remove({not_found}) == Texts{"delete e1"});
    CHECK(calls_to_remove({access_denied}) == Texts{"delete e1", "failed"});
}

TEST_CASE("An endpoint that HNS holds on to is taken out of whatever it is in, then removed") {
    for (const auto code : {in_use, already_attached})
        CHECK(calls_to_remove({code}) == Texts{"delete e1", "read e1", "detach e1", "delete e1"});
    CHECK(calls_to_remove({in_use, in_use})
          == Texts{"delete e1", "read e1", "detach e1", "delete e1", "failed"});
    CHECK(calls_to_remove({in_use}, access_denied)
          == Texts{"delete e1", "read e1", "detach e1", "failed"});
}

TEST_CASE("What goes while an endpoint is being removed is as good as removed") {
    CHECK(calls_to_remove({in_use}, 0, false) == Texts{"delete e1", "read e1"});
    CHECK(calls_to_remove({in_use, not_found})
          == Texts{"delete e1", "read e1", "detach e1", "delete e1"});
}
