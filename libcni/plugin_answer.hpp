// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "libcni/child_process.hpp"
#include "libcni/error.hpp"
#include "libcni/result.hpp"

namespace libcni {

/// "ended with exit code 2", "was killed by signal 9"
std::string end_of(const Ended& answer);

/// The error that a plugin which failed has printed, with its own code; Error(delegate_failure)
/// that shows the output where it is no CNI error. Throws BadShape for one of a wrong shape.
Error error_in(const Ended& answer);

/// A result, and the version of the spec that it is written in.
struct VersionedResult {
    SpecVersion version = SpecVersion::v0_1_0;
    Result result = {};

    friend bool operator==(const VersionedResult&, const VersionedResult&) = default;
};

/// What an ADD that ended with exit code 0 has printed, in `assumed` where it names no version.
/// Throws Error: the plugin's own when it printed one all the same, delegate_failure for what is no
/// JSON object; BadShape.
VersionedResult result_in(const Ended& answer, SpecVersion assumed);

/// A result as JSON, in `assumed` where it names no version. Throws BadShape.
VersionedResult versioned_result(const JsonReader& json, SpecVersion assumed);

} // namespace libcni
