// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "hnsclient/policy.hpp"
#include "libcni/base/text.hpp"
#include "libcni/unread_keys.hpp"
#include "tools/wincni/conf/placeholder.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/conf/values.hpp"

// Endpoint policies.
namespace wincni::conf {

namespace {

using libcni::Cidr;

constexpr std::array<std::string_view, 3> lists{"policies", "AdditionalArgs", "HcnPolicyArgs"};

bool is_nat(const Policy& policy) {
    return policy.is("OutBoundNAT", "OutBoundNAT");
}

bool is_route(const Policy& policy) {
    return policy.is("ROUTE", "SDNRoute");
}

const Node* exceptions_of(const Policy& policy) {
    return is_nat(policy) ? policy.find({"Exceptions", "ExceptionList"}) : nullptr;
}

struct Exception {
    const Node* node;
    const Node* list;
    Cidr cidr;
};

/// The exceptions of a policy that are networks.
std::vector<Exception> networks_in(const Policy& policy) {
    std::vector<Exception> networks;
    const Node* list = exceptions_of(policy);
    for (const Node* text : texts_in(list))
        if (const auto cidr = network_in(*text)) networks.push_back({text, list, *cidr});
    return networks;
}

/// Each policy of each part that one of the Windows plugins reads.
template <class Tell>
void each_policy(const Document& document, Tell tell) {
    for (const Part& part : document.parts)
        if (part.is_windows())
            for (const Policy& policy : part.policies)
                tell(part, policy);
}

void tell_shape(const Policy& policy, Findings& found) {
    const bool has_value = policy.value != nullptr && policy.value->is_object();
    const bool is_named =
        libcni::same_ignoring_case(policy.entry->text_of("name"), "EndpointPolicy");
    if (!is_named && policy.list != "HcnPolicyArgs") return;
    if (has_value && !policy.type.empty()) return;
    found
        .add(has_value ? Span{policy.value->span.offset, 1} : Span{policy.entry->span.offset, 1},
             has_value ? "the policy has no \"Type\"" : "the entry has no \"value\"")
        .so("the plugin refuses the conf, or HNS does")
        .advise(
            R"(write {"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT", "Settings": {...}}})");
}

void policy_shape(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        if (!part.is_windows()) continue;
        for (const auto key : lists) {
            const Node* list = part.object->find(key);
            if (list == nullptr || !list->is_array()) continue;
            for (const Node& entry : list->children)
                if (!entry.is_object() && entry.kind != Kind::null)
                    found.add(entry.span, "this is no policy: an object is wanted")
                        .so("the plugin refuses the conf");
        }
    }
    each_policy(document, [&](const Part&, const Policy& policy) { tell_shape(policy, found); });
}

void policy_name(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        const Node* name = policy.entry->find("name");
        if (policy.list == "HcnPolicyArgs") return;
        if (name != nullptr && libcni::same_ignoring_case(name->text, "EndpointPolicy")) return;
        auto& finding =
            found
                .add(name == nullptr ? Span{policy.entry->span.offset, 1} : name->span,
                     name == nullptr ? std::string("the policy has no name")
                                     : "the policy is named " + in_quotes(name->text))
                .so("plugins pass over what is not named EndpointPolicy: pods do not have it");
        const std::string wanted = "\"EndpointPolicy\"";
        if (name == nullptr)
            finding.maybe("add the name",
                          {insertion_into(document.text, *policy.entry, "\"name\": " + wanted)});
        else
            finding.maybe("name it so", {{name->span, wanted}});
    });
}

/// The known name that is nearly this one; empty for a known one, and for one like none.
std::string_view meant_by(std::string_view name, std::span<const std::string_view> known) {
    std::string_view nearest;
    constexpr std::size_t short_name = 6;
    std::size_t lowest = name.size() < short_name ? 2 : 3;
    for (const auto one : known) {
        const auto distance = libcni::distance_between(one, name);
        if (distance == 0) return {};
        if (distance >= lowest) continue;
        lowest = distance;
        nearest = one;
    }
    return nearest;
}

void policy_spelling(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        const Node* type = policy.value == nullptr ? nullptr : policy.value->find("Type");
        if (type == nullptr || !type->is_string()) return;
        if (const auto meant = meant_by(policy.type, hnsclient::policy_types()); !meant.empty())
            found.add(type->span, "no policy has the type " + in_quotes(policy.type))
                .at("did you mean " + in_quotes(meant) + "?")
                .so("it is handed to HNS as it is, which refuses it or does nothing with it")
                .maybe("write it so", {{type->span, in_quotes(meant)}});
        const auto known = hnsclient::settings_of_type(policy.type);
        if (known.empty()) return;
        for (const Node& setting : policy.settings->children) {
            if (libcni::same_ignoring_case(setting.key, "Type")) continue;
            const auto meant = meant_by(setting.key, known);
            if (meant.empty()) continue;
            found.add(setting.key_span, policy.type + " has no setting " + in_quotes(setting.key))
                .at("did you mean " + in_quotes(meant) + "?")
                .so("the setting that is meant is not there")
                .maybe("rename it", {{setting.key_span, in_quotes(meant)}});
        }
    });
}

