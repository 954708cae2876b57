// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace libcni {

/// UTF-16 as UTF-8. Total: a surrogate without its partner becomes U+FFFD.
std::string to_utf8(std::u16string_view text);

/// UTF-8 as UTF-16. Total: what is not UTF-8 (overlong, cut short, a surrogate, above U+10FFFF)
/// becomes U+FFFD, one for each longest run that could have begun a character, as in browsers.
std::u16string to_utf16(std::string_view text);

} // namespace libcni
