// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/answer.hpp"

namespace wincni::codes {

struct CodeOptions {
    /// Each an HRESULT in hex or decimal, a name ("HCN_E_INVALID_POLICY", or part of one), a code
    /// of a CNI error, a rule of lint, or a message that holds any of them.
    std::vector<std::string> texts;
    Format format = Format::text;
};

/// `wincni code`: what each means, why it happens and what to do; reads nothing but its tables.
/// Throws Refusal for a text in which it finds no code.
Answer explain(const CodeOptions& options);

} // namespace wincni::codes
