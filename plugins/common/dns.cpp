// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/dns.hpp"

#include "plugins/common/values.hpp"

namespace plugins {

using libcni::Dns;
using libcni::JsonReader;

namespace {

void take_unless_empty(std::vector<std::string>& into, std::vector<std::string> from) {
    if (!from.empty()) into = std::move(from);
}

/// The conf's own, whose values are an author's.
Dns read_dns(const JsonReader& key) {
    Dns dns = libcni::decode_dns(key);
    if (const auto servers = key.find("nameservers"))
        dns.nameservers = read_addresses(texts_in(*servers));
    if (const auto search = key.find("search")) dns.search = read_words(texts_in(*search));
    if (const auto domain = key.find("domain")) require_filled_in(*domain);
    return dns;
}

bool wants_namespace(const JsonReader& conf) {
    const auto key = conf.find("appendNamespaceToSearch");
    return key && key->boolean();
}

void put_namespace_first(Dns& dns, const std::string& pod_namespace) {
    if (dns.search.size() != 1 || pod_namespace.empty()) return;
    const std::string& suffix = dns.search.front();
    // A suffix that names a namespace already ("default.svc.cluster.local") is not one of a
    // cluster.
    if (!suffix.starts_with("svc.")) return;
    dns.search.insert(dns.search.begin(), pod_namespace + "." + suffix);
}

} // namespace

Dns effective_dns(const libcni::Request& request) {
    const JsonReader conf = request.conf.reader();
    Dns dns;
    if (const auto key = conf.find("dns")) dns = read_dns(*key);
    std::optional<JsonReader> runtime;
    if (const auto key = conf.find("runtimeConfig")) runtime = key->find("dns");
    const bool searches_given = runtime && !runtime->texts_or_none("searches").empty();
    if (runtime) {
        if (const auto key = runtime->find("servers"))
            take_unless_empty(dns.nameservers, read_addresses(filled_texts_in(*key)));
        if (const auto key = runtime->find("searches"))
            take_unless_empty(dns.search, read_words(filled_texts_in(*key)));
        take_unless_empty(dns.options, runtime->texts_or_none("options"));
    }
    if (!searches_given && wants_namespace(conf))
        put_namespace_first(dns, request.args.get("K8S_POD_NAMESPACE"));
    return dns;
}

} // namespace plugins
