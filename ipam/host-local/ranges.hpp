// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libcni/ip.hpp"
#include "libcni/json_reader.hpp"

namespace host_local {

using libcni::Address;
using libcni::Cidr;

/// Wide enough for an IPv6 address; no standard integer is.
__extension__ using AddressNumber = unsigned __int128;

/// An address as the integer that its bytes spell, most significant first.
AddressNumber number_of(const Address& address);

/// The address of that family (`like`) that the integer spells. IPv4 uses the low 32 bits.
Address address_of(AddressNumber number, const Address& like);

/// What a conf may say about a range; only the subnet is a must.
struct RangeConf {
    Cidr subnet;
    std::optional<Address> start = {};
    std::optional<Address> end = {};
    std::optional<Address> gateway = {};
};

/// Addresses of one subnet from which pods may get theirs.
class Range {
public:
    /// Fills in what is not said as the Go plugin does: start = network + 1, end = the last address
    /// (IPv4: the one before broadcast), gateway = network + 1. Throws
    /// Error(invalid_network_config): a subnet with host bits or with less than four addresses, a
    /// start or end outside the subnet, a start behind the end, families mixed. The gateway may lie
    /// outside the subnet, as in Go.
    explicit Range(const RangeConf& conf);

    [[nodiscard]] const Cidr& subnet() const noexcept { return subnet_; }

    [[nodiscard]] const Address& start() const noexcept { return start_; }

    [[nodiscard]] const Address& end() const noexcept { return end_; }

    [[nodiscard]] const Address& gateway() const noexcept { return gateway_; }

    /// From start to end, both included.
    [[nodiscard]] bool contains(const Address& address) const noexcept;

    /// Why a pod may not have this address of the range ("the gateway"); null when it may.
    [[nodiscard]] const char* why_reserved(const Address& address) const;

    /// How many addresses pods may have; UINT64_MAX stands for that many and more.
    [[nodiscard]] std::uint64_t capacity() const;

    [[nodiscard]] bool overlaps(const Range& other) const noexcept;

    /// "10.244.4.1-10.244.4.254"
    [[nodiscard]] std::string to_string() const;

private:
    Cidr subnet_;
    Address start_;
    Address end_;
    Address gateway_;
};

/// Ranges of one family; a pod gets one address out of each range set.
class RangeSet {
public:
    /// Throws Error(invalid_network_config): no range, mixed families, ranges that overlap.
    explicit RangeSet(std::vector<Range> ranges);

    [[nodiscard]] const std::vector<Range>& ranges() const noexcept { return ranges_; }

    [[nodiscard]] bool is_v4() const noexcept { return ranges_.front().start().is_v4(); }

    /// The range that holds the address; null when none does.
    [[nodiscard]] const Range* find(const Address& address) const noexcept;

    /// Sum of the ranges' capacities; UINT64_MAX stands for that many and more.
    [[nodiscard]] std::uint64_t capacity() const;

    [[nodiscard]] bool overlaps(const RangeSet& other) const noexcept;

    /// The ranges, separated by commas.
    [[nodiscard]] std::string to_string() const;

private:
    std::vector<Range> ranges_;
};

/// Goes once round a range set: every address that pods may have, beginning behind the last one
/// that was given and ending with that one. Borrows the set.
class RoundRobin {
public:
    /// Begins with the first range where `last_given` is absent or outside the set (the conf may
    /// have changed since).
    RoundRobin(const RangeSet& set, const std::optional<Address>& last_given);

    /// No value when every address has had its turn.
    std::optional<Address> next();

private:
    void step() noexcept;

    const RangeSet* set_;
    std::size_t range_ = 0;
    AddressNumber position_ = 0;
    std::size_t first_range_ = 0;
    AddressNumber first_position_ = 0;
    bool started_ = false;
};

/// Reads {"subnet", "rangeStart", "rangeEnd", "gateway"}; empty texts count as absent. Throws
/// BadShape, Error(invalid_network_config).
Range read_range(const libcni::JsonReader& json);

/// Reads an array of ranges. Throws BadShape, Error(invalid_network_config).
RangeSet read_range_set(const libcni::JsonReader& json);

} // namespace host_local
