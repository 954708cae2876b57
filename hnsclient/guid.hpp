// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hnsclient/api.hpp"

namespace hnsclient {

/// Either case, with or without braces; nothing else around it.
std::optional<api::Guid> parse_guid(std::string_view text);

/// Upper case without braces, as HNS writes it: "E0000000-FA4E-4000-A000-000000000001".
std::string to_text(const api::Guid& guid);

/// A new random GUID (version 4).
api::Guid random_guid();

/// True when both are GUIDs and the same one; text that is not a GUID equals nothing.
bool same_guid(std::string_view a, std::string_view b);

/// The GUID (version 5, RFC 9562) that stands for this name, the same each time, as to_text()
/// writes it: the ID of an object that must be found again without a list of who has which.
std::string id_of_name(std::string_view name);

/// True for a GUID of the kind that id_of_name() makes, whatever its name.
bool is_id_of_name(std::string_view id);

/// A new random GUID (version 4) as to_text() writes it: the ID of an object that is to be made.
std::string new_id();

} // namespace hnsclient