void exception_not_cidr(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        for (const Node* text : texts_in(exceptions_of(policy))) {
            if (network_in(*text) || is_placeholder(text->text)) continue;
            const bool is_empty = libcni::trimmed(text->text).empty();
            const bool is_several = text->text.find_first_of(", ;") != std::string::npos;
            auto& finding = found.add(text->span,
                                      is_empty ? "an empty exception"
                                               : in_quotes(text->text) + " is no network");
            finding.at(document.path_of(*text));
            // An empty text instead of a list is no list to the plugin.
            if (is_empty && !document.path_of(*text).ends_with(']'))
                finding.as(Severity::warning)
                    .so("it is passed over: what should be here is missing");
            else
                finding.so("the plugin refuses it");
            if (is_several) finding.advise("write a list of texts: [\"...\", \"...\"]");
        }
    });
}

void exception_host_bits(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        for (const auto& [node, list, cidr] : networks_in(policy))
            if (has_host_bits(cidr)) {
                const std::string meant = in_quotes(cidr.network().to_string());
                found.add(node->span, in_quotes(node->text) + " has host bits")
                    .at("did you mean " + meant + "?")
                    .so("wincni masks them; with the Go plugins Windows Server 2022 refuses the "
                        "endpoint with 0x803b000d")
                    .safe("write " + meant, {{node->span, meant}});
            }
    });
}

void exceptions_mix_families(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        const auto networks = networks_in(policy);
        for (const auto& one : networks)
            if (one.cidr.is_v4() != networks.front().cidr.is_v4()) {
                found.add(one.node->span, "IPv4 and IPv6 in one list of exceptions")
                    .so("wincni makes two policies of it; with the Go plugins HNS refuses it")
                    .advise("write one policy for each family");
                return;
            }
    });
}

void exception_hidden(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        const auto networks = networks_in(policy);
        for (const auto& narrow : networks)
            for (const auto& wide : networks) {
                const bool is_hidden =
                    wide.cidr.network().address() == narrow.cidr.network().address()
                    && wide.cidr.prefix_length() < narrow.cidr.prefix_length();
                if (is_hidden)
                    found
                        .add(narrow.node->span,
                             in_quotes(narrow.node->text) + " is within "
                                 + in_quotes(wide.node->text))
                        .so("nothing: it is exempt already. Windows Server 2019 keeps one of them "
                            "only, "
                            "and wincni sends the wide one")
                        .maybe("remove it", {removal_of(*narrow.list, *narrow.node)});
            }
    });
}

void exceptions_too_wide(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        for (const auto& [node, list, cidr] : networks_in(policy))
            if (cidr.prefix_length() == 0)
                found.add(node->span, in_quotes(node->text) + " exempts everything from NAT")
                    .so("pods send with their own addresses to the outside, and no answer comes "
                        "back")
                    .maybe("remove it", {removal_of(*list, *node)});
    });
}

/// What must not be translated, and how it is called.
struct Wanted {
    Cidr network;
    std::string what;
    std::string option;
};

std::vector<Cidr> exempt_in(const Part& part) {
    std::vector<Cidr> exempt;
    for (const Policy& policy : part.policies)
        for (const auto& one : networks_in(policy))
            exempt.push_back(one.cidr);
    for (const char* key : {"ipMasqNetwork", "ipMasqNetworks"})
        for (const Node* text : texts_in(part.find(key)))
            if (const auto cidr = network_in(*text)) exempt.push_back(*cidr);
    return exempt;
}

const Node* first_exceptions(const Part& part, bool is_v4) {
    for (const Policy& policy : part.policies) {
        const auto networks = networks_in(policy);
        if (!networks.empty() && networks.front().cidr.is_v4() == is_v4)
            return exceptions_of(policy);
    }
    return nullptr;
}

/// True where traffic is translated at all, so that exceptions matter.
void tell_missing(const Part& part, const Wanted& wanted, Findings& found) {
    const auto exempt = exempt_in(part);
    if (std::ranges::any_of(exempt, [&](const Cidr& one) { return holds(one, wanted.network); }))
        return;
    const Node* list = first_exceptions(part, wanted.network.is_v4());
    if (list == nullptr || !list->is_array()) return;
    const std::string text = in_quotes(wanted.network.to_string());
    const Node& last = list->children.back();
    found.add({list->span.offset, 1}, wanted.what + " is not exempt from NAT")
        .at("nothing here holds " + wanted.network.to_string())
        .so("pods reach it from the node's address; answers may not find back")
        .safe("add " + text + " (" + wanted.option + ")", {{{last.span.end(), 0}, ", " + text}});
}

