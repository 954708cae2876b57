// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hnsclient/api.hpp"

namespace hnsclient {

/// UTF-16 as UTF-8. Total: a surrogate without its partner becomes U+FFFD.
std::string to_utf8(std::u16string_view text);

/// UTF-8 as UTF-16. Total: what is not UTF-8 (overlong, cut short, a surrogate, above U+10FFFF)
/// becomes U+FFFD, one for each longest run that could have begun a character, as in browsers.
std::u16string to_utf16(std::string_view text);

/// Either case, with or without braces; nothing else around it.
std::optional<api::Guid> parse_guid(std::string_view text);

/// Upper case without braces, as HNS writes it: "E0000000-FA4E-4000-A000-000000000001".
std::string to_text(const api::Guid& guid);

/// A new random GUID (version 4).
api::Guid random_guid();

/// True when both are GUIDs and the same one; text that is no GUID is the same as nothing.
bool same_guid(std::string_view a, std::string_view b);

} // namespace hnsclient
