// SPDX-License-Identifier: Apache-2.0
#include "plugins/flannel/subnet_env.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <string>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"

namespace flannel {

using libcni::Cidr;
using libcni::Error;
using libcni::ErrorCode;

namespace {

/// Only keys with a value are in it.
using Values = std::map<std::string, std::string, std::less<>>;

struct Family {
    bool is_v4;
    const char* network;
    const char* subnet;
};

constexpr std::array families{Family{true, "FLANNEL_NETWORK", "FLANNEL_SUBNET"},
                              Family{false, "FLANNEL_IPV6_NETWORK", "FLANNEL_IPV6_SUBNET"}};
constexpr const char* mtu_key = "FLANNEL_MTU";
constexpr const char* ip_masq_key = "FLANNEL_IPMASQ";

/// Up to a "#" behind white space.
std::string_view without_comment(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i)
        if (text[i] == '#' && libcni::trimmed(text.substr(i - 1, 1)).empty())
            return text.substr(0, i);
    return text;
}

std::string_view value_of(std::string_view text) {
    const std::string_view all = libcni::trimmed(text);
    if (!all.empty() && (all.front() == '"' || all.front() == '\'')) {
        const auto end = all.find(all.front(), 1);
        if (end != std::string_view::npos) return libcni::trimmed(all.substr(1, end - 1));
    }
    return libcni::trimmed(without_comment(text));
}

void read_line(Values& values, std::string_view line) {
    constexpr std::string_view prefix = "export ";
    line = libcni::trimmed(line);
    if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) return;
    const std::string key(libcni::trimmed(line.substr(0, equals)));
    const std::string_view value = value_of(line.substr(equals + 1));
    if (value.empty())
        values.erase(key);
    else
        values[key] = value;
}

Values values_in(std::string_view text) {
    Values values;
    for (const auto line : libcni::split(text, '\n'))
        read_line(values, line);
    return values;
}

bool has(const Values& values, std::string_view key) {
    return values.find(key) != values.end();
}

/// A file without any address lacks those of IPv4.
bool is_wanted(const Values& values, const Family& family) {
    const auto is_used = [&](const Family& f) {
        return has(values, f.network) || has(values, f.subnet);
    };
    return is_used(family) || (family.is_v4 && std::ranges::none_of(families, is_used));
}

void require_all(const Values& values) {
    std::vector<std::string_view> missing;
    const auto require = [&](const char* key) {
        if (!has(values, key)) missing.push_back(key);
    };
    for (const Family& family : families) {
        if (!is_wanted(values, family)) continue;
        require(family.network);
        require(family.subnet);
    }
    require(mtu_key);
    require(ip_masq_key);
    if (!missing.empty())
        throw Error(
            ErrorCode::try_again_later,
            "the file lacks " + libcni::joined(missing, ", "),
            "flanneld may be writing it right now; if this persists, look at flanneld's log "
            "on this node");
}

[[noreturn]] void refuse(std::string_view key, std::string_view value, const std::string& wanted) {
    throw Error(ErrorCode::invalid_network_config,
                std::string(key) + " is \"" + std::string(value) + "\", which is not " + wanted,
                "flanneld writes this file when it starts: look at its log on this node, and at "
                "net-conf.json of the cluster");
}

Cidr read_cidr(const Family& family, std::string_view key, std::string_view text) {
    const auto cidr = Cidr::parse(text);
    if (!cidr || cidr->is_v4() != family.is_v4)
        refuse(key,
               text,
               family.is_v4 ? "an IPv4 prefix like 10.244.0.0/16"
                            : "an IPv6 prefix like fd00:10:244::/48");
    return cidr->network();
}

std::vector<Cidr> read_networks(const Family& family, std::string_view list) {
    std::vector<Cidr> networks;
    for (const auto network : libcni::split(list, ','))
        networks.push_back(read_cidr(family, family.network, libcni::trimmed(network)));
    return networks;
}

unsigned read_mtu(std::string_view text) {
    unsigned mtu = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, mtu);
    if (fault != std::errc() || stop != end) refuse(mtu_key, text, "a number of bytes");
    return mtu;
}

bool read_ip_masq(std::string_view text) {
    const auto value = parse_boolean(text);
    if (!value) refuse(ip_masq_key, text, "true or false");
    return *value;
}

bool is_utf16(std::string_view text) {
    return libcni::has_utf16_mark(text) || text.find('\0') != std::string_view::npos;
}

} // namespace

SubnetEnv parse_subnet_env(std::string_view text) {
    if (is_utf16(text))
        throw Error(ErrorCode::decoding_failure,
                    "the file is UTF-16 text",
                    "save it as plain text (PowerShell: Set-Content -Encoding ascii)");
    const Values values = values_in(libcni::without_byte_order_mark(text));
    require_all(values);
    SubnetEnv env;
    for (const Family& family : families) {
        if (!has(values, family.subnet)) continue;
        const auto networks = read_networks(family, values.find(family.network)->second);
        env.networks.insert(env.networks.end(), networks.begin(), networks.end());
        env.subnets.push_back(read_cidr(family, family.subnet, values.find(family.subnet)->second));
    }
    env.mtu = read_mtu(values.find(mtu_key)->second);
    env.ip_masq = read_ip_masq(values.find(ip_masq_key)->second);
    return env;
}

SubnetEnv read_subnet_env(const std::filesystem::path& file) {
    const auto text = libcni::read_file(file);
    if (!text)
        throw Error(ErrorCode::try_again_later,
                    "flanneld has not written " + libcni::utf8_of(file) + " yet",
                    "it writes this file once it has a subnet for this node: look at flanneld's "
                    "log, or set subnetFile in the conf to the file that it writes");
    try {
        return parse_subnet_env(*text);
    } catch (Error& error) {
        error.within(libcni::utf8_of(file));
        throw;
    }
}

std::optional<bool> parse_boolean(std::string_view text) {
    const auto is_one_of = [&](const auto& spellings) {
        return std::ranges::any_of(
            spellings, [&](std::string_view s) { return libcni::same_ignoring_case(s, text); });
    };
    constexpr std::array<std::string_view, 6> yes{"true", "t", "yes", "y", "on", "1"};
    constexpr std::array<std::string_view, 6> no{"false", "f", "no", "n", "off", "0"};
    if (is_one_of(yes)) return true;
    if (is_one_of(no)) return false;
    return std::nullopt;
}

} // namespace flannel
