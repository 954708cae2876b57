// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "hnsclient/client.hpp"
#include "libcni/error.hpp"
#include "plugins/common/conf.hpp"
#include "plugins/common/pod.hpp"

// What HNS refused, for a person: the objects concerned and what was sent, beside HNS's own words.
namespace plugins {

/// HNS has an address already, or keeps it for itself: IPAM may have another one.
class AddressTaken : public libcni::Error {
public:
    AddressTaken(libcni::Error error, bool may_be_port)
        : Error(std::move(error)), may_be_port_(may_be_port) {}

    /// True when it may be a host port that is taken: Windows Server 2016 says the same of both.
    [[nodiscard]] bool may_be_port() const noexcept { return may_be_port_; }

private:
    bool may_be_port_;
};

/// True for what HNS says of an address that something else has.
bool says_taken(const hnsclient::HnsError& error) noexcept;

/// The host ports that an endpoint asks for, by the runtime or by policies of the conf: "8080/tcp,
/// 5353/udp", or empty.
std::string host_ports(const hnsclient::Endpoint& plan, const EndpointConf& conf);

/// The error for an endpoint that HNS did not make of this plan.
libcni::Error refused_endpoint(hnsclient::Client& hns,
                               const hnsclient::HnsError& error,
                               const hnsclient::Endpoint& plan,
                               const EndpointConf& conf,
                               const hnsclient::Network& network);

/// The error for an endpoint that HNS did not put into the sandbox.
libcni::Error refused_attachment(const hnsclient::HnsError& error,
                                 const hnsclient::Endpoint& endpoint,
                                 const hnsclient::Sandbox& sandbox);

/// "the subnets of network "cbr0" are: 10.244.4.0/24"
std::string sentence_on_subnets(const hnsclient::Network& network);

} // namespace plugins
