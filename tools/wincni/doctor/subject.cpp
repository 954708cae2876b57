// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/doctor/subject.hpp"

#include <algorithm>
#include <functional>

#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/cache_entry.hpp"

namespace wincni::doctor {

namespace {

class Gatherer {
public:
    explicit Gatherer(const Facts& facts) : facts_(facts) {}

    std::vector<Subject> gather() {
        for (const Cached& one : facts_.cached) {
            Subject& subject = of_container(one.entry.attached.container_id);
            subject.cached.push_back(&one);
            add_namespace(subject, one.entry.attached.netns);
        }
        for (const EndpointFacts& one : facts_.endpoints) {
            Subject& subject = one.owner ? of_container(one.owner->container_id) : of_nobody();
            subject.endpoints.push_back(&one);
            add_namespace(subject, one.endpoint->namespace_id);
        }
        for (const Lease& one : facts_.leases) {
            Subject& subject = one.owner ? of_container(one.owner->container_id) : of_nobody();
            subject.leases.push_back(&one);
        }
        for (const Stored& one : facts_.stored)
            of_container(one.sandbox).stored.push_back(&one);
        for (const auto& one : facts_.node.hns.namespaces)
            if (!is_known(one.id)) add_namespace(of_nobody(), one.id);
        return std::move(subjects_);
    }

private:
    Subject& of_container(const std::string& id) {
        const auto found = std::ranges::find(subjects_, id, &Subject::container);
        if (found != subjects_.end()) return *found;
        subjects_.push_back({.container = id});
        return subjects_.back();
    }

    Subject& of_nobody() { return subjects_.emplace_back(); }

    static bool has(const Subject& subject, const std::string& id) {
        return std::ranges::any_of(subject.namespaces, [&](const std::string& other) {
            return hnsclient::same_guid(other, id);
        });
    }

    static void add_namespace(Subject& subject, const std::string& id) {
        if (hnsclient::parse_guid(id) && !has(subject, id)) subject.namespaces.push_back(id);
    }

    [[nodiscard]] bool is_known(const std::string& id) const {
        return std::ranges::any_of(subjects_, [&](const Subject& one) { return has(one, id); });
    }

    const Facts& facts_;
    std::vector<Subject> subjects_;
};

/// The names of a pod: with its namespace, and alone.
bool is_pod_called(const Subject& subject, const std::string& reference) {
    return std::ranges::any_of(subject.cached, [&](const Cached* one) {
        return reference == wincni::pod_of(one->entry)
               || reference == arg_of(one->entry.attached, "K8S_POD_NAME");
    });
}

bool is_called(const Subject& subject, const std::string& reference) {
    if (subject.container == reference || is_pod_called(subject, reference)) return true;
    const auto address = libcni::parse_address(reference);
    const auto addresses = addresses_of(subject);
    if (address && std::ranges::find(addresses, *address) != addresses.end()) return true;
    for (const auto& id : subject.namespaces)
        if (hnsclient::same_guid(id, reference)) return true;
    return std::ranges::any_of(subject.endpoints, [&](const EndpointFacts* one) {
        return one->endpoint->name == reference
               || hnsclient::same_guid(one->endpoint->id, reference);
    });
}

bool begins_so(std::string_view id, std::string_view beginning) {
    return libcni::same_ignoring_case(id.substr(0, beginning.size()), beginning);
}

bool may_be_called(const Subject& subject, const std::string& beginning) {
    if (begins_so(subject.container, beginning)) return true;
    for (const auto& id : subject.namespaces)
        if (begins_so(id, beginning)) return true;
    return std::ranges::any_of(subject.endpoints, [&](const EndpointFacts* one) {
        return begins_so(one->endpoint->id, beginning);
    });
}

void add_once(std::vector<libcni::Address>& addresses, const libcni::Address& address) {
    if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
}

} // namespace

std::vector<Subject> subjects_of(const Facts& facts) {
    return Gatherer(facts).gather();
}

std::vector<Subject> subjects_called(const std::vector<Subject>& all,
                                     const std::string& reference) {
    std::vector<Subject> found;
    if (reference.empty()) return found;
    const auto take = [&](bool (*matches)(const Subject&, const std::string&)) {
        std::ranges::copy_if(all, std::back_inserter(found), [&](const Subject& one) {
            return matches(one, reference);
        });
    };
    take(is_called);
    if (found.empty()) take(may_be_called);
    return found;
}

std::string pod_of(const Subject& subject) {
    for (const Cached* one : subject.cached)
        if (auto pod = wincni::pod_of(one->entry); !pod.empty()) return pod;
    return "";
}

std::string name_of(const Subject& subject) {
    const std::string pod = pod_of(subject);
    if (!pod.empty()) return "pod " + pod + " (container " + subject.container + ")";
    if (!subject.container.empty()) return "container " + subject.container;
    if (!subject.endpoints.empty()) {
        const auto& endpoint = *subject.endpoints.front()->endpoint;
        return "endpoint " + endpoint.name + " (" + endpoint.id + ")";
    }
    if (!subject.leases.empty())
        return "the lease of " + subject.leases.front()->address.to_string();
    return "namespace " + subject.namespaces.front();
}

std::vector<libcni::Address> addresses_of(const Subject& subject) {
    std::vector<libcni::Address> addresses;
    for (const EndpointFacts* one : subject.endpoints)
        for (const auto& own : one->endpoint->addresses)
            add_once(addresses, own.address);
    for (const Lease* one : subject.leases)
        add_once(addresses, one->address);
    for (const Cached* one : subject.cached)
        for (const auto& own : wincni::addresses_of(one->entry))
            add_once(addresses, own.address());
    return addresses;
}

} // namespace wincni::doctor
