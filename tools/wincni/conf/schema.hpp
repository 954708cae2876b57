// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "libcni/key_catalogue.hpp"

namespace wincni::conf {

/// The names of the plugins that read a key.
std::vector<std::string> readers_of(const libcni::KeyFacts& key);

/// The JSON Schema (draft-07) of confs and lists of plugins, for editors: each key of the
/// catalogue with its kind, default and meaning. What plugins take it takes; a key that is not in
/// it is no fault, since other plugins have theirs.
std::string schema();

} // namespace wincni::conf