void exceptions_miss_cluster(const Document& document, const Context& context, Findings& found) {
    for (const Part& part : document.parts) {
        // flannel adds its networks itself.
        if (!part.is_windows() || part.outer != nullptr) continue;
        for (const auto& cidr : context.clusters)
            tell_missing(part, {cidr, "the pods' network", "--cluster-cidr"}, found);
    }
}

/// An address of a network that is not public.
bool is_private(const libcni::Address& address) {
    for (const char* text :
         {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"})
        if (Cidr::parse(text)->contains(address)) return true;
    return false;
}

void exceptions_miss_services(const Document& document, const Context& context, Findings& found) {
    for (const Part& part : document.parts) {
        if (!part.is_windows()) continue;
        for (const auto& cidr : context.services)
            tell_missing(part, {cidr, "the service network", "--service-cidr"}, found);
        if (!context.services.empty()) continue;
        for (const auto& server : name_servers_of(part)) {
            const Node* list = first_exceptions(part, server.address.is_v4());
            const auto exempt = exempt_in(part);
            const bool is_exempt = std::ranges::any_of(
                exempt, [&](const Cidr& one) { return one.contains(server.address); });
            if (list == nullptr || is_exempt || !is_private(server.address)) continue;
            found.add({list->span.offset, 1}, "the service network seems not to be exempt from NAT")
                .as(Severity::note)
                .at("nothing here holds " + server.address.to_string())
                .relate(server.node->span, "the DNS service is at this address")
                .so("pods reach services from the node's address; DNS answers may not find back")
                .advise("say --service-cidr to be sure");
        }
    }
}

void exceptions_miss_host(const Document& document, const Context& context, Findings& found) {
    for (const Part& part : document.parts)
        if (part.is_windows())
            for (const auto& cidr : context.nodes)
                tell_missing(part, {cidr, "the nodes' network", "--node-cidr"}, found);
}

/// The member of that name, also when it is null; null where there is none.
const Node* member_of(const Node& object, std::string_view name) {
    for (const Node& child : object.children)
        if (libcni::same_ignoring_case(child.key, name)) return &child;
    return nullptr;
}

void route_without_prefix(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        if (!is_route(policy)) return;
        const Node* prefix = member_of(*policy.settings, "DestinationPrefix");
        const bool is_filled = prefix != nullptr && prefix->kind != Kind::null
                               && (!prefix->is_string() || !libcni::trimmed(prefix->text).empty());
        if (is_filled) return;
        found
            .add(prefix == nullptr ? Span{policy.settings->span.offset, 1} : prefix->span,
                 policy.type + " has no DestinationPrefix")
            .so("the plugin refuses the conf: a variable of a script was empty, most often")
            .advise("write the network that is to be encapsulated");
    });
}

void route_to_services_missing(const Document& document, const Context& context, Findings& found) {
    for (const Part& part : document.parts) {
        if (!part.is_bridge() || part.outer == nullptr) continue;
        for (const auto& service : context.services) {
            const auto reaches = [&](const Policy& policy) {
                const auto prefix =
                    is_route(policy) ? prefix_in(policy.find({"DestinationPrefix"})) : std::nullopt;
                return prefix && holds(*prefix, service);
            };
            if (std::ranges::any_of(part.policies, reaches)) continue;
            found
                .add({part.object->span.offset, 1},
                     "no SDNRoute to the service network " + service.to_string())
                .so("services may not be reached from pods of an l2bridge network")
                .advise(R"(add {"Type": "SDNRoute", "Settings": {"DestinationPrefix": ")"
                        + service.to_string() + R"(", "NeedEncap": true}})");
        }
    }
}

void v1_policy_with_v2(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part& part, const Policy& policy) {
        if (part.api() != "2" || !policy.is_of_v1()) return;
        found
            .add(policy.value->span.offset == 0 ? policy.value->span
                                                : Span{policy.value->span.offset, 1},
                 policy.type + " in the spelling of HNS v1, and apiVersion is 2")
            .so("wincni translates it; the Go plugins send it without its settings, so that all "
                "traffic is translated");
    });
}

void nat_twice(const Document& document, const Context&, Findings& found) {
    for (const Part& part : document.parts) {
        if (!part.is_windows()) continue;
        std::array<const Policy*, 2> first{};
        for (const Policy& policy : part.policies) {
            const auto networks = networks_in(policy);
            if (networks.empty()) continue;
            const Policy*& before = first[networks.front().cidr.is_v4() ? 0 : 1];
            if (before != nullptr)
                found.add({policy.value->span.offset, 1}, "a second OutBoundNAT of the same family")
                    .relate({before->value->span.offset, 1}, "the first one")
                    .so("HNS may heed one of them only")
                    .advise("put the exceptions into one policy");
            else
                before = &policy;
        }
    }
}

