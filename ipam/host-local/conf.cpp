// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/conf.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/log.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;
using libcni::NetworkConfig;

namespace {

constexpr const char* default_data_dir = "/var/lib/cni/networks";

std::optional<JsonReader> find(const std::optional<JsonReader>& json, std::string_view key) {
    return json ? json->find(key) : std::nullopt;
}

std::optional<JsonReader> find_ipam(const NetworkConfig& conf) {
    return conf.reader().find("ipam");
}

JsonReader require_ipam(const NetworkConfig& conf) {
    if (const auto ipam = find_ipam(conf)) return *ipam;
    throw Error(ErrorCode::invalid_network_config,
                "conf.ipam is missing",
                "host-local needs it to know its ranges");
}

void append_sets(std::vector<RangeSet>& sets, const std::optional<JsonReader>& list) {
    if (!list) return;
    for (const JsonReader& set : list->elements())
        sets.push_back(read_range_set(set));
}

void append_single_range(std::vector<RangeSet>& sets, const JsonReader& ipam) {
    if (ipam.find("subnet")) {
        sets.emplace_back(std::vector<Range>{read_range(ipam)});
        return;
    }
    for (const char* key : {"rangeStart", "rangeEnd", "gateway"})
        if (const auto lost = ipam.find(key))
            libcni::log::info(lost->path() + " has no effect without " + ipam.path() + ".subnet");
}

void refuse_overlaps(const std::vector<RangeSet>& sets) {
    for (std::size_t i = 0; i < sets.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (sets[i].overlaps(sets[j]))
                throw Error(ErrorCode::invalid_network_config,
                            "range set " + std::to_string(j) + " (" + sets[j].to_string()
                                + ") overlaps with range set " + std::to_string(i) + " ("
                                + sets[i].to_string() + ")",
                            "give each range set addresses of its own");
}

/// Results before 0.3.0 have room for one address of each family.
void refuse_too_many(const std::vector<RangeSet>& sets, libcni::SpecVersion version) {
    if (version >= libcni::SpecVersion::v0_3_0) return;
    const auto v4 = std::ranges::count_if(sets, &RangeSet::is_v4);
    if (v4 > 1 || std::ssize(sets) - v4 > 1)
        throw Error(ErrorCode::invalid_network_config,
                    "cniVersion " + std::string(to_string(version))
                        + " has room for one address of each family, but the conf has "
                        + std::to_string(sets.size()) + " range sets",
                    "set cniVersion to 0.3.0 or later");
}

std::optional<Address> parse_requested(const std::string& text) {
    if (const auto cidr = Cidr::parse(text)) return cidr->address();
    return libcni::parse_address(text);
}

void append_requested(std::vector<Address>& requested, const std::optional<JsonReader>& list) {
    if (!list) return;
    for (const std::string& text : list->texts()) {
        const auto address = parse_requested(text);
        if (!address)
            throw Error(ErrorCode::invalid_network_config,
                        list->path() + " holds \"" + text + "\", which is not an IP address",
                        "write addresses with or without a prefix length");
        requested.push_back(*address);
    }
}

void read_line(libcni::Dns& dns, const std::vector<std::string_view>& words) {
    if (words.size() < 2) return;
    const auto append = [&](std::vector<std::string>& list) {
        list.insert(list.end(), words.begin() + 1, words.end());
    };
    if (words[0] == "nameserver") dns.nameservers.emplace_back(words[1]);
    if (words[0] == "domain") dns.domain = words[1];
    if (words[0] == "search") append(dns.search);
    if (words[0] == "options") append(dns.options);
}

} // namespace

std::filesystem::path read_data_dir(const NetworkConfig& conf) {
    const auto data_dir = find(find_ipam(conf), "dataDir");
    if (!data_dir || data_dir->text().empty())
        return libcni::conf_path(default_data_dir, "the default of conf.ipam.dataDir");
    return libcni::conf_path(*data_dir);
}

std::vector<RangeSet> read_range_sets(const NetworkConfig& conf) {
    const JsonReader ipam = require_ipam(conf);
    std::vector<RangeSet> sets;
    append_sets(sets, find(conf.reader().find("runtimeConfig"), "ipRanges"));
    append_single_range(sets, ipam);
    append_sets(sets, ipam.find("ranges"));
    if (sets.empty())
        throw Error(ErrorCode::invalid_network_config,
                    "conf.ipam holds no ranges",
                    "give \"subnet\", or \"ranges\": [[{\"subnet\": \"10.244.4.0/24\"}]]");
    refuse_too_many(sets, conf.version);
    refuse_overlaps(sets);
    return sets;
}

std::vector<libcni::Route> read_routes(const NetworkConfig& conf) {
    std::vector<libcni::Route> routes;
    if (const auto list = require_ipam(conf).find("routes"))
        for (const JsonReader& route : list->elements())
            routes.push_back(libcni::decode_route(route));
    return routes;
}

std::vector<Address> read_requested(const libcni::Request& request) {
    request.args.require_known();
    std::vector<Address> requested;
    if (const std::string text = request.args.get("IP"); !text.empty()) {
        const auto address = parse_requested(text);
        if (!address)
            throw Error(ErrorCode::invalid_environment,
                        "CNI_ARGS asks for IP=" + text + ", which is not an IP address",
                        "write one address, with or without a prefix length");
        requested.push_back(*address);
    }
    const JsonReader conf = request.conf.reader();
    append_requested(requested, find(find(conf.find("args"), "cni"), "ips"));
    append_requested(requested, find(conf.find("runtimeConfig"), "ips"));
    return requested;
}

libcni::Dns read_resolv_conf(const NetworkConfig& conf) {
    const auto key = find(find_ipam(conf), "resolvConf");
    if (!key || key->text().empty()) return {};
    const std::filesystem::path file = libcni::conf_path(*key);
    const auto text = libcni::read_file(file);
    if (!text)
        throw Error(ErrorCode::io_failure,
                    key->path() + " names " + libcni::utf8_of(file) + ", which does not exist",
                    "create the file or remove the key");
    return parse_resolv_conf(*text);
}

libcni::Dns parse_resolv_conf(std::string_view text) {
    libcni::Dns dns;
    for (const auto line : libcni::split(libcni::without_byte_order_mark(text), '\n')) {
        const auto words = libcni::words(line);
        if (!words.empty() && words[0].front() != '#' && words[0].front() != ';')
            read_line(dns, words);
    }
    return dns;
}

} // namespace host_local
