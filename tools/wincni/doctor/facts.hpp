// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipam/host-local/lease_store.hpp"
#include "ipam/host-local/ranges.hpp"
#include "libcni/runtime/cache.hpp"
#include "plugins/common/pod.hpp"
#include "tools/wincni/conf/document.hpp"
#include "tools/wincni/doctor/node.hpp"

// What a node's files mean, beside what HNS says. Nothing here asks the machine.
namespace wincni::doctor {

/// What one conf says.
struct ConfFacts {
    std::string network = {};
    /// "cniVersion"; empty where there is none.
    std::string version = {};
    /// The plugin of ours that makes endpoints, flannel's delegate included; empty for none.
    std::string plugin = {};
    /// The executables that it takes, IPAM plugins and delegates included.
    std::vector<std::string> types = {};
    /// The plugin makes the HNS network where it is missing.
    bool makes_network = false;
    bool is_flannel = false;
    /// flannel's files; empty where it is not flannel's.
    std::string subnet_file = {};
    std::string stored_folder = {};
    /// host-local's folder of this network; empty where another gives addresses.
    std::string lease_folder = {};
    std::vector<host_local::RangeSet> ranges = {};
};

/// What a conf says, by what flanneld has written (no value where that is not known).
ConfFacts read_conf_facts(const conf::Document& document,
                          const std::optional<std::string>& subnet_env);

/// A conf with its file.
struct Conf {
    const ConfFile* file;
    std::unique_ptr<conf::Document> document;
    ConfFacts facts;
};

/// An address that is taken.
struct Lease {
    const File* file;
    std::string network;
    libcni::Address address;
    /// No value where the file names nobody.
    std::optional<host_local::Owner> owner = {};
};

/// What the runtime has attached.
struct Cached {
    const File* file;
    libcni::runtime::CacheEntry entry;
};

/// A conf that flannel keeps of a container.
struct Stored {
    const File* file;
    std::string sandbox;
    /// Empty where it does not read.
    std::string network = {};
};

/// An endpoint, and whose it is by its name.
struct EndpointFacts {
    const hnsclient::Endpoint* endpoint;
    /// Null where HNS has no such network.
    const hnsclient::Network* network = nullptr;
    /// No value for one that no plugin of ours or of Go's has named.
    std::optional<plugins::EndpointName> owner = {};
};

/// All of it. Borrows the node.
class Facts {
public:
    explicit Facts(const Node& node);

    const Node& node;
    /// As the runtime sorts them; it takes the first.
    std::vector<Conf> confs;
    std::vector<Lease> leases;
    std::vector<Cached> cached;
    std::vector<Stored> stored;
    std::vector<EndpointFacts> endpoints;

    /// The conf that the runtime takes; null where there is none.
    [[nodiscard]] const Conf* used() const noexcept;

    /// Null where HNS has none.
    [[nodiscard]] const hnsclient::Network* find_network(std::string_view name) const noexcept;
    [[nodiscard]] const hnsclient::Namespace* find_namespace(std::string_view id) const noexcept;

    /// The endpoint is in no namespace that is there, though in one that is gone.
    [[nodiscard]] bool is_stale(const hnsclient::Endpoint& endpoint) const noexcept;

    /// What the runtime knows of a container in a network; null where nothing.
    [[nodiscard]] const Cached* find_cached(std::string_view network,
                                            std::string_view container) const noexcept;

    /// The lease of an address; null where there is none.
    [[nodiscard]] const Lease* find_lease(std::string_view network,
                                          const libcni::Address& address) const noexcept;

    /// The endpoint of this node that has an address; null where none has.
    [[nodiscard]] const EndpointFacts* find_endpoint(std::string_view network,
                                                     const libcni::Address& address) const noexcept;

    /// The container has an endpoint in the network.
    [[nodiscard]] bool has_endpoint(std::string_view network,
                                    std::string_view container) const noexcept;

private:
    void read_confs();
    void read_leases(const Conf& conf);
    void read_stored(const Conf& conf);
    void read_cache();
    void read_endpoints();
};

/// HNS says neither where it is nor that it is anywhere.
bool is_unattached(const hnsclient::Endpoint& endpoint) noexcept;

/// The endpoint has the address.
bool has_address(const hnsclient::Endpoint& endpoint, const libcni::Address& address) noexcept;

/// The address of kube-proxy, which no endpoint of this node has.
bool is_source_vip(const host_local::Owner& owner) noexcept;

} // namespace wincni::doctor
