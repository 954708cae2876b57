// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hnsclient/protocol.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/json_value.hpp"

// Endpoint policies: typed where we understand them, carried untouched where we do not.
// https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-json-document-schemas
namespace hnsclient {

/// Traffic to `exceptions` leaves with the pod's own address, all other with the host's. With
/// `destinations` only traffic to them is translated (loopback DSR).
struct OutboundNat {
    std::vector<std::string> exceptions = {};
    std::vector<std::string> destinations = {};
    std::string virtual_ip = {};
    /// Settings that we do not model, as written.
    libcni::JsonValue others = {};

    friend bool operator==(const OutboundNat&, const OutboundNat&) = default;
};

/// A route that the virtual switch takes, with or without encapsulation.
struct SdnRoute {
    std::string destination = {};
    std::string next_hop = {};
    bool need_encap = false;
    libcni::JsonValue others = {};

    friend bool operator==(const SdnRoute&, const SdnRoute&) = default;
};

/// A port of the host that leads to a port of the pod.
struct PortMapping {
    Protocol protocol = {};
    std::uint16_t internal_port = 0;
    std::uint16_t external_port = 0;
    /// The host's address that is mapped; empty means all.
    std::string virtual_ip = {};
    /// 1 local-routed VIP, 2 IPv6.
    std::uint32_t flags = 0;
    libcni::JsonValue others = {};

    friend bool operator==(const PortMapping&, const PortMapping&) = default;
};

/// The address of the host that carries an overlay endpoint's traffic.
struct ProviderAddress {
    std::string address = {};

    friend bool operator==(const ProviderAddress&, const ProviderAddress&) = default;
};

/// A policy whose settings have the same names in both APIs: "ACL", "QOS", "L4WFPPROXY", ...
struct SharedPolicy {
    std::string type = {};
    libcni::JsonValue settings = {};

    friend bool operator==(const SharedPolicy&, const SharedPolicy&) = default;
};

/// A policy that we do not model: carried as the author wrote it.
struct OtherPolicy {
    libcni::JsonValue value = {};

    friend bool operator==(const OtherPolicy&, const OtherPolicy&) = default;
};

using Policy =
    std::variant<OutboundNat, SdnRoute, PortMapping, ProviderAddress, SharedPolicy, OtherPolicy>;

/// Reads a policy in the spelling of either API, keys and type names in any case. Throws
/// libcni::BadShape when it is not an object with a `Type`, or a setting that we model has a wrong
/// type.
Policy decode_policy(const libcni::JsonReader& json);

/// The types of policies that decode_policy() knows, in both spellings.
std::span<const std::string_view> policy_types() noexcept;

/// The settings that are known of policies of this type, which may be in any case, in the spellings
/// of both APIs; none for a type that is not known.
std::span<const std::string_view> settings_of_type(std::string_view type) noexcept;

/// Takes away duplicates, and of several prefixes with the same base address keeps the widest:
/// Windows Server 2019 compares base addresses only, so a narrow prefix could hide a wide one.
std::vector<std::string> widest_prefixes(const std::vector<std::string>& prefixes);

/// Adds `prefix` to the exceptions of the OutBoundNAT policy of its family that is there already,
/// or adds such a policy.
void add_nat_exception(std::vector<Policy>& policies, const std::string& prefix);

/// Adds an OutBoundNAT policy that translates traffic to `destination` (the pod's own address),
/// once.
void add_nat_destination(std::vector<Policy>& policies, const std::string& destination);

} // namespace hnsclient
