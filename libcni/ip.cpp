// SPDX-License-Identifier: Apache-2.0
#include "libcni/ip.hpp"

#include <charconv>
#include <stdexcept>

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace libcni {

namespace asio_ip = boost::asio::ip;

namespace {

std::optional<Address> parse_as_written(std::string_view text);

// Windows parses through WSAStringToAddress, which also takes "10.1", "010.0.0.1" (octal) and
// "10.0.0.1:80"; only the plain spelling may pass.
bool is_plain(std::string_view text, const Address& parsed) {
    if (parsed.is_v4()) return parsed.to_string() == text;
    if (text.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
    // The end of "::10.0.0.010" is read as leniently.
    const std::string_view tail = text.substr(text.rfind(':') + 1);
    return tail.find('.') == std::string_view::npos || parse_as_written(tail);
}

Address unmapped(const Address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio_ip::make_address_v4(asio_ip::v4_mapped, address.to_v6());
    return address;
}

std::optional<Address> parse_as_written(std::string_view text) {
    boost::system::error_code error;
    Address parsed = asio_ip::make_address(text, error);
    if (error || !is_plain(text, parsed)) return std::nullopt;
    return parsed;
}

} // namespace

std::optional<Address> parse_address(std::string_view text) {
    const auto parsed = parse_as_written(text);
    if (!parsed) return std::nullopt;
    return unmapped(*parsed);
}

unsigned address_bits(const Address& address) noexcept {
    return address.is_v4() ? 32 : 128;
}

std::optional<Address> plus(const Address& address, std::uint64_t places) {
    if (address.is_v4()) {
        const std::uint64_t sum = address.to_v4().to_uint() + places;
        if (places > 0xFFFFFFFFU || sum > 0xFFFFFFFFU) return std::nullopt;
        return asio_ip::address_v4(static_cast<std::uint32_t>(sum));
    }
    auto bytes = address.to_v6().to_bytes();
    unsigned carry = 0;
    for (std::size_t i = bytes.size(); i-- > 0; places >>= 8) {
        const unsigned sum = bytes[i] + static_cast<unsigned>(places & 0xFFU) + carry;
        bytes[i] = static_cast<unsigned char>(sum & 0xFFU);
        carry = sum >> 8;
    }
    if (carry != 0) return std::nullopt;
    return asio_ip::address_v6(bytes);
}

Cidr::Cidr(const Address& address, unsigned prefix_length)
    : address_(address), prefix_length_(prefix_length) {
    if (prefix_length > address_bits(address)) throw std::out_of_range("prefix length");
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto address = parse_as_written(text.substr(0, slash));
    const std::string_view digits = text.substr(slash + 1);
    const char* const last = digits.data() + digits.size();
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), last, bits);
    if (!address || error != std::errc{} || end != last || bits > address_bits(*address))
        return std::nullopt;
    return Cidr(*address, bits);
}

Cidr Cidr::network() const {
    const auto bits = static_cast<unsigned short>(prefix_length_);
    if (is_v4()) return {asio_ip::network_v4(address_.to_v4(), bits).network(), prefix_length_};
    return {asio_ip::network_v6(address_.to_v6(), bits).network(), prefix_length_};
}

Address Cidr::last() const {
    if (is_v4())
        return asio_ip::network_v4(address_.to_v4(), static_cast<unsigned short>(prefix_length_))
            .broadcast();
    auto bytes = address_.to_v6().to_bytes();
    for (unsigned bit = prefix_length_; bit < 128; ++bit)
        bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] | (0x80U >> (bit % 8)));
    return asio_ip::address_v6(bytes);
}

bool Cidr::contains(const Address& other) const {
    return other.is_v4() == is_v4() && Cidr(other, prefix_length_).network() == network();
}

std::string Cidr::to_string() const {
    return address_.to_string() + "/" + std::to_string(prefix_length_);
}

Cidr default_route_of(const Address& family) {
    if (family.is_v4()) return {asio_ip::address_v4::any(), 0};
    return {asio_ip::address_v6::any(), 0};
}

} // namespace libcni
