// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/wincni/answer.hpp"
#include "tools/wincni/conf/document.hpp"
#include "tools/wincni/conf/findings.hpp"

namespace wincni::conf {

/// `wincni conf lint`.
struct LintOptions {
    /// Files, folders and "-" for stdin.
    std::vector<std::string> files = {};
    std::vector<std::string> clusters = {};
    std::vector<std::string> services = {};
    std::vector<std::string> nodes = {};
    std::string runtime = {};
    Severity fail_on = Severity::error;
    /// IDs or names of rules; empty for all.
    std::vector<std::string> only = {};
    std::vector<std::string> skip = {};
    bool notes = false;
    bool json = false;
    /// Mend what can be mended safely.
    bool fix = false;
    /// Show what --fix would change, and write nothing.
    bool diff = false;
};

/// Status 0: nothing at `fail_on`; 1: a file cannot be read; 2: options
/// that make no sense; 3: findings.
Answer lint(const LintOptions& options);

/// The table of rules.
std::string list_of_rules(bool json);

} // namespace wincni::conf
