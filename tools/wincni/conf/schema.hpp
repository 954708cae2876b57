// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace wincni::conf {

/// The JSON Schema (draft-07) of confs and lists of plugins, for editors: each key of the
/// catalogue with its kind, default and meaning. What plugins take it takes; a key that is not in
/// it is no fault, since other plugins have theirs.
std::string schema();

} // namespace wincni::conf
