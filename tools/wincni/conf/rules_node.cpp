// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/conf/values.hpp"

// What must fit the runtime, flanneld and the cluster's DNS.
namespace wincni::conf {

namespace {

void apiversion(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        const Node* node = part.is_windows() ? part.find("apiVersion") : nullptr;
        if (node == nullptr || node->text == "1" || node->text == "2") continue;
        found.add(node->span, "apiVersion is 1 or 2")
            .so("the plugin refuses the conf")
            .maybe("write 2, which containerd needs; 1 is for Docker", {{node->span, "2"}});
    }
}

void apiversion_runtime(const Document& document, const Context& context, Findings& found) {
    if (context.runtime.empty()) return;
    const bool is_docker = context.runtime == "docker";
    const std::string wanted = is_docker ? "1" : "2";
    for (const Part& part : document.parts) {
        const Node* node = part.is_windows() ? part.find("apiVersion") : nullptr;
        if (node == nullptr || (node->text != "1" && node->text != "2") || node->text == wanted)
            continue;
        found.add(node->span, context.runtime + " needs apiVersion " + wanted)
            .so(is_docker
                    ? "Docker's containers have no namespace of HCN: every ADD is refused"
                    : "containerd's pods are namespaces, which HNS v1 does not know: every ADD is "
                      "refused")
            .safe("write " + wanted, {{node->span, wanted}});
    }
}

void dns_outside_services(const Document& document, const Context& context, Findings& found) {
    if (context.services.empty()) return;
    for (const Part& part : document.parts) {
        if (!part.is_windows()) continue;
        const auto servers = name_servers_of(part);
        const auto is_service = [&](const NameServer& server) {
            return std::ranges::any_of(context.services, [&](const libcni::Cidr& one) {
                return one.contains(server.address);
            });
        };
        if (servers.empty() || std::ranges::any_of(servers, is_service)) continue;
        found.add(servers.front().node->span, "no name server is in the service network")
            .at("--service-cidr is "
                + libcni::joined(context.services,
                                 ", ",
                                 [](const libcni::Cidr& one) { return one.to_string(); }))
            .so("names of services are resolved by nobody, if the cluster's DNS is a service");
    }
}

void dns_suffixes(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        const Node* dns = part.is_windows() ? part.find("dns") : nullptr;
        const auto suffixes = texts_in(dns == nullptr ? nullptr : dns->find("search"));
        if (suffixes.size() < 2) continue;
        found.add(suffixes[1]->span, "a second DNS suffix")
            .so("Windows resolves short names by the first suffix only");
    }
}

void dns_options_v1(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        const Node* dns = part.is_windows() && part.api() == "1" ? part.find("dns") : nullptr;
        const Node* options = dns == nullptr ? nullptr : dns->find("options");
        if (options == nullptr || options->children.empty()) continue;
        found.add(options->key_span, "DNS options with apiVersion 1")
            .so("HNS v1 has no words for them: they are left out");
    }
}

const Node* number_or_null(const Node& object, const char* key) {
    const Node* node = object.find(key);
    return node != nullptr && node->kind == Kind::number ? node : nullptr;
}

void tell_backend(const Node& backend, const char* key, const char* wanted, Findings& found) {
    const Node* node = number_or_null(backend, key);
    const auto value = node == nullptr ? 0L : std::strtol(node->text.c_str(), nullptr, 10);
    const bool is_vni = std::string_view(key) == "VNI";
    const auto needed = std::strtol(wanted, nullptr, 10);
    if (node != nullptr && (is_vni ? value >= needed : value == needed)) return;
    if (node == nullptr) {
        found.add({backend.span.offset, 1}, std::string("the vxlan backend has no ") + key)
            .as(Severity::warning)
            .so("flanneld on Windows takes " + std::string(wanted)
                + ", on Linux another one: nodes of both do not reach each other")
            .advise("add \"" + std::string(key) + "\": " + wanted);
        return;
    }
    found.add(node->span, std::string(key) + " " + node->text + " does not work on Windows")
        .so(is_vni ? "flanneld on Windows refuses a VNI below 4096"
                   : "Windows' overlays use UDP port 4789, and flanneld refuses another one")
        .maybe(std::string("write ") + wanted, {{node->span, wanted}});
}

void vni_port(const Document& document, const Context&, Findings& found) {
    if (document.shape != Shape::net_conf) return;
    const Node* backend = document.root->find("Backend");
    if (!libcni::same_ignoring_case(backend->text_of("Type"), "vxlan")) return;
    tell_backend(*backend, "VNI", "4096", found);
    tell_backend(*backend, "Port", "4789", found);
}

void mac_prefix(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts)
        for (const Remark& remark : part.remarks) {
            if (!remark.is_refusal || remark.node == nullptr || remark.is_wrong_type
                || remark.path != "conf.endpointMacPrefix")
                continue;
            found
                .add(remark.node->span,
                     in_quotes(remark.node->text) + " is no prefix of MAC addresses")
                .so("the plugin refuses the conf")
                .advise(remark.details);
        }
}

constexpr std::array rules{
    Rule{"C601",
         "apiversion",
         Severity::error,
         apiversion,
         "apiVersion is 1 (HNS v1, Docker) or 2 (HCN, containerd); in quotes does as well."},
    Rule{"C602",
         "apiversion-runtime",
         Severity::error,
         apiversion_runtime,
         "apiVersion 1 under containerd, or 2 under Docker (--runtime)."},
    Rule{"C604",
         "dns-outside-services",
         Severity::warning,
         dns_outside_services,
         "No name server is in the service network (--service-cidr): a typing error, most often."},
    Rule{"C605",
         "dns-suffixes",
         Severity::note,
         dns_suffixes,
         "Windows resolves short names by the first DNS suffix only."},
    Rule{"C606",
         "dns-options-v1",
         Severity::warning,
         dns_options_v1,
         "HNS v1 (apiVersion 1) has no DNS options."},
    Rule{
        "C609",
        "vni-port",
        Severity::error,
        vni_port,
        "flanneld's net-conf.json: on Windows the VNI is 4096 or more and the port 4789. A warning "
        "where they are not said, as Linux nodes then take others."},
    Rule{"C610",
         "mac-prefix",
         Severity::error,
         mac_prefix,
         "endpointMacPrefix is two bytes in hex, 0E-2A, and the first one is even."}};

} // namespace

std::span<const Rule> rules_of_node() noexcept {
    return rules;
}

} // namespace wincni::conf
