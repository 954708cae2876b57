// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "hnsclient/error.hpp"

// Where this machine's HNS is, for a person.
namespace wincni {

/// Throws Refusal when this machine cannot have an HNS: on Linux, when no folder is named for the
/// emulated one.
void require_hns();

/// What a person does next about a failure: hnsclient::advice_for(), but for what can
/// be wrong with an emulated HNS only.
std::string_view advice_here(const hnsclient::HnsError& error) noexcept;

} // namespace wincni
