// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tools/wincni/answer.hpp"
#include "tools/wincni/conf/document.hpp"

namespace wincni::conf {

/// What a key of confs means, as `kubectl explain` does of fields: type, default, who reads it, and
/// the keys below it. A key of flannel's delegate is one of the delegate's plugin. With a document
/// also what it says there. Status 2 for a key that nobody reads.
Answer explain_key(const std::string& path, const Document* document, bool as_json);

} // namespace wincni::conf
