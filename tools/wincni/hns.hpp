// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hnsclient/client_v2.hpp"
#include "tools/wincni/answer.hpp"

// `wincni hns`: one function a subcommand, in the file of its name. Each returns what goes to
// stdout, and throws Refusal or hnsclient::HnsError.
namespace wincni::hns {

enum class Kind { network, endpoint, hns_namespace };

using wincni::Format;

struct ListOptions {
    Kind kind = Kind::network;
    /// Endpoints of this network only.
    std::string network;
    Format format = Format::text;
};

/// Networks by name; endpoints by network and address; namespaces by ID. Remote endpoints are
/// marked.
std::string list(hnsclient::ClientV2& client, const ListOptions& options);

struct TreeOptions {
    /// Of this network only, by name or ID.
    std::string network;
    /// Endpoints of namespaces that are gone, and their networks only.
    bool stale_only = false;
    /// The endpoints of other nodes one by one, too.
    bool with_remote = false;
    Format format = Format::text;
};

/// The networks by name, below each its endpoints by address, with what they carry and where they
/// are; "stale" are those whose namespace is gone.
std::string tree(hnsclient::ClientV2& client, const TreeOptions& options);

struct ObjectOptions {
    Kind kind = Kind::network;
    /// A name, an ID, or as much of the beginning of an ID as is unique.
    std::string reference;
    /// Of `delete` only: removes what is in use, too.
    bool force = false;
    Format format = Format::text;
};

std::string show(hnsclient::ClientV2& client, const ObjectOptions& options);

/// Removes an object. An attached endpoint leaves its namespace first. Throws Refusal for a network
/// with endpoints other than the host's own, and for a namespace with endpoints or containers,
/// unless forced.
std::string remove(hnsclient::ClientV2& client, const ObjectOptions& options);

struct AttachOptions {
    /// A name or an ID.
    std::string endpoint;
    std::string hns_namespace;
    Format format = Format::text;
};

/// Puts an endpoint into a namespace, or takes it out; where that is so already, it is success.
std::string attach(hnsclient::ClientV2& client, const AttachOptions& options);
std::string detach(hnsclient::ClientV2& client, const AttachOptions& options);

struct NetworkOptions {
    std::string name;
    std::string type = "L2Bridge";
    /// Prefixes; host bits are dropped.
    std::vector<std::string> subnets;
    /// Each belongs to the subnet that holds it.
    std::vector<std::string> gateways;
    std::string adapter;
    /// "FIRST-LAST", each MAC address with "-" or ":" between its bytes.
    std::vector<std::string> mac_ranges;
    /// Virtual network identifier of every subnet.
    std::optional<std::uint32_t> vni;
    std::string id;
    Format format = Format::text;
};

std::string create_network(hnsclient::ClientV2& client, const NetworkOptions& options);

struct EndpointOptions {
    std::string name;
    std::string network;
    /// With or without a prefix length; none lets HNS choose.
    std::vector<std::string> addresses;
    std::string mac;
    /// Attached to it when not empty.
    std::string hns_namespace;
    std::string id;
    Format format = Format::text;
};

std::string create_endpoint(hnsclient::ClientV2& client, const EndpointOptions& options);

struct HostEndpointOptions {
    /// The network, by name or ID.
    std::string network;
    Format format = Format::text;
};

/// Makes the host's own endpoint on an L2Bridge network, and lets the host forward; what is there
/// already stays.
std::string create_host_endpoint(hnsclient::ClientV2& client, const HostEndpointOptions& options);

struct NamespaceOptions {
    std::string type = "Host";
    std::string id;
    Format format = Format::text;
};

std::string create_namespace(hnsclient::ClientV2& client, const NamespaceOptions& options);

/// HNS's version, and which of the features that the plugins use it has.
std::string version(hnsclient::ClientV2& client, Format format);

} // namespace wincni::hns
