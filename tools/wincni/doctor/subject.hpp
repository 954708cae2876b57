// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/doctor/facts.hpp"

namespace wincni::doctor {

/// All that a node knows of one container, on whatever networks; or an endpoint, lease or namespace
/// that is no container's. Points into the facts.
struct Subject {
    /// Empty where it is no container's.
    std::string container = {};
    std::vector<const Cached*> cached = {};
    std::vector<const Stored*> stored = {};
    std::vector<const Lease*> leases = {};
    std::vector<const EndpointFacts*> endpoints = {};
    /// The IDs of its namespaces, as whoever spoke of them spells them.
    std::vector<std::string> namespaces = {};
};

/// Everything that anybody on the node speaks of.
std::vector<Subject> subjects_of(const Facts& facts);

/// Those that a person may mean by a pod's name, a container, an address, an endpoint or a
/// namespace; where nothing is called so, those whose ID begins so.
std::vector<Subject> subjects_called(const std::vector<Subject>& all, const std::string& reference);

/// "default/web"; empty where the runtime has not said.
std::string pod_of(const Subject& subject);

/// "pod default/web (container c3f1a9d0)", or what it is.
std::string name_of(const Subject& subject);

/// All addresses that somebody knows of it, each once.
std::vector<libcni::Address> addresses_of(const Subject& subject);

} // namespace wincni::doctor
