// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tools/wincni/conf/document.hpp"
#include "tools/wincni/conf/findings.hpp"

namespace wincni::conf {

/// Tells which findings are to be mended.
using Choice = std::function<bool(const Finding&)>;

/// The document's text after all safe fixes, again and again until there is none. No value where
/// the outcome would be no JSON.
std::optional<std::string>
mended_text(const Document& document, const Context& context, const Choice& choice);

/// What differs between two texts, line by line, as patch(1) takes it; empty for equal ones.
std::string difference(std::string_view before, std::string_view after, const std::string& file);

/// Puts a text into a file's place, whole or not at all; the bytes that were there are in
/// `<file>.bak`. Throws libcni::base::FileError.
void replace_file(const std::string& file, std::string_view bytes_before, std::string_view after);

} // namespace wincni::conf
