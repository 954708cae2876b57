// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/answer.hpp"
#include "tools/wincni/doctor/node.hpp"

// `wincni doctor` and `wincni why`: what is wrong with a node, and with one pod.
namespace wincni::doctor {

/// Beside those of wincni::Status: something is broken, or only to be warned of.
constexpr int is_broken = 3;
constexpr int has_warnings = 4;

struct DoctorOptions {
    Places places = {};
    /// Gets the node, to be looked at elsewhere.
    std::string save = {};
    /// A saved node, which is looked at instead of this one.
    std::string from = {};
    /// IDs or names of checks; empty for all.
    std::vector<std::string> only = {};
    std::vector<std::string> skip = {};
    Format format = Format::text;
};

/// Status 0: healthy, notes allowed; 1: the node cannot be looked at; 2: options that make no
/// sense; is_broken; has_warnings. Throws Refusal.
Answer doctor(const DoctorOptions& options);

/// The table of checks.
std::string list_of_checks(Format format);

struct WhyOptions {
    Places places = {};
    std::string from = {};
    /// A pod ("web", "default/web"), a container, an address, an endpoint or a namespace; of IDs
    /// as much as is unique.
    std::string reference = {};
    Format format = Format::text;
};

/// Status 0: it has all that a pod has; is_broken: it lacks something. Throws Refusal for what
/// nobody knows, and for what may be several.
Answer why(const WhyOptions& options);

/// The node that these options mean. Throws Refusal.
Node node_of(const Places& places, const std::string& from);

} // namespace wincni::doctor
