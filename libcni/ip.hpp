// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace libcni {

/// An IPv4 or IPv6 address; compares by family, then by value.
using Address = boost::asio::ip::address;

/// Takes what Go's net.ParseIP takes, on every platform; no value for anything else. An IPv4
/// address that is written as IPv6 ("::ffff:10.0.0.1") is the IPv4 address, as in Go.
std::optional<Address> parse_address(std::string_view text);

/// 32 or 128: the bits that an address of this family has.
unsigned address_bits(const Address& address) noexcept;

/// The address that many places further; no value past the end of the family.
std::optional<Address> plus(const Address& address, std::uint64_t places);

/// An address with its prefix length. Host bits are kept ("10.244.3.7/24"); network() drops them.
class Cidr {
public:
    /// Throws std::out_of_range when the family has no such prefix length.
    Cidr(const Address& address, unsigned prefix_length);

    /// Takes what Go's net.ParseCIDR takes: "address/bits", bits in decimal without a sign.
    static std::optional<Cidr> parse(std::string_view text);

    [[nodiscard]] const Address& address() const noexcept { return address_; }

    [[nodiscard]] unsigned prefix_length() const noexcept { return prefix_length_; }

    [[nodiscard]] bool is_v4() const noexcept { return address_.is_v4(); }

    /// The same prefix with all host bits zero.
    [[nodiscard]] Cidr network() const;

    /// The address with all host bits one; for IPv4 the broadcast address.
    [[nodiscard]] Address last() const;

    /// False for an address of the other family.
    [[nodiscard]] bool contains(const Address& other) const;

    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const Cidr&, const Cidr&) = default;

private:
    Address address_;
    unsigned prefix_length_;
};

/// "0.0.0.0/0" or "::/0".
Cidr default_route_of(const Address& family);

} // namespace libcni
