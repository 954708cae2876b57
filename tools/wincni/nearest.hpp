// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace wincni {

/// What was most likely meant by a word that nobody knows; empty where nothing is near, or the word
/// is known.
std::string nearest_to(const std::string& word, const std::vector<std::string>& known);

} // namespace wincni
