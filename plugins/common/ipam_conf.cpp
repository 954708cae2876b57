// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/ipam_conf.hpp"

#include <algorithm>
#include <iterator>

#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "plugins/common/values.hpp"

namespace plugins {

using libcni::Address;
using libcni::Cidr;
using libcni::JsonReader;

namespace {

std::optional<JsonReader> find_text(const JsonReader& object, std::string_view key) {
    if (!object.is_object()) return std::nullopt;
    auto found = object.find(key);
    if (!found || !found->is_string() || found->text().empty()) return std::nullopt;
    return found;
}

/// The key of a route that holds its gateway, in either spelling of Microsoft's.
std::optional<JsonReader> gateway_key(const JsonReader& route) {
    auto key = route.find("GW");
    return key ? key : route.find("gateway");
}

/// Microsoft's confs leave the destination of a default route out.
bool is_default(const JsonReader& route) {
    const auto key = route.find("dst");
    return !key || key->text().empty() || read_network(*key).prefix_length() == 0;
}

std::optional<Address> find_address(const JsonReader& object, std::string_view key) {
    const auto text = find_text(object, key);
    return text ? libcni::parse_address(text->text()) : std::nullopt;
}

std::optional<PodRange> find_range(const JsonReader& object) {
    const auto text = find_text(object, "subnet");
    const auto subnet = text ? Cidr::parse(text->text()) : std::nullopt;
    if (!subnet) return std::nullopt;
    return PodRange{.subnet = subnet->network(),
                    .start = find_address(object, "rangeStart"),
                    .end = find_address(object, "rangeEnd"),
                    .gateway = find_address(object, "gateway")};
}

/// The gateway of a range, or of `ipam` itself; it is for the addresses of the subnet beside it.
void add_gateway(std::vector<AuthorGateway>& gateways, const JsonReader& object) {
    const auto key = find_text(object, "gateway");
    if (!key) return;
    AuthorGateway gateway{.address = read_address(*key), .key = key->path()};
    if (const auto range = find_range(object)) gateway.subnet = range->subnet;
    gateways.push_back(std::move(gateway));
}

std::vector<JsonReader> elements_of(const std::optional<JsonReader>& list) {
    return list && list->is_array() ? list->elements() : std::vector<JsonReader>();
}

/// One of host-local's lists of range sets.
void add_sets(IpamConf& found, const std::optional<JsonReader>& list) {
    for (const auto& set : elements_of(list)) {
        std::vector<PodRange> ranges;
        for (const auto& object : elements_of(set)) {
            add_gateway(found.gateways, object);
            if (const auto range = find_range(object)) ranges.push_back(*range);
        }
        found.sets.push_back(std::move(ranges));
    }
}

void read_ranges(IpamConf& found, const JsonReader& conf, const JsonReader& ipam) {
    const auto runtime = conf.find("runtimeConfig");
    if (runtime && runtime->is_object()) add_sets(found, runtime->find("ipRanges"));
    if (const auto range = find_range(ipam)) found.sets.push_back({*range});
    add_sets(found, ipam.find("ranges"));
}

/// Other than a gateway's, destinations are for the IPAM plugin to check.
std::vector<std::string> default_routes_in(const JsonReader& routes) {
    std::vector<std::string> places;
    for (const auto& route : routes.elements()) {
        const auto text = find_text(route, "dst");
        const auto destination = text ? Cidr::parse(text->text()) : std::nullopt;
        if (text ? destination && destination->prefix_length() == 0 : is_default(route))
            places.push_back(route.path());
    }
    return places;
}

/// Microsoft's spelling counts for default routes only: the others are host-local's.
void warn_of_gateways_that_nobody_reads(const JsonReader& routes) {
    for (const auto& route : routes.elements()) {
        const auto destination = find_text(route, "dst");
        const auto prefix = destination ? Cidr::parse(destination->text()) : std::nullopt;
        const auto gateway = find_text(route, "gateway");
        if (gateway && prefix && prefix->prefix_length() != 0)
            libcni::log::warning(gateway->path() + " " + gateway->text()
                                 + " is read by nobody: the gateway of this route is \"gw\"");
    }
}

/// What another IPAM plugin means by these keys may not be what host-local does.
bool is_ours_to_read(const std::string& type) {
    return type.empty() || libcni::means_plugin(type, "host-local");
}

} // namespace

IpamConf read_ipam_conf(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    IpamConf found{.type = libcni::ipam_type_of(request.conf)};
    const auto ipam = conf.find("ipam");
    if (!ipam || !ipam->is_object()) return found;
    const auto subnet = ipam->find("subnet");
    found.has_empty_subnet = subnet && subnet->is_string() && subnet->text().empty();
    if (!is_ours_to_read(found.type)) return found;
    if (const auto routes = ipam->find("routes")) {
        found.gateways = gateways_in(*routes);
        found.default_routes = default_routes_in(*routes);
        warn_of_gateways_that_nobody_reads(*routes);
    }
    add_gateway(found.gateways, *ipam);
    if (libcni::means_plugin(found.type, "host-local")) read_ranges(found, conf, *ipam);
    return found;
}

std::vector<AuthorGateway> gateways_of_new_network(const libcni::Request& request) {
    std::vector<AuthorGateway> gateways;
    const auto object = request.conf.reader().find("createNetwork");
    if (!object || !object->is_object()) return gateways;
    add_gateway(gateways, *object);
    for (const auto& subnet : elements_of(object->find("subnets")))
        add_gateway(gateways, subnet);
    return gateways;
}

std::vector<AuthorGateway> gateways_in(const JsonReader& routes) {
    std::vector<AuthorGateway> gateways;
    for (const auto& route : routes.elements()) {
        const auto key = gateway_key(route);
        if (key && !key->text().empty() && is_default(route))
            gateways.push_back({.address = read_address(*key), .key = key->path()});
    }
    return gateways;
}

} // namespace plugins
