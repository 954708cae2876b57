// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "tools/wincni/cache_entry.hpp"
#include "tools/wincni/doctor/doctor.hpp"
#include "tools/wincni/doctor/verdict.hpp"
#include "tools/wincni/nearest.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::doctor {

using nlohmann::ordered_json;

namespace {

/// What a person could have meant.
std::vector<std::string> names_in(const std::vector<Subject>& subjects) {
    std::vector<std::string> names;
    for (const Subject& subject : subjects) {
        const std::string pod = pod_of(subject);
        if (!pod.empty()) names.push_back(pod.substr(pod.find('/') + 1));
        if (!subject.container.empty()) names.push_back(subject.container);
        for (const EndpointFacts* one : subject.endpoints)
            names.push_back(one->endpoint->name);
    }
    return names;
}

std::string addresses_text(const Subject& subject) {
    return libcni::joined(
        addresses_of(subject), ", ", [](const auto& address) { return address.to_string(); });
}

Subject require_subject(const Facts& facts, const std::string& reference) {
    const auto all = subjects_of(facts);
    auto found = subjects_called(all, reference);
    if (found.size() == 1) return std::move(found.front());
    const auto asked = "\"" + printable(reference) + "\"";
    if (!found.empty()) {
        const auto each = libcni::joined(found, "; ", [](const Subject& one) {
            const auto addresses = addresses_text(one);
            return printable(name_of(one)) + (addresses.empty() ? "" : ", " + addresses);
        });
        throw Refusal(asked + " may be one of " + std::to_string(found.size()),
                      "choose one by its container or endpoint: " + each);
    }
    const auto nearest = nearest_to(reference, names_in(all));
    throw Refusal("nobody on this node knows " + asked,
                  nearest.empty() ? "it may run on another node, or no ADD was ever done for it: "
                                    "wincni attachments, wincni hns tree"
                                  : "did you mean \"" + printable(nearest) + "\"?");
}

std::string standing_of(const Facts& facts, const hnsclient::Endpoint& endpoint) {
    if (endpoint.is_remote) return "of another node";
    if (facts.is_stale(endpoint)) return "stale";
    return is_unattached(endpoint) ? "in no namespace" : "attached";
}

std::string network_of(const EndpointFacts& one) {
    return one.network == nullptr ? one.endpoint->network_id : one.network->name;
}

std::string text_of(const Facts& facts, const Subject& subject, const Verdict& verdict) {
    Table table;
    table.add({"what", name_of(subject)});
    for (const auto& id : subject.namespaces)
        table.add(
            {"namespace", id + (facts.find_namespace(id) == nullptr ? ", gone" : ", in HNS")});
    for (const EndpointFacts* one : subject.endpoints)
        table.add({"endpoint",
                   one->endpoint->name + ", "
                       + libcni::joined(one->endpoint->addresses,
                                        ", ",
                                        [](const auto& own) { return wincni::text_of(own); })
                       + ", " + standing_of(facts, *one->endpoint) + ", network " + network_of(*one)
                       + ", " + one->endpoint->id});
    for (const Lease* one : subject.leases)
        table.add({"lease", one->address.to_string() + ", " + one->file->path});
    for (const Stored* one : subject.stored)
        table.add({"stored conf", one->file->path});
    for (const Cached* one : subject.cached)
        table.add({"cache", one->file->path});
    table.add({"verdict", verdict.text});
    table.add({"next", verdict.next});
    return table.text();
}

ordered_json endpoints_json(const Facts& facts, const Subject& subject) {
    auto list = ordered_json::array();
    for (const EndpointFacts* one : subject.endpoints) {
        auto json = wincni::to_json(*one->endpoint);
        json["network"] = network_of(*one);
        json["standing"] = standing_of(facts, *one->endpoint);
        list.push_back(std::move(json));
    }
    return list;
}

ordered_json leases_json(const Subject& subject) {
    auto list = ordered_json::array();
    for (const Lease* one : subject.leases)
        list.push_back({{"address", one->address.to_string()},
                        {"network", one->network},
                        {"interface", one->owner ? one->owner->interface_name : ""},
                        {"file", one->file->path}});
    return list;
}

ordered_json cache_json(const Subject& subject) {
    auto list = ordered_json::array();
    for (const Cached* one : subject.cached) {
        std::vector<std::string> addresses;
        for (const auto& own : wincni::addresses_of(one->entry))
            addresses.push_back(own.to_string());
        list.push_back({{"network", one->entry.network},
                        {"interface", one->entry.attached.interface_name},
                        {"netns", one->entry.attached.netns},
                        {"addresses", addresses},
                        {"file", one->file->path}});
    }
    return list;
}

std::string json_of(const Facts& facts, const Subject& subject, const Verdict& verdict) {
    const std::string pod = pod_of(subject);
    auto namespaces = ordered_json::array();
    for (const auto& id : subject.namespaces)
        namespaces.push_back({{"id", id}, {"isThere", facts.find_namespace(id) != nullptr}});
    auto stored = ordered_json::array();
    for (const Stored* one : subject.stored)
        stored.push_back(one->file->path);
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? ordered_json() : ordered_json(text);
    };
    return document({{"pod", text_or_null(pod)},
                     {"containerId", text_or_null(subject.container)},
                     {"namespaces", std::move(namespaces)},
                     {"endpoints", endpoints_json(facts, subject)},
                     {"leases", leases_json(subject)},
                     {"storedConfs", std::move(stored)},
                     {"cache", cache_json(subject)},
                     {"isWell", verdict.is_well},
                     {"verdict", verdict.text},
                     {"next", verdict.next}});
}

} // namespace

Answer why(const WhyOptions& options) {
    const Node node = node_of(options.places, options.from);
    const Facts facts(node);
    const Subject subject = require_subject(facts, options.reference);
    const Verdict verdict = verdict_on(facts, subject);
    return {.out = options.format == Format::json ? json_of(facts, subject, verdict)
                                                  : text_of(facts, subject, verdict),
            .status = verdict.is_well ? done : is_broken};
}

} // namespace wincni::doctor
