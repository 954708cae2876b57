// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/view.hpp"

#include <optional>

#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/table.hpp"

namespace wincni {

using hnsclient::Endpoint;
using hnsclient::EndpointRoute;
using hnsclient::MacRange;
using hnsclient::Namespace;
using hnsclient::Network;
using hnsclient::Subnet;
using nlohmann::ordered_json;

namespace {

ordered_json text_or_null(const std::string& text) {
    return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json address_or_null(const std::optional<libcni::Address>& address) {
    return address ? ordered_json(address->to_string()) : ordered_json();
}

ordered_json to_json(const hnsclient::Dns& dns) {
    return {{"domain", text_or_null(dns.domain)},
            {"search", dns.search},
            {"servers", dns.servers},
            {"options", dns.options}};
}

ordered_json to_json(const Subnet& subnet) {
    return {{"prefix", subnet.prefix.to_string()},
            {"gateway", address_or_null(subnet.gateway)},
            {"vni", subnet.vni ? ordered_json(*subnet.vni) : ordered_json()}};
}

ordered_json to_json(const EndpointRoute& route) {
    return {{"destination", route.destination.to_string()},
            {"nextHop", address_or_null(route.next_hop)}};
}

template <class Elements, class Encode>
ordered_json array_of(const Elements& elements, Encode encode) {
    ordered_json array = ordered_json::array();
    for (const auto& element : elements)
        array.push_back(encode(element));
    return array;
}

/// "Name:  value" lines; a list takes a line for each of its elements.
class Sheet {
public:
    void add(const std::string& label, const std::string& value) {
        if (!value.empty()) table_.add({label, value});
    }

    void add(std::string label, const std::vector<std::string>& values) {
        for (const auto& value : values) {
            table_.add({label, value});
            label = " ";
        }
    }

    void add(const std::string& label, const hnsclient::Dns& dns) {
        add(label + " servers", libcni::joined(dns.servers, ", "));
        add(label + " domain", dns.domain);
        add(label + " search", libcni::joined(dns.search, ", "));
        add(label + " options", libcni::joined(dns.options, ", "));
    }

    template <class Elements, class Text>
    void add(const std::string& label, const Elements& elements, Text text) {
        std::vector<std::string> texts;
        for (const auto& element : elements)
            texts.push_back(text(element));
        add(label, texts);
    }

    [[nodiscard]] std::string text() const { return table_.text(); }

private:
    Table table_;
};

std::string text_of(const std::optional<hnsclient::MacAddress>& mac) {
    return mac ? mac->to_string() : std::string();
}

std::string text_of(const Subnet& subnet) {
    std::string text = subnet.prefix.to_string();
    if (subnet.gateway) text += " via " + subnet.gateway->to_string();
    if (subnet.vni) text += ", VNI " + std::to_string(*subnet.vni);
    return text;
}

std::string text_of(const EndpointRoute& route) {
    std::string text = route.destination.to_string();
    if (route.next_hop) text += " via " + route.next_hop->to_string();
    return text;
}

std::string text_of(const hnsclient::Policy& policy) {
    return hnsclient::v2::encode(policy).dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

std::string text_of(const hnsclient::EndpointAddress& address) {
    std::string text = address.address.to_string();
    if (address.prefix_length) text += "/" + std::to_string(*address.prefix_length);
    return text;
}

std::string document(const ordered_json& json) {
    return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json to_json(const Network& network) {
    const auto mac_range = [](const MacRange& range) {
        return ordered_json{{"first", range.first.to_string()}, {"last", range.last.to_string()}};
    };
    return {{"id", network.id},
            {"name", network.name},
            {"type", network.type},
            {"subnets", array_of(network.subnets, [](const Subnet& s) { return to_json(s); })},
            {"macRanges", array_of(network.mac_ranges, mac_range)},
            {"dns", to_json(network.dns)},
            {"adapter", text_or_null(network.adapter)},
            {"managementAddress", address_or_null(network.management_address)},
            {"flags", network.flags}};
}

ordered_json to_json(const Endpoint& endpoint) {
    const auto policy = [](const hnsclient::Policy& p) {
        return ordered_json(hnsclient::v2::encode(p));
    };
    return {{"id", endpoint.id},
            {"name", endpoint.name},
            {"networkId", text_or_null(endpoint.network_id)},
            {"namespaceId", text_or_null(endpoint.namespace_id)},
            {"addresses", array_of(endpoint.addresses, [](const auto& a) { return text_of(a); })},
            {"routes", array_of(endpoint.routes, [](const auto& r) { return to_json(r); })},
            {"mac", text_or_null(text_of(endpoint.mac))},
            {"dns", to_json(endpoint.dns)},
            {"policies", array_of(endpoint.policies, policy)},
            {"isRemote", endpoint.is_remote},
            {"healthError", endpoint.health_error}};
}

ordered_json to_json(const Namespace& hns_namespace) {
    return {{"id", hns_namespace.id},
            {"compartment", hns_namespace.compartment},
            {"type", hns_namespace.type},
            {"endpointIds", hns_namespace.endpoint_ids},
            {"containerIds", hns_namespace.container_ids}};
}

std::string details(const Network& network) {
    Sheet sheet;
    sheet.add("Network", network.name);
    sheet.add("ID", network.id);
    sheet.add("Type", network.type);
    sheet.add("Subnet", network.subnets, [](const Subnet& subnet) { return text_of(subnet); });
    sheet.add("MAC addresses", network.mac_ranges, [](const MacRange& range) {
        return range.first.to_string() + " to " + range.last.to_string();
    });
    sheet.add("DNS", network.dns);
    sheet.add("Adapter", network.adapter);
    if (network.management_address)
        sheet.add("Host's address", network.management_address->to_string());
    if (network.flags != 0) sheet.add("Flags", std::to_string(network.flags));
    return sheet.text();
}

std::string details(const Endpoint& endpoint) {
    Sheet sheet;
    sheet.add("Endpoint", endpoint.name);
    sheet.add("ID", endpoint.id);
    sheet.add("Network", endpoint.network_id);
    sheet.add("Namespace", endpoint.namespace_id.empty() ? "none" : endpoint.namespace_id);
    sheet.add("Address", endpoint.addresses, [](const auto& address) { return text_of(address); });
    sheet.add("MAC address", text_of(endpoint.mac));
    sheet.add("Route", endpoint.routes, [](const EndpointRoute& route) { return text_of(route); });
    sheet.add("DNS", endpoint.dns);
    sheet.add("Policy", endpoint.policies, [](const auto& policy) { return text_of(policy); });
    if (endpoint.is_remote) sheet.add("On another node", "yes");
    if (endpoint.health_error != 0)
        sheet.add("Health", "HNS reports error " + std::to_string(endpoint.health_error));
    return sheet.text();
}

std::string details(const Namespace& hns_namespace) {
    Sheet sheet;
    sheet.add("Namespace", hns_namespace.id);
    sheet.add("Type", hns_namespace.type);
    sheet.add("Compartment", std::to_string(hns_namespace.compartment));
    sheet.add("Endpoint", hns_namespace.endpoint_ids);
    sheet.add("Container", hns_namespace.container_ids);
    return sheet.text();
}

} // namespace wincni
