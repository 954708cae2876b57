// SPDX-License-Identifier: Apache-2.0
// What is read as an address or a prefix prints as text that reads the same.
#include "libcni/ip.hpp"
#include "tests/fuzz/fuzz.hpp"

using libcni::Address;
using libcni::Cidr;

namespace {

void check(const Address& address) {
    must(libcni::parse_address(address.to_string()) == address);
    must(libcni::plus(address, 0) == address);
}

void check(const Cidr& prefix) {
    must(Cidr::parse(prefix.to_string()) == prefix);
    must(prefix.prefix_length() <= libcni::address_bits(prefix.address()));
    must(prefix.contains(prefix.address()));
    must(prefix.contains(prefix.last()));
    must(prefix.network().network() == prefix.network());
    must(prefix.network().last() == prefix.last());
    if (const auto behind = libcni::plus(prefix.last(), 1)) must(!prefix.contains(*behind));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    if (const auto address = libcni::parse_address(text)) check(*address);
    if (const auto prefix = Cidr::parse(text)) check(*prefix);
    return 0;
}
