// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hnsclient/policy.hpp"
#include "libcni/json_reader.hpp"

// Limits of a pod's traffic that a runtime asks for (capability "bandwidth").
// https://www.cni.dev/docs/conventions/
namespace plugins {

/// The limit of what the pod sends, in bytes a second, as `runtimeConfig.bandwidth` has it in bits
/// (`egressRate`); no value for no limit. HNS cannot limit what a pod receives, so `ingressRate` is
/// a warning, and has no bursts. Throws libcni::Error (code 7) for values that make no sense.
std::optional<std::uint64_t> read_egress_limit(const libcni::JsonReader& conf);

/// Limits what the pod sends by its QOS policies: one that the author wrote stays where it is the
/// lower limit. Throws libcni::Error (code 7) for an author's limit that is not a number.
void limit_egress(std::vector<hnsclient::Policy>& policies, std::uint64_t bytes_a_second);

/// The lowest limit among the QOS policies, in bytes a second; no value for no limit.
std::optional<std::uint64_t> egress_limit_in(const std::vector<hnsclient::Policy>& policies);

} // namespace plugins
