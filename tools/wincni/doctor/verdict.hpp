// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tools/wincni/doctor/subject.hpp"

namespace wincni::doctor {

/// What is the matter with a subject.
struct Verdict {
    /// It has all that its kind has.
    bool is_well = false;
    /// In a sentence.
    std::string text = {};
    /// A command, or what to do.
    std::string next = {};
};

Verdict verdict_on(const Facts& facts, const Subject& subject);

} // namespace wincni::doctor
