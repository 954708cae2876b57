// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/ranges.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;

namespace {

constexpr std::uint64_t uncountable = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void refuse(const std::string& msg, const std::string& details = {}) {
    throw Error(ErrorCode::invalid_network_config, msg, details);
}

Address after(const Address& address) {
    return address_of(number_of(address) + 1, address);
}

Address before(const Address& address) {
    return address_of(number_of(address) - 1, address);
}

void require_inside(const Cidr& subnet, const std::optional<Address>& address, const char* key) {
    if (address && !subnet.contains(*address))
        refuse(std::string(key) + " " + address->to_string() + " is not in subnet "
               + subnet.to_string());
}

/// Subnets that leave room for a gateway and a pod, as the Go plugin demands.
const Cidr& checked(const Cidr& subnet) {
    if (subnet.is_v4() != subnet.network().is_v4() || subnet.network() != subnet)
        refuse("subnet " + subnet.to_string() + " has host bits set",
               "write " + subnet.network().to_string());
    if (!subnet.is_v4() && subnet.address().to_v6().is_v4_mapped())
        refuse("subnet " + subnet.to_string() + " is IPv4 written as IPv6",
               "write it as an IPv4 subnet");
    if (subnet.prefix_length() + 2 > libcni::address_bits(subnet.address()))
        refuse("subnet " + subnet.to_string() + " is too small to assign addresses from",
               "it must hold at least four addresses");
    return subnet;
}

std::optional<Address> find_address(const JsonReader& json, std::string_view key) {
    const auto value = json.find(key);
    if (!value || value->text().empty()) return std::nullopt;
    auto address = libcni::parse_address(value->text());
    if (!address) value->mismatch("an IP address");
    return address;
}

} // namespace

AddressNumber number_of(const Address& address) {
    if (address.is_v4()) return address.to_v4().to_uint();
    AddressNumber number = 0;
    for (const unsigned char byte : address.to_v6().to_bytes())
        number = number << 8 | byte;
    return number;
}

Address address_of(AddressNumber number, const Address& like) {
    if (like.is_v4()) return boost::asio::ip::address_v4(static_cast<std::uint32_t>(number));
    boost::asio::ip::address_v6::bytes_type bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; number >>= 8)
        bytes[i] = static_cast<unsigned char>(number & 0xFFU);
    return boost::asio::ip::address_v6(bytes);
}

Range::Range(const RangeConf& conf)
    : subnet_(checked(conf.subnet))
    , start_(conf.start.value_or(after(subnet_.address())))
    , end_(conf.end.value_or(subnet_.is_v4() ? before(subnet_.last()) : subnet_.last()))
    , gateway_(conf.gateway.value_or(after(subnet_.address()))) {
    require_inside(subnet_, conf.start, "rangeStart");
    require_inside(subnet_, conf.end, "rangeEnd");
    if (gateway_.is_v4() != subnet_.is_v4())
        refuse("gateway " + gateway_.to_string() + " is not of the same family as subnet "
               + subnet_.to_string());
    if (end_ < start_)
        refuse("rangeStart " + start_.to_string() + " is after the end of the range, "
               + end_.to_string());
}

bool Range::contains(const Address& address) const noexcept {
    // Addresses of another family compare as all smaller or all greater.
    return start_ <= address && address <= end_;
}

const char* Range::why_reserved(const Address& address) const {
    if (address == gateway_) return "the gateway";
    if (address == subnet_.address()) return "the network's own address";
    if (subnet_.is_v4() && address == subnet_.last()) return "the broadcast address";
    return nullptr;
}

std::uint64_t Range::capacity() const {
    const AddressNumber span = number_of(end_) - number_of(start_);
    if (span >= uncountable) return uncountable;
    std::set<Address> reserved{gateway_, subnet_.address()};
    if (subnet_.is_v4()) reserved.insert(subnet_.last());
    const auto taken = std::ranges::count_if(reserved, [&](const auto& a) { return contains(a); });
    return static_cast<std::uint64_t>(span) + 1 - static_cast<std::uint64_t>(taken);
}

bool Range::overlaps(const Range& other) const noexcept {
    return start_ <= other.end_ && other.start_ <= end_;
}

std::string Range::to_string() const {
    return start_.to_string() + "-" + end_.to_string();
}

RangeSet::RangeSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {
    if (ranges_.empty()) refuse("the range set is empty", "give at least one subnet");
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        if (ranges_[i].subnet().is_v4() != is_v4())
            refuse("the range set mixes IPv4 and IPv6: " + to_string(),
                   "give every family a range set of its own");
        for (std::size_t j = 0; j < i; ++j)
            if (ranges_[i].overlaps(ranges_[j]))
                refuse("ranges " + ranges_[j].to_string() + " and " + ranges_[i].to_string()
                       + " overlap");
    }
}

const Range* RangeSet::find(const Address& address) const noexcept {
    const auto found =
        std::ranges::find_if(ranges_, [&](const Range& r) { return r.contains(address); });
    return found == ranges_.end() ? nullptr : &*found;
}

std::uint64_t RangeSet::capacity() const {
    std::uint64_t sum = 0;
    for (const Range& range : ranges_) {
        const std::uint64_t more = range.capacity();
        sum = more > uncountable - sum ? uncountable : sum + more;
    }
    return sum;
}

bool RangeSet::overlaps(const RangeSet& other) const noexcept {
    return std::ranges::any_of(ranges_, [&](const Range& mine) {
        return std::ranges::any_of(other.ranges_, [&](const Range& r) { return mine.overlaps(r); });
    });
}

std::string RangeSet::to_string() const {
    return libcni::joined(ranges_, ",", &Range::to_string);
}

RoundRobin::RoundRobin(const RangeSet& set, const std::optional<Address>& last_given) : set_(&set) {
    const Range* const found = last_given ? set.find(*last_given) : nullptr;
    position_ = number_of(set.ranges().front().start());
    if (found != nullptr) {
        range_ = static_cast<std::size_t>(found - set.ranges().data());
        position_ = number_of(*last_given);
        step();
    }
    first_range_ = range_;
    first_position_ = position_;
}

void RoundRobin::step() noexcept {
    if (position_ != number_of(set_->ranges()[range_].end())) {
        ++position_;
        return;
    }
    range_ = (range_ + 1) % set_->ranges().size();
    position_ = number_of(set_->ranges()[range_].start());
}

std::optional<Address> RoundRobin::next() {
    while (!started_ || range_ != first_range_ || position_ != first_position_) {
        started_ = true;
        const Range& range = set_->ranges()[range_];
        const Address candidate = address_of(position_, range.start());
        step();
        if (range.why_reserved(candidate) == nullptr) return candidate;
    }
    return std::nullopt;
}

Range read_range(const JsonReader& json) {
    const JsonReader subnet = json.require("subnet");
    const auto cidr = Cidr::parse(subnet.text());
    if (!cidr) subnet.mismatch("a subnet such as \"10.244.4.0/24\"");
    try {
        return Range({.subnet = *cidr,
                      .start = find_address(json, "rangeStart"),
                      .end = find_address(json, "rangeEnd"),
                      .gateway = find_address(json, "gateway")});
    } catch (Error& error) {
        error.within(json.path());
        throw;
    }
}

RangeSet read_range_set(const JsonReader& json) {
    std::vector<Range> ranges;
    for (const JsonReader& range : json.elements())
        ranges.push_back(read_range(range));
    try {
        return RangeSet(std::move(ranges));
    } catch (Error& error) {
        error.within(json.path());
        throw;
    }
}

} // namespace host_local
