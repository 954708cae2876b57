// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "hnsclient/error.hpp"

namespace hnsclient {

/// What a person does next about a failure of that kind, in plugins' errors and in the tool's: the
/// one table of it. A clause without a full stop.
std::string_view advice_for(ErrorKind kind) noexcept;

/// The same for one failure: some codes have advice of their own, the others that of their kind.
std::string_view advice_for(api::HResult code) noexcept;

} // namespace hnsclient
