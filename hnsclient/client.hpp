// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hnsclient/abilities.hpp"
#include "hnsclient/api_version.hpp"
#include "hnsclient/caller.hpp"
#include "hnsclient/model.hpp"
#include "hnsclient/sandbox.hpp"

namespace hnsclient {

/// HNS, as plugins use it, whichever API is behind it. Every function throws HnsError when HNS
/// fails or answers something that cannot be read. Objects that vanish between two calls are left
/// out of lists. Sandboxes are of the one kind that the API knows; another is HnsError(invalid).
class Client {
public:
    Client() = default;
    virtual ~Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// What the API can do.
    [[nodiscard]] virtual const Abilities& abilities() const noexcept = 0;

    /// The network of that name (exact case, as HNS compares), or no value.
    virtual std::optional<Network> find_network(std::string_view name) = 0;
    /// The same with its management address, which HCN does not always tell.
    virtual std::optional<Network> find_network_with_address(std::string_view name) = 0;
    virtual std::vector<Network> list_networks() = 0;
    virtual Network create_network(const Network& network) = 0;
    virtual void delete_network(const std::string& id) = 0;

    /// The IDs of all endpoints of that name: one round trip.
    virtual std::vector<std::string> endpoint_ids(std::string_view name) = 0;
    /// All endpoints of that name.
    virtual std::vector<Endpoint> find_endpoints(std::string_view name) = 0;
    /// All endpoints that have one of these names: one answer of HNS v1 has all of the node's.
    virtual std::vector<Endpoint> find_endpoints_of(const std::vector<std::string>& names);
    virtual std::optional<Endpoint> read_endpoint(const std::string& id) = 0;
    /// True when HNS lists the endpoint, whatever it says when it is asked for it: one round trip.
    virtual bool has_endpoint(const std::string& id) = 0;
    virtual std::vector<Endpoint> list_endpoints_of(const std::string& network_id) = 0;

    /// Makes the endpoint and returns it with all that HNS filled in. Nothing is made twice when
    /// an answer is lost and the call made again.
    virtual Endpoint create_endpoint(const Endpoint& endpoint) = 0;
    /// The same without a look at what HNS made of it, where that costs a round trip: returns what
    /// is known.
    virtual Endpoint create_unseen(const Endpoint& endpoint) = 0;
    /// The look, at the endpoint that was made last, as far as it costs no more than the one that
    /// was left out: HNS v1 told all when it was made.
    virtual Endpoint look_at(const Endpoint& made) = 0;
    virtual void delete_endpoint(const std::string& id) = 0;
    /// Removes what a create_endpoint() of this endpoint that failed, or whose answer was lost, may
    /// have left. Nothing left is success.
    virtual void remove_made(const Endpoint& wanted) = 0;

    /// Adds policies to an endpoint that is there; returns it as it is then.
    virtual Endpoint add_policies(const std::string& endpoint_id,
                                  const std::vector<Policy>& policies) = 0;

    /// Throws HnsError(not_found) when there is no such sandbox; keeps it open for attach().
    virtual void open_sandbox(const Sandbox& sandbox) = 0;
    /// An endpoint that is in this sandbox already is not an error.
    virtual void attach(const Sandbox& sandbox, const std::string& endpoint_id) = 0;
    virtual void detach(const Sandbox& sandbox, const std::string& endpoint_id) = 0;
    /// Takes the endpoint out of whatever it is in. What is gone is success.
    virtual void detach_all(const Endpoint& endpoint) = 0;
    /// Takes a container, running or not, off an endpoint that it shares with its sandbox:
    /// HnsError(unsupported) where the API has no sharing.
    virtual void unshare(const std::string& container_id, const std::string& endpoint_id) = 0;

    /// Puts the endpoint into the host's own compartment: the host has its addresses from then on.
    /// That it is there already is no error. A call of HNS v1 for both APIs, which HCN lacks.
    virtual void attach_to_host(const std::string& endpoint_id) = 0;
    /// Lets the host forward what comes in on the interface that has this address. Throws
    /// HnsError(element_not_found) while none has it.
    virtual void enable_forwarding(const libcni::Address& address) = 0;

    /// The version of the HNS service; asked for once.
    virtual Version version() = 0;
};

/// A client of that API.
std::unique_ptr<Client>
make_client(ApiVersion version, const api::Functions& functions, CallOptions options = {});

} // namespace hnsclient
