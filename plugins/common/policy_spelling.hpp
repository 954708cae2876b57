// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "libcni/json_reader.hpp"

namespace plugins {

/// Warns of what is misspelt in a policy and would be lost or handed to HNS as it is: its type, its
/// settings, and "Settings" itself; also of settings beside "Settings", which nobody reads there.
/// Nothing for a setting that is not nearly one of those that we know: HNS may know more. Throws
/// nothing for a value of any shape.
void warn_of_misspellings(const libcni::JsonReader& policy);

} // namespace plugins