void fixed_host_port(const Document& document, const Context&, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        if (!policy.is("NAT", "PortMapping")) return;
        found.add({policy.value->span.offset, 1}, "a port mapping for every pod of the network")
            .so("the second pod fails: the port is in use (0x803b0013)")
            .advise("host ports of pods come from the runtime: capability portMappings");
    });
}

void provider_address(const Document& document, const Context& context, Findings& found) {
    each_policy(document, [&](const Part&, const Policy& policy) {
        if (!policy.is("PA", "ProviderAddress") || context.nodes.empty()) return;
        const Node* node = policy.find({"ProviderAddress", "PA"});
        const auto address = address_in(node);
        const auto holds_it = [&](const Cidr& one) { return one.contains(*address); };
        if (!address || std::ranges::any_of(context.nodes, holds_it)) return;
        found.add(node->span, in_quotes(node->text) + " is not in the nodes' network")
            .so("other nodes send the pods' packets to an address that is not this node's")
            .advise("leave the policy out: the plugin takes the network's own address");
    });
}

constexpr std::array rules{
    Rule{"C401",
         "policy-shape",
         Severity::error,
         policy_shape,
         "An entry of policies without value, or a policy without Type: the plugin refuses it."},
    Rule{"C402",
         "policy-name",
         Severity::warning,
         policy_name,
         "A policy that is not named EndpointPolicy is passed over."},
    Rule{"C403",
         "policy-spelling",
         Severity::warning,
         policy_spelling,
         "A type of policy, or a setting of one, that is nearly a known one."},
    Rule{"C404",
         "exception-not-cidr",
         Severity::error,
         exception_not_cidr,
         "An exception from NAT that is no network, empty, or several in one text. An empty text "
         "instead of a list is a warning."},
    Rule{"C405",
         "exception-host-bits",
         Severity::warning,
         exception_host_bits,
         "172.17.0.1/16 is an address in a network: wincni masks it, with the Go plugins Windows "
         "Server 2022 refuses it."},
    Rule{"C406",
         "exceptions-mix-families",
         Severity::note,
         exceptions_mix_families,
         "IPv4 and IPv6 in one list: wincni makes two policies, the Go plugins do not."},
    Rule{"C407",
         "exception-hidden",
         Severity::note,
         exception_hidden,
         "An exception within another with the same base address; Windows Server 2019 keeps one."},
    Rule{"C408",
         "exceptions-miss-cluster",
         Severity::warning,
         exceptions_miss_cluster,
         "The pods' network (--cluster-cidr) is not exempt from NAT. flannel adds it itself."},
    Rule{"C409",
         "exceptions-miss-services",
         Severity::warning,
         exceptions_miss_services,
         "The service network (--service-cidr) is not exempt from NAT. A note where it is only "
         "deduced "
         "from the DNS server."},
    Rule{"C410",
         "exceptions-miss-host",
         Severity::warning,
         exceptions_miss_host,
         "The nodes' network (--node-cidr) is not exempt from NAT."},
    Rule{"C411",
         "exceptions-too-wide",
         Severity::warning,
         exceptions_too_wide,
         "0.0.0.0/0 or ::/0 among the exceptions: nothing is translated, and no answer finds back "
         "from "
         "outside."},
    Rule{"C412",
         "route-without-prefix",
         Severity::error,
         route_without_prefix,
         "An SDNRoute or ROUTE policy without DestinationPrefix."},
    Rule{"C413",
         "route-to-services-missing",
         Severity::note,
         route_to_services_missing,
         "flannel's host-gw mode without a route to the service network (--service-cidr)."},
    Rule{"C414",
         "v1-policy-with-v2",
         Severity::note,
         v1_policy_with_v2,
         "A policy in the spelling of HNS v1 with apiVersion 2: wincni translates it, the Go "
         "plugins "
         "send it empty."},
    Rule{"C415",
         "nat-twice",
         Severity::note,
         nat_twice,
         "Several OutBoundNAT policies of one family."},
    Rule{"C416",
         "fixed-host-port",
         Severity::warning,
         fixed_host_port,
         "A port mapping in the conf is every pod's, and only the first pod gets it."},
    Rule{"C417",
         "provider-address",
         Severity::warning,
         provider_address,
         "A ProviderAddress that is not in the nodes' network (--node-cidr)."}};

} // namespace

std::span<const Rule> rules_of_policies() noexcept {
    return rules;
}

} // namespace wincni::conf
