// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace wincni::codes {

/// A code of the JSON that a plugin prints when it fails, as docs/errors.md has it.
/// CNI spec 1.1.0, section "Error".
struct CniCode {
    unsigned code;
    std::string_view name;
    std::string_view meaning;
    /// What a person does next.
    std::string_view advice;
};

/// All that our plugins and the spec know, by number.
std::span<const CniCode> cni_codes() noexcept;

} // namespace wincni::codes
