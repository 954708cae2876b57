// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Where this machine's HNS is, for a person.
namespace wincni {

/// Throws Refusal when this machine cannot have an HNS: on Linux, when no folder is named for the
/// emulated one.
void require_hns();

/// What to do when HNS does not answer.
std::string_view advice_when_hns_is_down() noexcept;

} // namespace wincni
