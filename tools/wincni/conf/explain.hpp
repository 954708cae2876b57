// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tools/wincni/answer.hpp"

namespace wincni::conf {

/// `wincni conf explain`.
struct ExplainOptions {
    /// A conf, or "-" for stdin; may be empty beside `key`.
    std::string file;
    /// "1", "2" or "both"; empty for what the conf says.
    std::string api = {};
    /// Asks HNS, host-local's leases and the folders of plugins of this node.
    bool live = false;
    /// The path of a key to be explained instead: "delegate.ipMasq".
    std::string key = {};
    bool json = false;
};

/// What the conf would do. Status 1: the plugin refuses it, or the file cannot be read; 2: no such
/// key; 3: lint finds errors in it, which are on stderr. Throws Refusal, HnsError.
Answer explain(const ExplainOptions& options);

} // namespace wincni::conf
